using System.Globalization;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>The process namespace of one sandbox, seen from outside: it ends it, and knows when all its processes are gone.</summary>
internal sealed class PidNamespace
{
    private readonly string _startTime;
    private readonly string? _link;

    private PidNamespace(int first, string startTime, string? link)
    {
        First = first;
        _startTime = startTime;
        _link = link;
    }

    /// <summary>The number of its first process, on this machine.</summary>
    internal int First { get; }

    /// <summary>Whether its first process is gone, with every thread; the kernel lets that one go last.</summary>
    internal bool IsGone => StartTime(Folder(First)) != _startTime || !Lives(First);

    /// <summary>Looks at the namespace of a process that was just started.</summary>
    internal static PidNamespace Of(int first) => new(first, StartTime(Folder(first)), Link(Folder(first)));

    /// <summary>Ends all its processes: killing the first one does. What bubblewrap says of its own end is not relied on, since a backend can reach it.</summary>
    internal void Kill()
    {
        if (!IsGone)
        {
            ProcessCalls.Signal(First, ProcessCalls.Kill);
        }
    }

    /// <summary>Counts the processes that are still in it, also those whose first thread has ended.</summary>
    /// <returns>The number, or null where the machine does not say.</returns>
    internal int? Count()
    {
        if (_link is null)
        {
            return IsGone ? 0 : null;
        }

        return Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Count(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Threads(id).Any(thread => Link(thread) == _link && IsAlive(thread)));
    }

    private static bool Lives(int process) => Threads(process).Any(IsAlive);

    private static string[] Threads(int process)
    {
        try
        {
            return Directory.GetDirectories(Folder(process) + "/task");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Folder(int process) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");

    private static string? Link(string folder)
    {
        try
        {
            return File.ResolveLinkTarget(folder + "/ns/pid", false)?.Name;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A thread that is dead and only waiting to be collected does nothing any more.
    private static bool IsAlive(string folder) => Stat(folder) is [not ("Z" or "X"), ..];

    private static string StartTime(string folder) => Stat(folder) is { Length: > 19 } fields ? fields[19] : "";

    // The fields behind the name, which may itself hold blanks and brackets.
    private static string[] Stat(string folder)
    {
        try
        {
            var stat = File.ReadAllText(folder + "/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return [];
        }
    }
}
