using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>A folder below which control groups are made.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Controllers">What is bounded there: pids, memory or both.</param>
/// <param name="Version">The version of control groups, which have other names for the same files.</param>
internal sealed record ControlGroupPlace(string Folder, ImmutableArray<string> Controllers, int Version)
{
    private const string Pids = "pids";
    private const string Memory = "memory";

    /// <summary>Where groups could be made: sets of places that together bound processes and memory, the newest version first.</summary>
    /// <param name="mounts">The lines of /proc/self/mountinfo.</param>
    /// <param name="own">The lines of /proc/self/cgroup: the groups of this process, below which others are made.</param>
    internal static IEnumerable<ImmutableArray<ControlGroupPlace>> Find(IEnumerable<string> mounts, IEnumerable<string> own)
    {
        var all = mounts.Select(Mount).Where(mount => mount.Type.Length > 0).ToList();
        var groups = own.Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToList();
        foreach (var unified in all.Where(mount => mount.Type == "cgroup2"))
        {
            // Of version 2 only the top: below it, no group that holds processes may give controllers to others.
            var given = Text(Path.Combine(unified.Place, "cgroup.subtree_control")).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (given.Contains(Pids) && given.Contains(Memory))
            {
                yield return [new ControlGroupPlace(unified.Place, [Pids, Memory], 2)];
            }
        }

        ControlGroupPlace?[] first = [First(Pids), First(Memory)];
        if (first is [{ } pids, { } memory])
        {
            yield return [pids, memory];
        }

        ControlGroupPlace? First(string controller) =>
            all.Where(mount => mount.Type == "cgroup" && mount.Options.Contains(controller))
                .Select(mount => groups.FirstOrDefault(parts => parts[1].Split(',').Contains(controller)) is { } mine && Below(mine[2], mount.Root) is { } path
                    ? new ControlGroupPlace(mount.Place + path, [controller], 1) : null)
                .FirstOrDefault(place => place is not null);
    }

    /// <summary>Sets the limits of a group.</summary>
    /// <exception cref="IOException">The kernel refused one.</exception>
    internal void Limit(string folder, Limits limits)
    {
        if (Controllers.Contains(Pids))
        {
            Write(folder, "pids.max", limits.Processes);
        }

        if (Controllers.Contains(Memory))
        {
            Write(folder, Version == 2 ? "memory.max" : "memory.limit_in_bytes", limits.AddressSpaceBytes);
        }
    }

    /// <summary>How many programs of a group the kernel has ended for want of memory.</summary>
    internal long EndedIn(string folder) => Controllers.Contains(Memory)
        ? Text(Path.Combine(folder, Version == 2 ? "memory.events" : "memory.oom_control")).Split('\n')
            .Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
            .Select(line => long.TryParse(line[9..], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0).Sum()
        : 0;

    private static void Write(string folder, string name, long value) => File.WriteAllText(Path.Combine(folder, name), value.ToString(CultureInfo.InvariantCulture));

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // What a mount shows may be a part of all groups.
    private static string? Below(string path, string root) =>
        root == "/" ? (path == "/" ? "" : path)
        : path == root ? ""
        : path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..]
        : null;

    // id parent device root place options … - type source options
    private static (string Type, string Root, string Place, string[] Options) Mount(string line)
    {
        var words = line.Split(' ');
        var dash = Array.IndexOf(words, "-");
        return dash > 5 && words.Length > dash + 3 && words[dash + 1] is "cgroup" or "cgroup2"
            ? (words[dash + 1], words[3], words[4], words[dash + 3].Split(','))
            : ("", "", "", []);
    }
}
