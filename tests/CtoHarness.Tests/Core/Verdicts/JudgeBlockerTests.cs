using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>Each blocker with the evidence that gives it, and the same evidence without the flaw, which passes.</summary>
[Trait("Mission", "M15")]
public sealed class JudgeBlockerTests
{
    public static TheoryData<string, string> Refusals
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var code in BlockerCode.All.Where(code => code.Effect == Effect.Blocks))
            {
                data.Add(code.Text, code.Fault.ToString());
            }

            return data;
        }
    }

    [Fact]
    public void A_run_that_kept_every_obligation_passes()
    {
        var verdict = Judge.Decide(Sample.FakeRun);
        Assert.Equal(RunStatus.Pass, verdict.Status);
        Assert.Equal(Fault.None, verdict.Fault);
        Assert.Empty(verdict.Blockers);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    [Trait("Mission", "M07")]
    public void A_reason_found_before_the_start_blocks_the_run(string code, string fault)
    {
        var refusal = new Blocker(BlockerCode.All.Single(one => one.Text == code), "why", "report.json");
        var verdict = Judge.Decide(Sample.BlockedCaseRun with { Refusals = [refusal] });
        Assert.Equal(RunStatus.Blocked, verdict.Status);
        Assert.Equal(fault, verdict.Fault.ToString());
        Assert.Equal(refusal, Assert.Single(verdict.Blockers));
    }

    [Fact]
    [Trait("Mission", "M07")]
    public void Two_closed_gates_are_two_blockers()
    {
        var verdict = Judge.Decide(Sample.BlockedCaseRun);
        Assert.Equal(["gate-closed", "gate-closed"], verdict.Blockers.Select(b => b.Code.Text));
        Assert.Empty(Gates.Closed(Gates.Of(Sample.Case, 2, new Dictionary<string, string> { ["CTO_HARNESS_ALLOW_CASE"] = "1", ["CTO_HARNESS_CASE_STAGE"] = "2" })));
    }

    [Fact]
    [Trait("Mission", "M17")]
    public void A_backend_that_changed_nothing_fails() => Fails("no-diff", Sample.FakeRun with { Workspace = Sample.Changed() });

    [Fact]
    public void By_products_alone_are_no_change() =>
        Fails("no-diff", Sample.FakeRun with { Workspace = Sample.Changed(Sample.Added("__pycache__/strings.pyc")) });

    [Fact]
    public void By_products_beside_the_change_do_no_harm() =>
        Passes(Sample.FakeRun with { Workspace = Sample.Changed(Sample.Modified("strings.py"), Sample.Added("__pycache__/strings.pyc")) });

    [Fact]
    [Trait("Mission", "M17")]
    public void A_change_outside_the_allowed_files_fails() =>
        Fails("disallowed-file", Sample.FakeRun with { Workspace = Sample.Changed(Sample.Modified("strings.py"), Sample.Modified("test_strings.py")) });

    [Fact]
    [Trait("Mission", "M17")]
    public void A_test_command_with_another_exit_code_than_0_fails() =>
        Fails("failed-tests", Sample.FakeRun with { Test = Sample.Ended with { ExitCode = 1 } });

    [Theory]
    [InlineData(EndKind.TimedOut)]
    [InlineData(EndKind.Signalled)]
    public void A_test_command_that_did_not_end_by_itself_fails(EndKind end) =>
        Fails("failed-tests", Sample.FakeRun with { Test = Sample.Ended with { End = end, ExitCode = null } });

    [Fact]
    [Trait("Mission", "M17")]
    public void A_missing_event_fails()
    {
        foreach (var name in EventNames.Required)
        {
            Fails("missing-required-event", Sample.FakeRun with { Events = Sample.Events.RemoveAll(e => e.Name == name) });
        }
    }

    [Fact]
    public void A_workspace_that_is_too_big_to_collect_fails() =>
        Fails("budget-exceeded", Sample.FakeRun with { Workspace = new WorkspaceOutcome(null, "more than 100000 entries", default, null) });

    [Fact]
    public void A_backend_that_was_stopped_at_its_wall_time_fails() => Fails("timeout", Sample.FakeRun with { Backend = Ended(EndKind.TimedOut) });

    [Fact]
    public void A_process_that_outlived_the_sandbox_fails() =>
        Fails("survivors", Sample.FakeRun with { Backend = Sample.Backend with { Program = Sample.Ended with { Survivors = 1 } } });

    [Fact]
    public void A_process_that_outlived_the_test_command_fails() =>
        Fails("survivors", Sample.FakeRun with { Test = Sample.Ended with { Survivors = 2 } });

    [Fact]
    public void A_sandbox_that_vanished_under_the_test_command_is_the_verifiers_fault() =>
        Concludes("verifier-failed", Fault.Verifier, Sample.FakeRun with { Test = Sample.Ended with { End = EndKind.SandboxFailed, ExitCode = null } });

    [Fact]
    public void A_sandbox_that_vanished_under_the_backend_says_nothing_about_it() =>
        Concludes("infrastructure", Fault.Infrastructure, Sample.FakeRun with { Backend = Ended(EndKind.SandboxFailed) });

    [Fact]
    public void Processes_that_nobody_could_count_leave_the_verdict_open()
    {
        Concludes("evidence-incomplete", Fault.Infrastructure, Sample.FakeRun with { Backend = Sample.Backend with { Program = Sample.Ended with { Survivors = null } } });
        Concludes("evidence-incomplete", Fault.Infrastructure, Sample.FakeRun with { Test = Sample.Ended with { Survivors = null } });
    }

    [Fact]
    public void A_backend_that_a_foreign_signal_ended_leaves_the_verdict_open() =>
        Concludes("evidence-incomplete", Fault.Infrastructure, Sample.FakeRun with { Backend = Ended(EndKind.Signalled) });

    [Fact]
    public void A_workspace_that_nobody_compared_leaves_the_verdict_open() =>
        Concludes("evidence-incomplete", Fault.Infrastructure, Sample.FakeRun with { Workspace = null });

    [Fact]
    public void A_run_in_which_nothing_started_and_nothing_says_why_is_no_pass() =>
        Concludes("evidence-incomplete", Fault.Infrastructure, Sample.BlockedCaseRun with { Refusals = [] });

    [Fact]
    public void An_interrupted_run_is_open()
    {
        Concludes("interrupted", Fault.Infrastructure, Sample.FakeRun with { Backend = Ended(EndKind.Interrupted) });
        Concludes("interrupted", Fault.Infrastructure, Sample.FakeRun with { Test = Sample.Ended with { End = EndKind.Interrupted, ExitCode = null } });
    }

    [Fact]
    public void Every_code_that_this_version_can_give_is_listed_once_and_in_kebab_case()
    {
        Assert.Equal(BlockerCode.All.Length, BlockerCode.All.Select(code => code.Text).Distinct().Count());
        Assert.All(BlockerCode.All, code => Assert.Matches("^[a-z]+(-[a-z]+)*$", code.Text));
        Assert.Equal(
            typeof(BlockerCode).GetProperties().Count(property => property.PropertyType == typeof(BlockerCode)),
            BlockerCode.All.Length);
    }

    private static BackendOutcome Ended(EndKind end) => Sample.Backend with { Program = Sample.Ended with { End = end, ExitCode = null } };

    private static void Passes(RunEvidence evidence) => Assert.Equal(RunStatus.Pass, Judge.Decide(evidence).Status);

    private static void Fails(string code, RunEvidence evidence)
    {
        var verdict = Judge.Decide(evidence);
        Assert.Equal([code], verdict.Blockers.Select(b => b.Code.Text));
        Assert.Equal((RunStatus.Fail, Fault.Backend), (verdict.Status, verdict.Fault));
        Assert.Equal(verdict.Blockers[0].Message, verdict.Summary);
    }

    private static void Concludes(string code, Fault fault, RunEvidence evidence)
    {
        var verdict = Judge.Decide(evidence);
        Assert.Equal([code], verdict.Blockers.Select(b => b.Code.Text));
        Assert.Equal((RunStatus.Inconclusive, fault), (verdict.Status, verdict.Fault));
    }
}
