using System.Collections.Immutable;

namespace CtoHarness.Core.Trees;

/// <summary>One path at which two trees differ.</summary>
/// <param name="Path">The path.</param>
/// <param name="Before">What stood there; null where nothing did.</param>
/// <param name="After">What stands there; null where nothing does.</param>
public sealed record Change(RelativePath Path, TreeEntry? Before, TreeEntry? After);

/// <summary>The difference of two trees, in byte order of the paths.</summary>
/// <param name="Changes">Every path at which they differ.</param>
public sealed record ChangeSet(ImmutableArray<Change> Changes)
{
    /// <summary>Compares two trees.</summary>
    /// <param name="before">The pinned base.</param>
    /// <param name="after">What was found.</param>
    /// <returns>The changes that lead from the first to the second.</returns>
    public static ChangeSet Between(Tree before, Tree after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = ImmutableArray.CreateBuilder<Change>();
        int b = 0, a = 0;
        while (b < before.Entries.Length || a < after.Entries.Length)
        {
            var order = b == before.Entries.Length ? 1
                : a == after.Entries.Length ? -1
                : before.Entries[b].Path.CompareTo(after.Entries[a].Path);
            var old = order <= 0 ? before.Entries[b++] : null;
            var now = order >= 0 ? after.Entries[a++] : null;
            if (old != now)
            {
                changes.Add(new Change((now ?? old)!.Path, old, now));
            }
        }

        return new ChangeSet(changes.ToImmutable());
    }

    /// <summary>Carries the changes over to the tree they start from.</summary>
    /// <param name="before">The tree that was compared first.</param>
    /// <returns>The tree that was compared second.</returns>
    public Tree ApplyTo(Tree before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var entries = before.Entries.ToDictionary(e => e.Path);
        foreach (var change in Changes)
        {
            if (change.After is null)
            {
                entries.Remove(change.Path);
            }
            else
            {
                entries[change.Path] = change.After;
            }
        }

        return new Tree(entries.Values);
    }
}
