using System.Collections.Immutable;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Observation;

/// <summary>What became of a protected root.</summary>
public enum RootState
{
    /// <summary>The policy names no path for the role.</summary>
    NotDeclared,

    /// <summary>It has a path, but was not, or not wholly, digested both times.</summary>
    NotObserved,

    /// <summary>Both digests are the same.</summary>
    Unchanged,

    /// <summary>The digests differ.</summary>
    Changed,
}

/// <summary>A tree that a run must leave as it is.</summary>
/// <param name="Role">What it is, such as <c>harness-checkout</c>.</param>
/// <param name="Path">Its path; empty where none is declared.</param>
/// <param name="State">What became of it.</param>
/// <param name="Entries">How many entries were digested before the run; null where none were.</param>
/// <param name="Before">Digest before the run; null where it was not taken.</param>
/// <param name="After">Digest after the run; null where it was not taken.</param>
/// <param name="Changes">What changed, one line each, bounded; the manifests name all.</param>
/// <param name="Trouble">Why it was not observed; empty where it was.</param>
public sealed record ProtectedRoot(
    string Role, string Path, RootState State, long? Entries, Digest? Before, Digest? After, ImmutableArray<string> Changes, string Trouble)
{
    /// <summary>How many changes there are, also those beyond the bound.</summary>
    public long ChangesTotal { get; init; }

    /// <summary>Paths below it that are left out, since the run itself or a build of the harness writes there.</summary>
    public ImmutableArray<string> Excluded { get; init; } = [];

    /// <summary>The only names below it that are looked at; empty where all are.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Manifests of it that are kept in the bundle.</summary>
    public ImmutableArray<string> Manifests { get; init; } = [];
}
