using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligation to leave protected roots as they are.</summary>
internal static class RootObligations
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
