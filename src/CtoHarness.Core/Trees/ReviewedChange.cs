using System.Collections.Immutable;

namespace CtoHarness.Core.Trees;

/// <summary>A change set, sorted by what the contract says of each path.</summary>
/// <param name="Allowed">Changes that may be laid over the pristine fixture: a named path, before and after a regular file or nothing.</param>
/// <param name="Disallowed">All other changes.</param>
/// <param name="Ignored">Changes at paths that the fixture declares as by-products; never laid over anything.</param>
public sealed record ReviewedChange(ImmutableArray<Change> Allowed, ImmutableArray<Change> Disallowed, ImmutableArray<Change> Ignored)
{
    /// <summary>Sorts the changes.</summary>
    /// <param name="changes">What was found.</param>
    /// <param name="allowed">The contract's allowed files.</param>
    /// <param name="ignored">The fixture's by-products; what is special is never one of them.</param>
    /// <returns>The sorted changes.</returns>
    public static ReviewedChange Of(ChangeSet changes, ImmutableArray<RelativePath> allowed, ImmutableArray<PathPattern> ignored)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var accepted = ImmutableArray.CreateBuilder<Change>();
        var disallowed = ImmutableArray.CreateBuilder<Change>();
        var byProducts = ImmutableArray.CreateBuilder<Change>();
        foreach (var change in changes.Changes)
        {
            var group = allowed.Contains(change.Path) && IsRegular(change.Before) && IsRegular(change.After) ? accepted
                : allowed.Contains(change.Path) || change.After?.Kind == EntryKind.Special ? disallowed
                : ignored.Any(pattern => pattern.Covers(change.Path)) ? byProducts
                : disallowed;
            group.Add(change);
        }

        return new ReviewedChange(accepted.DrainToImmutable(), disallowed.DrainToImmutable(), byProducts.DrainToImmutable());
    }

    /// <summary>The paths that count as changed: allowed and disallowed, in byte order.</summary>
    public ImmutableArray<RelativePath> ChangedPaths => [.. Allowed.Concat(Disallowed).Select(c => c.Path).Order()];

    /// <summary>Carries over what a patch can hold: all but by-products; where something special stands now, nothing does.</summary>
    /// <param name="before">The pinned base.</param>
    /// <returns>The tree that <c>patch.diff</c> makes of it.</returns>
    public Tree ApplyTo(Tree before) => new ChangeSet(
        [.. Allowed.Concat(Disallowed).Select(c => c.After?.Kind == EntryKind.Special ? c with { After = null } : c)]).ApplyTo(before);

    private static bool IsRegular(TreeEntry? entry) => entry is null || entry.Kind is EntryKind.File or EntryKind.Executable;
}
