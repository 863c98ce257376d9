using CtoHarness.Core.Contracts;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Hosts;

/// <summary>A state folder for one look at the machine, where runs would keep theirs. Nothing of it stays.</summary>
internal sealed class HostPlace : IDisposable
{
    private readonly RunFolders _folders;

    private HostPlace(RunFolders folders, StateFolders state)
    {
        _folders = folders;
        State = state;
        Lane = new LaneFolders(Path.Combine(state.Work, "lane"));
    }

    /// <summary>The folders, of which the state folder is this place.</summary>
    internal StateFolders State { get; }

    /// <summary>A lane as a run would have it, with nothing in its workspace.</summary>
    internal LaneFolders Lane { get; }

    /// <summary>The folder itself, which no sandbox sees.</summary>
    internal string Top => _folders.Top;

    /// <summary>The folder that exists already and in which runs would keep their things.</summary>
    internal static string Around(StateFolders folders)
    {
        var at = folders.Work;
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } parent)
        {
            at = parent;
        }

        return FileSystemCalls.RealPath(at) ?? at;
    }

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    /// <exception cref="MachineException">It cannot be made.</exception>
    internal static HostPlace Make(StateFolders folders, long? user, CancellationToken interrupt)
    {
        _ = TaskId.TryParse("doctor", out var task);
#pragma warning disable CA2000 // the place removes it in the end
        var made = RunFolders.Of(Around(folders), RunId.New(TimeProvider.System.GetUtcNow(), task, Environment.ProcessId));
#pragma warning restore CA2000
        var place = new HostPlace(made, folders with { State = made.Top });
        try
        {
            made.Make();
            LaneSandbox.MakeState(place.State);
            var empty = Path.Combine(made.Top, "empty");
            Directory.CreateDirectory(empty);
            place.Lane.Make(user, empty, null, interrupt);
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folders.IsMade)
        {
            _ = Scratch.Remove(Top);
        }

        _folders.Dispose();
    }
}
