using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligations that the record of calls answers.</summary>
internal static class CallObligations
{
    /// <summary>Whether it holds; null where that was not observed.</summary>
    internal static bool? WritesHold(RunEvidence evidence)
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
