using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Evidence;

/// <summary>What all lanes of a run have in common, read once.</summary>
/// <param name="Contract">The contract; null where the fixture gave none.</param>
/// <param name="Base">The pristine workspace; null where it was not read.</param>
/// <param name="Preflight">The checks before the start.</param>
/// <param name="Layers">The layers of the sandbox.</param>
public sealed record SharedEvidence(Contract? Contract, Tree? Base, ImmutableArray<PreflightCheck> Preflight, ImmutableSortedDictionary<string, string> Layers);

/// <summary>One lane's evidence, read from its files.</summary>
/// <param name="Evidence">What the judge is asked about.</param>
/// <param name="Collected">What the event before the last holds.</param>
/// <param name="Events">Every event that was read, in order.</param>
/// <param name="Shared">What its other lanes need.</param>
public sealed record LaneEvidence(RunEvidence Evidence, Collected Collected, ImmutableArray<ReadEvent> Events, SharedEvidence Shared)
{
    /// <summary>Finds the last event of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The event, or null where there is none.</returns>
    public ReadEvent? Last(string name) => Events.LastOrDefault(one => one.Name == name);
}
