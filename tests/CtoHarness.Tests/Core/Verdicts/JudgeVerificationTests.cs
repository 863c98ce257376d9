using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>What compared outputs and the other lanes of a run decide.</summary>
public sealed class JudgeVerificationTests
{
    private static readonly VerificationOutcome Verified = Sample.Verified;

    [Fact]
    [Trait("Mission", "M15")]
    public void A_passing_test_command_alone_proves_nothing()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Verification = Answered("plain-words", Sample.Said("a_b")) });
        Assert.True(verdict.Observations.Tests);
        Assert.False(verdict.Observations.IsolatedVerification);
        Expect(verdict, RunStatus.Fail, "failed-tests");
        Assert.Equal("2 of 3 answers are the expected ones; not: plain-words", verdict.Summary);
    }

    [Fact]
    [Trait("Mission", "M15")]
    public void An_answer_that_was_never_given_is_a_wrong_one()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Verification = Answered("drawn-1", null) with { Shortfall = "case drawn-1 (3 of 3): the program ended without answering it" } });
        Expect(verdict, RunStatus.Fail, "failed-tests");
        Assert.Contains("ended without answering", verdict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M15")]
    public void Fewer_results_than_cases_fail_even_where_all_of_them_are_right() =>
        Expect(Judge.Decide(Sample.FakeRun with { Verification = Verified with { Expected = 4 } }), RunStatus.Fail, "failed-tests");

    [Fact]
    [Trait("Mission", "M15")]
    public void Trouble_of_the_verifier_says_nothing_about_the_backend()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Verification = Verified with { Trouble = "the driver did not come up" } });
        Expect(verdict, RunStatus.Inconclusive, "verifier-failed");
        Assert.Equal(Fault.Verifier, verdict.Fault);
        Assert.Null(verdict.Observations.IsolatedVerification);
    }

    [Fact]
    public void Trouble_of_the_verifier_excuses_no_act_of_the_backend()
    {
        var verdict = Judge.Decide(Sample.FakeRun with
        {
            Verification = Verified with { Trouble = "the driver did not come up" },
            Workspace = Sample.Changed(Sample.Modified("strings.py"), Sample.Added("more.py")),
        });
        Assert.Equal((RunStatus.Fail, Fault.Backend), (verdict.Status, verdict.Fault));
    }

    [Fact]
    [Trait("Mission", "M15")]
    public void Outputs_that_nobody_compared_are_no_pass() =>
        Expect(Judge.Decide(Sample.FakeRun with { Verification = null }), RunStatus.Inconclusive, "evidence-incomplete");

    [Fact]
    public void Processes_that_outlive_a_sandbox_of_the_verification_fail() =>
        Expect(Judge.Decide(Sample.FakeRun with { Verification = Verified with { Survivors = 2 } }), RunStatus.Fail, "survivors");

    [Fact]
    public void Processes_that_could_not_be_counted_are_no_pass() =>
        Expect(Judge.Decide(Sample.FakeRun with { Verification = Verified with { Survivors = null } }), RunStatus.Inconclusive, "evidence-incomplete");

    [Fact]
    [Trait("Mission", "M17")]
    public void Without_an_allowed_change_a_real_backend_fails_by_no_diff_although_nothing_was_verified()
    {
        var verdict = Judge.Decide(Sample.CaseRun with { Workspace = Sample.Changed(), Test = null, Verification = null });
        Assert.Equal("no-diff", verdict.Blockers[0].Code.Text);
        Assert.DoesNotContain("tests_passed", verdict.Blockers[^1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunStatus.Pass, new string[0])]
    [InlineData(RunStatus.Fail, new[] { "no-diff" })]
    [InlineData(RunStatus.Inconclusive, new[] { "failed-tests", "verifier-failed" })]
    [Trait("Mission", "M16")]
    public void A_cheat_that_was_not_caught_as_it_had_to_be_makes_the_verdict_worthless(RunStatus status, string[] codes)
    {
        var cheat = Sample.Controls.Controls[1];
        var others = Sample.Controls with { Controls = [Sample.Controls.Controls[0], cheat with { Outcome = cheat.Outcome with { Status = status, Codes = [.. codes] } }] };
        var verdict = Judge.Decide(Sample.FakeRun with { Others = others });
        Expect(verdict, RunStatus.Inconclusive, "verifier-failed");
        Assert.Contains("the control cheat must fail with failed-tests", verdict.Summary, StringComparison.Ordinal);
        Assert.Equal("controls/cheat/report.json", verdict.Blockers[0].Evidence);
    }

    [Fact]
    [Trait("Mission", "M16")]
    public void A_baseline_that_does_not_pass_makes_the_verdict_worthless()
    {
        var others = Sample.Controls with { Baseline = Sample.Baseline with { Status = RunStatus.Fail, Codes = ["failed-tests"] } };
        Expect(Judge.Decide(Sample.FakeRun with { Others = others }), RunStatus.Inconclusive, "verifier-failed");
    }

    [Fact]
    [Trait("Mission", "M16")]
    public void A_backend_that_is_not_the_fake_engine_needs_a_baseline() =>
        Assert.Contains(
            Judge.Decide(Sample.CaseRun with { Others = Sample.Controls }).Blockers,
            blocker => blocker.Code == BlockerCode.EvidenceIncomplete && blocker.Message.Contains("baseline", StringComparison.Ordinal));

    [Fact]
    [Trait("Mission", "M16")]
    public void Controls_that_nobody_ran_are_no_pass_and_controls_left_out_on_demand_are_noted()
    {
        Expect(Judge.Decide(Sample.FakeRun with { Others = null }), RunStatus.Inconclusive, "evidence-incomplete");
        Expect(Judge.Decide(Sample.FakeRun with { Others = Sample.Controls with { Controls = [] } }), RunStatus.Inconclusive, "evidence-incomplete");
        var verdict = Judge.Decide(Sample.FakeRun with { Others = new OtherLanes(null, [], ControlsLeftOut: true) });
        Assert.Equal(RunStatus.Pass, verdict.Status);
        Assert.Equal("controls-left-out", Assert.Single(verdict.Findings).Code);
    }

    [Fact]
    [Trait("Mission", "M16")]
    public void A_control_is_judged_although_no_process_was_started()
    {
        var lane = Sample.FakeRun with { Lane = Lane.Noop, Backend = null, Others = null, Workspace = Sample.Changed(), Test = null, Verification = null };
        Expect(Judge.Decide(lane), RunStatus.Fail, "no-diff");
        Assert.Equal(RunStatus.Pass, Judge.Decide(lane with { Workspace = Sample.Workspace, Test = Sample.Ended, Verification = Verified }).Status);
        Expect(Judge.Decide(lane with { Lane = Lane.Subject }), RunStatus.Inconclusive, "evidence-incomplete");
    }

    [Fact]
    [Trait("Mission", "M17")]
    public void An_exit_code_like_a_signals_excuses_no_failure()
    {
        var killed = Sample.FakeRun with { Backend = new BackendOutcome(Sample.Ended with { End = EndKind.Signalled, ExitCode = 137 }, 0, 0) };
        Expect(Judge.Decide(killed), RunStatus.Inconclusive, "evidence-incomplete");
        Expect(Judge.Decide(killed with { Workspace = Sample.Changed(), Test = null, Verification = null }), RunStatus.Fail, "no-diff");
        Expect(Judge.Decide(killed with { Verification = Answered("plain-words", null) }), RunStatus.Fail, "failed-tests");
    }

    private static VerificationOutcome Answered(string name, Answer? output) =>
        Verified with { Results = [.. Verified.Results.Select(result => result.Name == name ? result with { Output = output } : result)] };

    private static void Expect(Verdict verdict, RunStatus status, string first)
    {
        Assert.Equal(status, verdict.Status);
        Assert.Equal(first, verdict.Blockers[0].Code.Text);
    }
}
