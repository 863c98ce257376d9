using System.Collections.Immutable;

namespace CtoHarness.Core.Observation;

/// <summary>Something that a backend left in its folders and that would act later, on its own.</summary>
/// <param name="Kind">What it is, such as <c>git-hook</c> or <c>setuid</c>.</param>
/// <param name="Path">Where, relative to the runtime workspace root; may hold anything.</param>
/// <param name="Detail">What it would do, for a person.</param>
/// <param name="IsBreach">Whether it fails the run: it lies in the workspace, which others may copy, or acts wherever it lies. Otherwise it is noted.</param>
public sealed record Leftover(string Kind, string Path, string Detail, bool IsBreach);

/// <summary>What the scan for things that would persist came to.</summary>
/// <param name="Found">What was found, breaches first, bounded.</param>
/// <param name="Total">How many were found.</param>
/// <param name="Refusal">Why not everything was looked at; empty where it was.</param>
public sealed record PersistenceScan(ImmutableArray<Leftover> Found, long Total, string Refusal);
