using System.Globalization;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>The process namespace of one sandbox, seen from outside: it knows when all its processes are gone.</summary>
internal sealed class PidNamespace
{
    private readonly int _first;
    private readonly string _startTime;
    private readonly string? _link;

    private PidNamespace(int first, string startTime, string? link)
    {
        _first = first;
        _startTime = startTime;
        _link = link;
    }

    /// <summary>The number of its first process, on this machine.</summary>
    internal int First => _first;

    /// <summary>Looks at the namespace of a process that was just started.</summary>
    internal static PidNamespace Of(int first) => new(first, StartTime(first), Link(first));

    /// <summary>Whether its first process is gone; the kernel lets that one go last.</summary>
    internal bool IsGone => StartTime(_first) is var now && (now.Length == 0 || now != _startTime);

    /// <summary>Counts the processes that are still in it.</summary>
    /// <returns>The number, or null where the machine does not say.</returns>
    internal int? Count()
    {
        if (IsGone)
        {
            return 0;
        }

        return _link is null
            ? null
            : Directory.EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Count(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                    && Link(id) == _link && StartTime(id).Length > 0);
    }

    private static string? Link(int process)
    {
        try
        {
            return File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/pid"), false)?.Name;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Empty for a process that is gone, or dead and only waiting to be collected.
    private static string StartTime(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? "" : fields[19];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return "";
        }
    }
}
