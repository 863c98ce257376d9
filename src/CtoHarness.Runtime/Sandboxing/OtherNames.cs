using System.Collections.Immutable;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>Finds where mounts show a declared target a second time, so that it can be hidden there too.</summary>
/// <remarks>A link needs no hiding: it leads to what is hidden. Other names of the same file, which only a search of the whole disk could find, are not found.</remarks>
internal static class OtherNames
{
    /// <summary>The further places of targets on this machine.</summary>
    /// <param name="targets">Absolute paths with every link resolved.</param>
    internal static IEnumerable<string> Of(IEnumerable<string> targets)
    {
        var all = targets.ToList();
        return all.Count == 0 ? [] : Of(all, MountTable.Read()).Where(IsSame).Select(name => name.Place).Distinct();
    }

    /// <summary>The further places of targets, going by a table of mounts, each with the place that it shows again.</summary>
    /// <param name="targets">Absolute paths with every link resolved.</param>
    /// <param name="mounts">The table.</param>
    internal static ImmutableArray<(string Place, string Shown)> Of(IReadOnlyCollection<string> targets, ImmutableArray<MountLine> mounts)
    {
        var inner = mounts.Select(mount => mount.Place).Where(place => targets.Any(target => PathPlaces.IsAt(place, target)));
        return
        [
            .. targets.Concat(inner).Distinct().SelectMany(place => Of(place, mounts))
                .Where(name => !targets.Any(target => PathPlaces.IsAt(name.Place, target))).Distinct(),
        ];
    }

    private static IEnumerable<(string Place, string Shown)> Of(string place, ImmutableArray<MountLine> mounts)
    {
        if (MountTable.Of(mounts, place) is not { } here)
        {
            yield break;
        }

        var path = Join(here.Root, Below(place, here.Place));
        foreach (var other in mounts.Where(mount => mount != here && mount.Device == here.Device))
        {
            if (PathPlaces.IsAt(path, other.Root))
            {
                yield return (Join(other.Place, Below(path, other.Root)), place);
            }
            else if (PathPlaces.IsAt(other.Root, path))
            {
                yield return (other.Place, Join(place, Below(other.Root, path)));
            }
        }
    }

    // What a mount would show may be hidden by another in front of it.
    private static bool IsSame((string Place, string Shown) name) =>
        InodeCalls.Of(name.Place) is { } inode && (InodeCalls.Of(name.Shown) is not { } shown || inode.IsSame(shown));

    private static string Below(string path, string folder) => folder == "/" ? path.TrimEnd('/') : path[folder.Length..];

    private static string Join(string folder, string rest) => folder != "/" ? folder + rest : rest.Length == 0 ? "/" : rest;
}
