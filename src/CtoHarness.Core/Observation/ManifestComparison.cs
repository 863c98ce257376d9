using System.Collections.Immutable;

namespace CtoHarness.Core.Observation;

/// <summary>What differs between two manifests of one root.</summary>
/// <param name="Lines">One line for each difference, in byte order of the paths, up to a bound.</param>
/// <param name="Total">How many differences there are.</param>
public sealed record ManifestComparison(ImmutableArray<string> Lines, long Total)
{
    /// <summary>Compares two manifests by going through both at once.</summary>
    /// <param name="before">Entries in byte order of their paths.</param>
    /// <param name="after">Entries in byte order of their paths.</param>
    /// <param name="most">The most lines that are kept.</param>
    /// <returns>What differs: <c>added PATH</c>, <c>removed PATH</c>, <c>changed PATH: size, mtime</c>.</returns>
    public static ManifestComparison Between(IEnumerable<ManifestEntry> before, IEnumerable<ManifestEntry> after, int most)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var lines = ImmutableArray.CreateBuilder<string>();
        long total = 0;
        using var left = before.GetEnumerator();
        using var right = after.GetEnumerator();
        var one = Next(left);
        var other = Next(right);
        while (one is not null || other is not null)
        {
            var order = one is null ? 1 : other is null ? -1 : one.Path.SequenceCompareTo(other.Path);
            if (Line(order <= 0 ? one : null, order >= 0 ? other : null) is { Length: > 0 } line)
            {
                total++;
                if (lines.Count < most)
                {
                    lines.Add(line);
                }
            }

            one = order <= 0 ? Next(left) : one;
            other = order >= 0 ? Next(right) : other;
        }

        return new ManifestComparison(lines.ToImmutable(), total);
    }

    private static ManifestEntry? Next(IEnumerator<ManifestEntry> entries) => entries.MoveNext() ? entries.Current : null;

    // A name under which nothing stands is as good as none.
    private static string Line(ManifestEntry? before, ManifestEntry? after)
    {
        var was = before is { IsAbsent: false };
        var stands = after is { IsAbsent: false };
        return was && stands ? Changed(before!, after!)
            : was ? $"removed {before}"
            : stands ? $"added {after}"
            : "";
    }

    private static string Changed(ManifestEntry before, ManifestEntry after) =>
        before.DifferencesTo(after) is { IsEmpty: false } names ? $"changed {before}: {string.Join(", ", names)}" : "";
}
