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
    private const string Task = "doctor";
    private const int LeastChance = 20; // digits: fewer are as good as impossible

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

    /// <summary>Folders in which a look may have left its place when its process was ended before its time: the state folder, as far as it was there, and those around it.</summary>
    /// <remarks>Not a folder in which everybody may make such names. What stands among scratch folders is found there.</remarks>
    internal static IEnumerable<string> Surroundings(StateFolders folders)
    {
        for (var at = folders.State; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(at) && (File.GetUnixFileMode(at) & UnixFileMode.OtherWrite) == 0 && CanList(at))
            {
                yield return at;
            }
        }
    }

    /// <summary>Whether a name is that of such a place: behind the name of a run stands a number that no bundle has.</summary>
    internal static bool IsPlace(string name) =>
        RunId.TryParse(name, out _) && name.Contains($"Z-{Task}-", StringComparison.Ordinal) && name.Length - name.LastIndexOf('-') > LeastChance;

    private static bool CanList(string folder)
    {
        try
        {
            FileSystemCalls.OpenFolder(folder).Dispose();
            return true;
        }
        catch (MachineException)
        {
            return false;
        }
    }

    /// <summary>Makes it.</summary>
    /// <param name="folders">Where runs would keep their things.</param>
    /// <param name="user">The sandbox's user; null for the ordinary user who asks.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <param name="refusal">Why it could not be made; empty where it could.</param>
    /// <returns>Null where it could not be made.</returns>
    internal static HostPlace? TryMake(StateFolders folders, long? user, CancellationToken interrupt, out string refusal)
    {
        _ = TaskId.TryParse(Task, out var task);
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
