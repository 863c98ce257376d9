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

    private HostPlace(RunFolders made, StateFolders folders)
    {
        _folders = made;
        State = folders with { State = made.Top };
        Lane = new LaneFolders(Path.Combine(State.Work, "lane"));
    }

    /// <summary>The folders, of which the state folder is this place.</summary>
    internal StateFolders State { get; }

    /// <summary>A lane as a run would have it, with nothing in its workspace.</summary>
    internal LaneFolders Lane { get; }

    /// <summary>The folder itself, which no sandbox sees.</summary>
    internal string Top => _folders.Top;

    /// <summary>What exists already of the folder in which runs would keep their things, whatever it is.</summary>
    internal static string Around(StateFolders folders)
    {
        var at = folders.Work;
        while (!Path.Exists(at) && Path.GetDirectoryName(at) is { } parent)
        {
            at = parent;
        }

        return FileSystemCalls.RealPath(at) ?? at;
    }

    /// <summary>Makes it.</summary>
    /// <param name="folders">Where runs would keep their things.</param>
    /// <param name="user">The sandbox's user; null for the ordinary user who asks.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <param name="refusal">Why it could not be made; empty where it could.</param>
    /// <returns>Null where it could not be made.</returns>
    internal static HostPlace? TryMake(StateFolders folders, long? user, CancellationToken interrupt, out string refusal)
    {
        _ = TaskId.TryParse("doctor", out var task);
        HostPlace? place = null;
        try
        {
            place = new HostPlace(RunFolders.Of(Around(folders), RunId.New(TimeProvider.System.GetUtcNow(), task, Environment.ProcessId)), folders);
            place.Make(user);
            interrupt.ThrowIfCancellationRequested();
            (var made, place, refusal) = (place, null, "");
            return made;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or MachineException)
        {
            refusal = refused.Message;
            return null;
        }
        finally
        {
            place?.Dispose();
        }
    }

    private void Make(long? user)
    {
        _folders.Make();
        LaneSandbox.MakeState(State);
        Lane.MakeEmpty(user);
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
