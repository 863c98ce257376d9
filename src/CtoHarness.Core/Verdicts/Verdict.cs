using System.Collections.Immutable;

namespace CtoHarness.Core.Verdicts;

/// <summary>What the obligations came to. Null is "not observed" and satisfies nothing.</summary>
/// <param name="Tests">The test command succeeded on the allowed changes.</param>
/// <param name="RequiredEvents">Every required event was observed.</param>
/// <param name="AllowedWrites">No write was aimed outside the roots.</param>
/// <param name="NoMutation">No protected root changed.</param>
/// <param name="NoTargetInspection">No target was named, seen or opened.</param>
/// <param name="Freshness">The bundle cannot be an older one.</param>
/// <param name="IsolatedVerification">Outputs equal the expected ones, compared outside the sandbox.</param>
public sealed record Observations(
    bool? Tests,
    bool? RequiredEvents,
    bool? AllowedWrites,
    bool? NoMutation,
    bool? NoTargetInspection,
    bool? Freshness,
    bool? IsolatedVerification);

/// <summary>What a run came to, and why.</summary>
/// <param name="Status">The status.</param>
/// <param name="Fault">Which side it is owed to.</param>
/// <param name="Summary">One sentence that a person can act on.</param>
/// <param name="Observations">Each obligation.</param>
/// <param name="MissingEvents">Required events that were not observed.</param>
/// <param name="Blockers">Every reason; empty exactly for a pass.</param>
/// <param name="Findings">What was noted besides.</param>
public sealed record Verdict(
    RunStatus Status,
    Fault Fault,
    string Summary,
    Observations Observations,
    ImmutableArray<string> MissingEvents,
    ImmutableArray<Blocker> Blockers,
    ImmutableArray<Finding> Findings);
