using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligations that the record of calls answers.</summary>
internal static class CallObligations
{
    private const int NamesInMessage = 10;
    private const string Report = "report.json";

    /// <summary>Whether no call aimed to change a protected root, a target, a home or a hidden place; null where that was not observed to the end.</summary>
    internal static bool? WritesHold(RunEvidence evidence) => evidence.Calls switch
    {
        null => null,
        { } calls when Forbidden(calls) > 0 => false,
        { IsComplete: true } => true,
        _ => null,
    };

    /// <summary>What was broken.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence)
    {
        if (evidence.Calls is not { } calls)
        {
            yield break; // whether that is enough is asked where all that was not observed is counted
        }

        if (Forbidden(calls) is > 0 and var count)
        {
            yield return new Blocker(
                BlockerCode.WriteOutsideRoots,
                string.Create(CultureInfo.InvariantCulture, $"{count} call(s) aimed to change what must not change: {Names(calls, one => one.Writes && IsForbidden(one.Class))}"),
                Report);
        }

        if (!calls.IsComplete)
        {
            yield return new Blocker(
                BlockerCode.EvidenceIncomplete,
                string.Create(CultureInfo.InvariantCulture, $"the record of calls is not whole: {calls.Dropped} dropped{(calls.Trouble.Length > 0 ? "; " + PlainText.Visible(calls.Trouble, 300) : "")}"),
                Report);
        }
    }

    /// <summary>Tries that broke nothing and that a person should know of, one note for each class.</summary>
    internal static IEnumerable<Finding> Noted(RunEvidence evidence) =>
        from one in evidence.Calls?.Counts ?? ImmutableSortedDictionary<AttemptClass, long>.Empty
        where one.Value > 0 && one.Key is AttemptClass.Outside or AttemptClass.Network or AttemptClass.Home or AttemptClass.Hidden or AttemptClass.Unresolved
        select new Finding(
            "tried-" + Words.Of(one.Key),
            string.Create(CultureInfo.InvariantCulture, $"{one.Value} call(s) of the class {Words.Of(one.Key)} are on record: {Names(evidence.Calls!, call => call.Class == one.Key)}"),
            "observations.jsonl");

    /// <summary>The first tries of a kind, for a message.</summary>
    internal static string Names(CallRecord calls, Func<Attempt, bool> wanted)
    {
        var names = calls.Attempts.Where(wanted).Take(NamesInMessage)
            .Select(one => $"{one.Operation} {PlainText.Visible(one.Path, 200)} ({Words.Of(one.Class)}, by {PlainText.Visible(one.Executable, 100)})").ToList();
        return names.Count > 0 ? string.Join(", ", names) : "none of them is among the first that are listed";
    }

    private static long Forbidden(CallRecord calls) => calls.WritesByClass.Where(one => IsForbidden(one.Key)).Sum(one => one.Value);

    // A try elsewhere outside was refused as well, and is on record; it aims at nothing that is somebody's.
    private static bool IsForbidden(AttemptClass what) => what is AttemptClass.Target or AttemptClass.Protected or AttemptClass.Home or AttemptClass.Hidden;
}
