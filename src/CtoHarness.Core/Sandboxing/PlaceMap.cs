using System.Collections.Immutable;
using CtoHarness.Core.Observation;

namespace CtoHarness.Core.Sandboxing;

/// <summary>Says what a path inside a sandbox belongs to: the allowed roots, or something outside of them.</summary>
/// <param name="Roots">Folders and files that may be changed.</param>
/// <param name="Places">Places with a class of their own; what is of the class <see cref="AttemptClass.Outside"/> may be read.</param>
public sealed record PlaceMap(ImmutableArray<string> Roots, ImmutableArray<(string Path, AttemptClass Class)> Places)
{
    private static readonly ImmutableArray<string> OwnAttributes =
        ["comm", "oom_score_adj", "coredump_filter", "timerslack_ns", "autogroup", "loginuid"];

    private static readonly ImmutableArray<string> UserFolders = ["/run/userdb", "/run/host/userdb", "/run/systemd/userdb"];

    /// <summary>Whether a path lies in one of the roots, and in no other place that lies deeper.</summary>
    /// <param name="path">A resolved absolute path.</param>
    public bool IsInside(string path) => Longest(Roots, path) is { } root && (Nearest(path, writes: true) is not { } place || place.Path.Length <= root.Length);

    /// <summary>What a path outside the roots belongs to.</summary>
    /// <param name="path">A resolved absolute path.</param>
    /// <param name="writes">Whether it was to be changed.</param>
    public AttemptClass ClassOf(string path, bool writes)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Nearest(path, writes) is { } place ? (!writes && place is { Class: AttemptClass.Hidden, Path: "/run" } && IsUserLookup(path) ? AttemptClass.Noise : place.Class)
            : writes && IsNoise(path) ? AttemptClass.Noise
            : AttemptClass.Outside;
    }

    /// <summary>What a path outside the roots belongs to that is moved with all that lies in it: the weightiest of the places there, where it lies in none.</summary>
    /// <param name="path">A resolved absolute path.</param>
    public AttemptClass ClassOfWhole(string path) => ClassOf(path, writes: true) is var own && own != AttemptClass.Outside ? own
        : Places.Where(place => PathPlaces.IsAt(place.Path, path)).Select(place => place.Class).Append(own).MaxBy(Weight);

    /// <summary>Whether a path that is only read belongs to a place with a class of its own.</summary>
    /// <param name="path">A resolved absolute path.</param>
    public bool IsWatched(string path) => Nearest(path, writes: false) is { Class: not AttemptClass.Outside } place && !(Longest(Roots, path) is { } root && root.Length >= place.Path.Length);

    // A protected root may be read, wherever it is not hidden besides. Of two places at one path, the one that weighs more.
    private (string Path, AttemptClass Class)? Nearest(string path, bool writes)
    {
        (string Path, AttemptClass Class)? best = null;
        foreach (var place in Places)
        {
            if (PathPlaces.IsAt(path, place.Path) && (writes || place.Class != AttemptClass.Protected)
                && (best is not { } other || place.Path.Length > other.Path.Length || (place.Path.Length == other.Path.Length && Weight(place.Class) > Weight(other.Class))))
            {
                best = place;
            }
        }

        return best;
    }

    private static int Weight(AttemptClass what) => what switch
    {
        AttemptClass.Target => 3,
        AttemptClass.Protected => 2,
        AttemptClass.Home => 1,
        _ => 0,
    };

    private static string? Longest(ImmutableArray<string> folders, string path)
    {
        string? best = null;
        foreach (var folder in folders)
        {
            if (PathPlaces.IsAt(path, folder) && (best is null || folder.Length > best.Length))
            {
                best = folder;
            }
        }

        return best;
    }

    // Whoever asks for a user's name looks there, by way of systemd's part of the name service.
    private static bool IsUserLookup(string path) =>
        path is "/run" or "/run/host" || UserFolders.Any(folder => PathPlaces.IsAt(path, folder));

    // Python's caches beside system libraries; what a process sets of itself under /proc.
    private static bool IsNoise(string path) =>
        (path.StartsWith("/usr/", StringComparison.Ordinal) && (path.Contains("/__pycache__/", StringComparison.Ordinal) || path.EndsWith("/__pycache__", StringComparison.Ordinal)))
        || (path.StartsWith("/proc/", StringComparison.Ordinal) && OwnAttributes.Any(name => path.EndsWith("/" + name, StringComparison.Ordinal)));
}
