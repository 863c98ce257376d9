using System.Globalization;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligation to inspect no target.</summary>
internal static class TargetObligations
{
    /// <summary>Whether no target was named, and no call aimed at one; null where either was not observed to the end.</summary>
    internal static bool? Hold(RunEvidence evidence) =>
        evidence.Targets?.All.Any() == true || (evidence.Calls is { } seen && Tries(seen) > 0) ? false
        : evidence is { Targets: not null, Calls.IsComplete: true } ? true
        : null;

    /// <summary>What was broken.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence)
    {
        if (evidence.Calls is { } calls && Tries(calls) is > 0 and var count)
        {
            yield return new Blocker(
                BlockerCode.TargetOpened,
                string.Create(CultureInfo.InvariantCulture, $"{count} call(s) aimed at a declared target: {CallObligations.Names(calls, one => one.Class == AttemptClass.Target)}"),
                "report.json");
        }
    }

    private static long Tries(CallRecord calls) => calls.Counts.GetValueOrDefault(AttemptClass.Target);
}
