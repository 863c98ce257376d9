using System.Collections.Immutable;

namespace CtoHarness.Core.Observation;

/// <summary>Questions about absolute paths that need no machine to answer.</summary>
public static class PathPlaces
{
    /// <summary>What every sandbox shows of a system.</summary>
    public static ImmutableArray<string> OfTheSystem { get; } =
        ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/tmp", "/var/tmp", "/dev", "/proc", "/sys"];

    /// <summary>Names that a root folder has on one machine or another.</summary>
    public static ImmutableArray<string> WellKnownTops { get; } =
        ["home", "root", "srv", "opt", "mnt", "media", "var", "run", "boot", "usr", "etc", "tmp", "Users", "Volumes"];

    /// <summary>A path without double slashes, <c>.</c> and <c>..</c>, as nobody's links were.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>An absolute path.</returns>
    public static string Normal(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal) && !path.EndsWith('/'))
        {
            return path;
        }

        var names = new List<string>();
        foreach (var name in path.Split('/'))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name is not ("" or "."))
            {
                names.Add(name);
            }
        }

        return "/" + string.Join('/', names);
    }

    /// <summary>Whether a path is a place or lies below it.</summary>
    /// <param name="path">An absolute path as <see cref="Normal"/> gives it.</param>
    /// <param name="place">Another.</param>
    /// <returns>True where it does.</returns>
    public static bool IsAt(string path, string place)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(place);
        return path.StartsWith(place, StringComparison.Ordinal) && (path.Length == place.Length || path[place.Length] == '/' || place == "/");
    }

    /// <summary>Whether prose or code most likely means a path of a machine: not a comment, a pattern or the path of an address.</summary>
    /// <param name="path">An absolute path as it is written.</param>
    /// <param name="tops">Names that stand in the machine's root folder.</param>
    /// <returns>True where it does.</returns>
    public static bool IsLikely(string path, ImmutableHashSet<string> tops)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tops);
        var names = path.Split('/');
        return names.Length > 2 && names[1].Length > 0 && names[2].Length > 0 && (WellKnownTops.Contains(names[1]) || tops.Contains(names[1]));
    }
}
