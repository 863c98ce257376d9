using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligations of a contract, each a question put to the evidence.</summary>
internal static class Obligations
{
    private const int NamesInMessage = 10;

    // A backend ran, so all of this must have held. The judge asks the evidence, not the pipeline that made it.
    internal static IEnumerable<Blocker> BrokenBeforeTheStart(RunEvidence evidence)
    {
        var identity = evidence.Identity;
        var broken = identity.Gates.Where(gate => !gate.Open).Select(gate => $"the gate {gate.Name} was not open")
            .Concat(evidence.Preflight.Where(check => !check.Passed).Select(check => $"the check {check.Name} did not hold"))
            .Concat((evidence.SelfTest ?? []).Where(check => !check.Passed).Select(check => $"the self-test of the sandbox went wrong at {check.Name}"))
            .Concat(identity.ModelAdmission is ModelAdmission.Admitted or ModelAdmission.NotApplicable ? [] : ["the model was not admitted"])
            .Concat(evidence.Contract is null ? ["there was no contract"] : [])
            .ToList();
        if (broken.Count > 0)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, $"a backend ran although {string.Join(", and ", broken)}", "report.json");
        }
    }

    internal static IEnumerable<Blocker> BrokenByBackend(RunEvidence evidence)
    {
        if (evidence.Backend is not { } backend)
        {
            yield break; // a control, whose files the harness itself laid down
        }

        var program = backend.Program;
        switch (program.End)
        {
            case EndKind.TimedOut when TrafficObligations.Unrecovered(evidence) is not null:
                break; // it waited for a provider that let it down, and that is told
            case EndKind.TimedOut:
                yield return new Blocker(BlockerCode.Timeout, "the backend did not end within its wall time and was stopped", "events.normalized.jsonl");
                break;
            case EndKind.OverLimit:
                yield return new Blocker(BlockerCode.BudgetExceeded, $"the backend was stopped at a limit: {evidence.LimitPassed}", "events.normalized.jsonl");
                break;
            case EndKind.Signalled:
                yield return SignalledEnd(backend)!;
                break;
            case EndKind.SandboxFailed:
                yield return new Blocker(BlockerCode.Infrastructure, "the sandbox did not come up or vanished; what it said is in backend/stderr.log", "backend/stderr.log");
                break;
            case EndKind.Interrupted:
                yield return new Blocker(BlockerCode.Interrupted, "the run was interrupted while the backend ran", "events.normalized.jsonl");
                break;
            default:
                break;
        }

        if (program.Survivors is > 0)
        {
            yield return new Blocker(
                BlockerCode.Survivors,
                string.Create(CultureInfo.InvariantCulture, $"{program.Survivors} process(es) outlived the sandbox"),
                "events.normalized.jsonl");
        }
        else if (program.Survivors is null)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "the processes that outlived the sandbox could not be counted", "events.normalized.jsonl");
        }
    }

    /// <summary>The blocker of a backend that ended as by a signal; null where it did not.</summary>
    internal static Blocker? SignalledEnd(BackendOutcome? backend) => backend is { Program: { End: EndKind.Signalled } program }
        ? new Blocker(BlockerCode.EvidenceIncomplete, $"the backend ended with exit code {program.ExitCode}, as after a signal, which the harness did not send; its run is not whole, so run it again", "events.normalized.jsonl")
        : null;

    internal static IEnumerable<Blocker> BrokenInWorkspace(RunEvidence evidence)
    {
        if (evidence.Workspace is not { } workspace)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "the workspace was not compared with its base", "patch.diff");
        }
        else if (workspace.Change is not { } change)
        {
            if (evidence.LimitPassed.Length > 0)
            {
                yield break; // one cause, told once: the backend was stopped for it
            }

            yield return new Blocker(BlockerCode.BudgetExceeded, $"the workspace was refused: {workspace.Refusal}", "patch.diff");
        }
        else
        {
            if (change.Allowed.IsEmpty)
            {
                yield return new Blocker(BlockerCode.NoDiff, "the backend changed none of the files that the contract allows", "patch.diff");
            }

            if (!change.Disallowed.IsEmpty)
            {
                yield return new Blocker(BlockerCode.DisallowedFile, $"changed outside the allowed files: {Names(change.Disallowed)}", "patch.diff");
            }
        }
    }

    internal static IEnumerable<Blocker> BrokenInTest(RunEvidence evidence)
    {
        if (evidence.Test is not { } test)
        {
            if (evidence.Workspace?.Change is { Allowed.IsEmpty: false })
            {
                yield return new Blocker(BlockerCode.EvidenceIncomplete, "the test command was not run on the changed files", "test.log");
            }

            yield break; // without an allowed change there is nothing to test, and no-diff says so
        }

        switch (test.End)
        {
            case EndKind.Exited when test.ExitCode == 0:
                break;
            case EndKind.Exited:
                yield return new Blocker(
                    BlockerCode.FailedTests,
                    string.Create(CultureInfo.InvariantCulture, $"the test command ended with exit code {test.ExitCode} on the changed files"),
                    "test.log");
                break;
            case EndKind.TimedOut:
                yield return new Blocker(BlockerCode.FailedTests, "the test command did not end within its wall time", "test.log");
                break;
            case EndKind.OverLimit:
                yield return new Blocker(BlockerCode.FailedTests, "the test command took more room in its folders, or more memory, than the limits allow, and was stopped", "test.log");
                break;
            case EndKind.Signalled:
                yield return new Blocker(BlockerCode.FailedTests, "a signal ended the test command", "test.log");
                break;
            case EndKind.Interrupted:
                yield return new Blocker(BlockerCode.Interrupted, "the run was interrupted while the test command ran", "test.log");
                break;
            default:
                yield return new Blocker(BlockerCode.VerifierFailed, "the test command's sandbox did not come up or vanished; what it said is in test.log", "test.log");
                break;
        }

        if (test.Survivors is > 0)
        {
            yield return new Blocker(BlockerCode.Survivors, "processes outlived the test command's sandbox", "test.log");
        }
        else if (test.Survivors is null)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "the processes that outlived the test command's sandbox could not be counted", "test.log");
        }
    }

    // The pass of a stand-in admits nothing, so it may pass while part of the evidence is still unobserved.
    internal static IEnumerable<Blocker> NotObserved(RunEvidence evidence, Observations observations, bool isBroken)
    {
        // Whether it asks its model about this run at all is the backend's own doing: what it left undone besides is no less undone for that.
        var isNonceExcused = isBroken && FreshnessObligations.LacksOnlyTheNonce(evidence);
        (string Name, bool? Value)[] required =
        [
            ("tests_passed", observations.Tests),
            ("allowed_writes_passed", observations.AllowedWrites),
            ("no_mutation_passed", observations.NoMutation),
            ("no_target_inspection_passed", observations.NoTargetInspection),
            ("freshness_passed", observations.Freshness),
            ("verification", observations.IsolatedVerification),
            ("self_test", evidence.SelfTest is { IsEmpty: false } ? true : null),
        ];
        // What has a blocker of its own is not told twice.
        var told = new[] { "tests_passed", "verification", "allowed_writes_passed", "no_mutation_passed", "freshness_passed" };
        if (observations.Freshness == false && !isNonceExcused)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, $"the evidence is not fresh: {string.Join("; ", FreshnessObligations.Broken(evidence))}", "report.json");
        }

        var named = evidence.Targets?.All.Any() == true;
        var refuted = required.Where(r => r.Value == false && !told.Contains(r.Name) && (named || r.Name != "no_target_inspection_passed")).Select(r => r.Name).ToList();
        if (refuted.Count > 0)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, $"observed not to hold: {string.Join(", ", refuted)}", "report.json");
        }

        // Without an allowed change nothing was verified; no-diff says so.
        var verified = evidence.Workspace?.Change is not { Allowed.IsEmpty: true };
        var missing = evidence.Identity.Engine.IsStandIn || evidence.Lane.Kind != LaneKind.Subject ? []
            : required.Where(r => r.Value is null && !(isNonceExcused && r.Name == "freshness_passed") && (verified || r.Name is not ("tests_passed" or "verification"))).Select(r => r.Name).ToList();
        if (missing.Count > 0)
        {
            yield return new Blocker(
                BlockerCode.EvidenceIncomplete,
                $"not observed, so not proved: {string.Join(", ", missing)}",
                "report.json");
        }
    }

    private static string Names(IReadOnlyCollection<Change> changes)
    {
        var names = string.Join(", ", changes.Take(NamesInMessage).Select(c => PlainText.Visible(c.Path.ToString(), 200)));
        return changes.Count > NamesInMessage
            ? string.Create(CultureInfo.InvariantCulture, $"{names} and {changes.Count - NamesInMessage} more")
            : names;
    }
}
