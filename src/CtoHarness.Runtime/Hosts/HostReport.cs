using System.Collections.Immutable;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Hosts;

/// <summary>Something that a sandbox needs or that helps, and whether this machine has it.</summary>
/// <param name="Name">What was looked for.</param>
/// <param name="IsOk">Whether it is there and works.</param>
/// <param name="IsNeeded">Whether a backend may start without it: where true, it may not.</param>
/// <param name="Seen">What was seen; safe to show.</param>
/// <param name="Remedy">The command or step that would bring it; empty where nothing is missing or nothing helps.</param>
public sealed record HostRow(string Name, bool IsOk, bool IsNeeded, string Seen, string Remedy);

/// <summary>Whether this machine allows a stage.</summary>
/// <param name="Stage">The rung of the ladder.</param>
/// <param name="Title">What happens on it.</param>
/// <param name="IsAllowed">Whether the machine allows it.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record StageRow(int Stage, string Title, bool IsAllowed, string Reason);

/// <summary>What came of a sandbox that was tried as before a backend's start.</summary>
/// <param name="CameUp">Whether it came up.</param>
/// <param name="IsExact">Whether everything came out exactly as it must.</param>
/// <param name="Words">What was said where it did not come up; empty where it did.</param>
/// <param name="Advice">What would help; empty where nothing is known.</param>
/// <param name="Landlock">The Landlock version that was laid; 0 for none.</param>
/// <param name="Namespaces">The kinds of namespace that it has of its own.</param>
/// <param name="Checks">Each thing that was tried.</param>
/// <param name="Duration">How long it took.</param>
public sealed record HostSelfTest(
    bool CameUp, bool IsExact, string Words, string Advice, int Landlock, ImmutableArray<string> Namespaces, ImmutableArray<PreflightCheck> Checks, TimeSpan Duration);

/// <summary>What this machine can enforce, as it was seen by doing.</summary>
/// <param name="LandlockLimit">The Landlock version that was used at most, as on an older kernel; null where nothing was simulated.</param>
/// <param name="Rows">What is there and what is missing.</param>
/// <param name="SelfTest">The sandbox that was tried; null where it could not be.</param>
/// <param name="Stages">Which stages that allows.</param>
public sealed record HostReport(int? LandlockLimit, ImmutableArray<HostRow> Rows, HostSelfTest? SelfTest, ImmutableArray<StageRow> Stages)
{
    /// <summary>Whether a backend may start on a copied artificial case.</summary>
    public bool AllowsBackends => Stages.Any(row => row is { Stage: HostStages.Backends, IsAllowed: true });
}
