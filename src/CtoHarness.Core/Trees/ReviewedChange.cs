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
        var groups = changes.Changes.ToLookup(change =>
            allowed.Contains(change.Path) && IsRegular(change.Before) && IsRegular(change.After) ? Group.Allowed
            : allowed.Contains(change.Path) || change.After?.Kind == EntryKind.Special ? Group.Disallowed
            : ignored.Any(pattern => pattern.Covers(change.Path)) ? Group.Ignored
            : Group.Disallowed);
        return new ReviewedChange([.. groups[Group.Allowed]], [.. groups[Group.Disallowed]], [.. groups[Group.Ignored]]);
    }

    /// <summary>The paths that count as changed: allowed and disallowed, in byte order.</summary>
    public ImmutableArray<RelativePath> ChangedPaths => [.. Allowed.Concat(Disallowed).Select(c => c.Path).Order()];

    private static bool IsRegular(TreeEntry? entry) => entry is null || entry.Kind is EntryKind.File or EntryKind.Executable;

    private enum Group
    {
        Allowed,
        Disallowed,
        Ignored,
    }
}
