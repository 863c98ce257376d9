using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligation to inspect no target.</summary>
internal static class TargetObligations
{
    /// <summary>Whether it holds; null where that was not observed.</summary>
    internal static bool? Hold(RunEvidence evidence)
    {
        _ = evidence;
        return null;
    }

    /// <summary>What was broken.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence)
    {
        _ = evidence;
        return [];
    }
}
