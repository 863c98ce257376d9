using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligation to leave nothing behind that acts later.</summary>
internal static class PersistenceObligations
{
    /// <summary>What was broken.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence)
    {
        _ = evidence;
        return [];
    }
}
