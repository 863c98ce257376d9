using System.Globalization;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verification;

namespace CtoHarness.Core.Verdicts;

/// <summary>The questions that are put to compared outputs and to the other lanes of a run.</summary>
internal static class VerificationObligations
{
    private const string Log = "verification.jsonl";
    private const int NamesInMessage = 5;

    internal static IEnumerable<Blocker> Broken(RunEvidence evidence)
    {
        if (evidence.Verification is not { } verification)
        {
            if (evidence.Workspace?.Change is { Allowed.IsEmpty: false })
            {
                yield return new Blocker(BlockerCode.EvidenceIncomplete, "outputs were not compared with the expected ones", Log);
            }

            yield break; // without an allowed change there is nothing to verify, and no-diff says so
        }

        if (verification.Trouble.Length > 0)
        {
            yield return new Blocker(BlockerCode.VerifierFailed, verification.Trouble, Log);
        }
        else if (verification.Holds != true)
        {
            yield return new Blocker(BlockerCode.FailedTests, Message(verification), Log);
        }

        if (verification.Survivors is > 0)
        {
            yield return new Blocker(BlockerCode.Survivors, "processes outlived a sandbox of the verification", Log);
        }
        else if (verification.Survivors is null)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "the processes that outlived a sandbox of the verification could not be counted", Log);
        }
    }

    // What the other lanes show is whether fixture, verifier and judge work here and now.
    internal static IEnumerable<Blocker> NotCompared(RunEvidence evidence)
    {
        if (evidence.Lane.Kind != LaneKind.Subject)
        {
            yield break;
        }

        if (evidence.Others is not { } others)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "neither a baseline nor controls were run", "report.json");
            yield break;
        }

        if (others.Baseline is null && !evidence.Identity.Engine.IsFake)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "the fake engine's baseline was not run", "report.json");
        }
        else if (others.Baseline is { Status: not RunStatus.Pass } baseline)
        {
            yield return new Blocker(
                BlockerCode.VerifierFailed,
                $"the fake engine's baseline came out {Evidence.Words.Of(baseline.Status)} ({string.Join(", ", baseline.Codes)}), so this fixture cannot tell right from wrong here",
                "baseline/report.json");
        }

        if (others.Controls.IsEmpty && !others.ControlsLeftOut)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "no control was run", "report.json");
        }

        foreach (var control in others.Controls.Where(control => !control.AsExpected))
        {
            yield return new Blocker(
                BlockerCode.VerifierFailed,
                $"the control {control.Outcome.Lane.Name} must fail with {control.Wanted} and came out {Evidence.Words.Of(control.Outcome.Status)} ({string.Join(", ", control.Outcome.Codes)}), so this verdict could be wrong too",
                control.Outcome.Lane.Folder + "/report.json");
        }
    }

    private static string Message(VerificationOutcome verification)
    {
        var wrong = verification.Results.Where(result => !result.Passed).ToList();
        var names = string.Join(", ", wrong.Take(NamesInMessage).Select(result => result.Name));
        var more = wrong.Count > NamesInMessage ? string.Create(CultureInfo.InvariantCulture, $" and {wrong.Count - NamesInMessage} more") : "";
        var shortfall = verification.Shortfall.Length > 0 ? $"; {verification.Shortfall}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{verification.Passed} of {verification.Expected} answers are the expected ones{(wrong.Count > 0 ? $"; not: {names}{more}" : "")}{shortfall}");
    }
}
