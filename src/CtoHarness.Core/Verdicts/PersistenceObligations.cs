using System.Globalization;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligation to leave nothing behind that acts later.</summary>
internal static class PersistenceObligations
{
    private const string Events = "events.normalized.jsonl";
    private const int NamesInMessage = 10;
    private const int MostNotes = 50;

    /// <summary>What was broken.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence)
    {
        if (evidence.Workspace is not { } workspace)
        {
            yield break; // what was not reached is told where it was missed
        }

        if (evidence.Persistence is not { } scan)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "nobody looked for what the backend left to act later", Events);
            yield break;
        }

        var breaches = scan.Found.Where(one => one.IsBreach).ToList();
        if (breaches.Count > 0)
        {
            var names = string.Join(", ", breaches.Take(NamesInMessage).Select(Name));
            var more = breaches.Count > NamesInMessage ? string.Create(CultureInfo.InvariantCulture, $" and {breaches.Count - NamesInMessage} more") : "";
            yield return new Blocker(BlockerCode.PersistenceFound, $"left to act later: {names}{more}", Events);
        }

        if (scan.Refusal.Length > 0 && workspace.Change is not null && evidence.LimitPassed.Length == 0)
        {
            yield return new Blocker(BlockerCode.BudgetExceeded, $"the lane's folders could not be searched for what would act later: {scan.Refusal}", Events);
        }
    }

    /// <summary>What is noted and breaks nothing.</summary>
    internal static IEnumerable<Finding> Noted(RunEvidence evidence) =>
        evidence.Persistence is not { } scan ? []
            : scan.Found.Where(one => !one.IsBreach).Take(MostNotes).Select(one => new Finding("leftover", $"{Name(one)}: {one.Detail}", Events));

    private static string Name(Leftover one) => $"{one.Kind} {PlainText.Visible(one.Path, 200)}";
}
