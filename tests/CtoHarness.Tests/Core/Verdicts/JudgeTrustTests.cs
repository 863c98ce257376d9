using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>Whose word counts, and what silence is worth.</summary>
public sealed class JudgeTrustTests
{
    [Fact]
    [Trait("Mission", "M14")]
    public void An_event_that_only_the_backend_claims_satisfies_nothing()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Events = [.. EventNames.Required.Select(name => (name, Observer.Backend))] });
        Assert.Equal(EventNames.Required.ToArray(), verdict.MissingEvents.ToArray());
        Assert.False(verdict.Observations.RequiredEvents);
        Assert.Equal(RunStatus.Fail, verdict.Status);
    }

    [Theory]
    [InlineData(Observer.Kernel)]
    [InlineData(Observer.Gateway)]
    [InlineData(Observer.Harness)]
    [Trait("Mission", "M14")]
    public void An_event_that_another_saw_counts(Observer observer)
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Events = [.. EventNames.Required.Select(name => (name, observer))] });
        Assert.True(verdict.Observations.RequiredEvents);
        Assert.Equal(RunStatus.Pass, verdict.Status);
    }

    [Fact]
    [Trait("Mission", "M14")]
    public void The_judge_requires_six_events_and_leaves_the_seventh_to_sealing() =>
        Assert.Equal(
            ["run.started", "task.contract.created", "plan.updated", "git.diff.checked", "patch.applied", "verification.completed"],
            EventNames.Required.ToArray());

    [Fact]
    [Trait("Mission", "M15")]
    public void What_the_backend_claims_and_its_exit_code_change_no_verdict()
    {
        var boasting = Sample.FakeRun with { Backend = new BackendOutcome(Sample.Ended with { ExitCode = 0 }, 1_000_000, 0), Workspace = Sample.Changed() };
        var modest = Sample.FakeRun with { Backend = new BackendOutcome(Sample.Ended with { ExitCode = 1 }, 0, 50) };
        Assert.Equal(RunStatus.Fail, Judge.Decide(boasting).Status);
        Assert.Equal(RunStatus.Pass, Judge.Decide(modest).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Mission", "M07")]
    public void A_backend_that_ran_behind_a_closed_gate_is_no_pass_whatever_the_pipeline_says(int closed)
    {
        var gates = Sample.CaseRun.Identity.Gates;
        var behind = Sample.FakeRun with { Identity = Sample.FakeRun.Identity with { Gates = gates.SetItem(closed, gates[closed] with { Found = "true" }) } };
        var verdict = Judge.Decide(behind);
        Assert.Equal(RunStatus.Inconclusive, verdict.Status);
        Assert.Contains(verdict.Blockers, b => b.Message.Contains(gates[closed].Name, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Mission", "M10")]
    public void A_backend_that_ran_with_a_model_that_is_not_admitted_is_no_pass() =>
        Assert.NotEqual(RunStatus.Pass, Judge.Decide(Sample.FakeRun with { Identity = Sample.FakeRun.Identity with { ModelAdmission = ModelAdmission.Unknown } }).Status);

    [Fact]
    [Trait("Mission", "M08")]
    public void A_backend_that_ran_after_a_failed_check_or_without_a_contract_is_no_pass()
    {
        Assert.NotEqual(RunStatus.Pass, Judge.Decide(Sample.FakeRun with { Preflight = [new PreflightCheck("sandbox", false, "no")] }).Status);
        Assert.NotEqual(RunStatus.Pass, Judge.Decide(Sample.FakeRun with { Contract = null }).Status);
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void A_backend_that_ran_after_a_self_test_that_went_wrong_is_no_pass()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { SelfTest = [new PreflightCheck("write-outside", true, ""), new PreflightCheck("dns-out", false, "done")] });
        Assert.NotEqual(RunStatus.Pass, verdict.Status);
        Assert.Contains(verdict.Blockers, blocker => blocker.Message.Contains("dns-out", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void A_real_engine_whose_sandbox_nobody_tried_is_not_proved()
    {
        Assert.DoesNotContain("self_test", Assert.Single(Judge.Decide(Sample.CaseRun).Blockers).Message, StringComparison.Ordinal);
        Assert.Contains("self_test", Assert.Single(Judge.Decide(Sample.CaseRun with { SelfTest = null }).Blockers).Message, StringComparison.Ordinal);
        Assert.Contains("self_test", Assert.Single(Judge.Decide(Sample.CaseRun with { SelfTest = [] }).Blockers).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M06")]
    public void A_real_engine_never_passes_on_what_nobody_observed()
    {
        var verdict = Judge.Decide(Sample.CaseRun);
        var blocker = Assert.Single(verdict.Blockers);
        Assert.Equal((RunStatus.Inconclusive, "evidence-incomplete"), (verdict.Status, blocker.Code.Text));
        foreach (var name in new[] { "allowed_writes_passed", "no_mutation_passed", "no_target_inspection_passed", "freshness_passed" })
        {
            Assert.Contains(name, blocker.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Mission", "M05")]
    public void An_engine_that_only_calls_itself_fake_gets_no_such_leave()
    {
        var name = Sample.CaseRun with { Identity = Sample.CaseRun.Identity with { Engine = Sample.Case with { Name = "fake" } } };
        var kind = Sample.CaseRun with { Identity = Sample.CaseRun.Identity with { Engine = Sample.Fake with { Name = "other" } } };
        Assert.Equal(RunStatus.Inconclusive, Judge.Decide(name).Status);
        Assert.Equal(RunStatus.Inconclusive, Judge.Decide(kind).Status);
    }

    [Fact]
    public void What_this_version_does_not_observe_is_null_and_never_true()
    {
        var seen = Judge.Decide(Sample.FakeRun).Observations;
        Assert.Equal(new Observations(true, true, null, null, null, null, true), seen);
    }

    [Fact]
    public void Before_a_backend_started_nothing_was_observed()
    {
        var verdict = Judge.Decide(Sample.BlockedCaseRun);
        Assert.Equal(new Observations(null, null, null, null, null, null, null), verdict.Observations);
        Assert.Empty(verdict.MissingEvents);
    }

    [Fact]
    public void A_sandbox_that_vanished_leaves_the_tests_unobserved()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Test = Sample.Ended with { End = EndKind.SandboxFailed, ExitCode = null } });
        Assert.Null(verdict.Observations.Tests);
    }

    [Fact]
    [Trait("Mission", "M15")]
    public void A_run_whose_test_command_was_never_run_is_no_pass()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Test = null });
        Assert.NotEqual(RunStatus.Pass, verdict.Status);
    }

    [Fact]
    public void The_same_evidence_gives_the_same_verdict()
    {
        var one = Judge.Decide(Sample.BlockedCaseRun);
        var two = Judge.Decide(Sample.BlockedCaseRun with { Contract = Sample.BlockedCaseRun.Contract! with { Instruction = "Another text.\n" } });
        Assert.Equal(one.Blockers.ToArray(), two.Blockers.ToArray());
        Assert.Equal((one.Status, one.Fault, one.Summary, one.Observations), (two.Status, two.Fault, two.Summary, two.Observations));
    }

    [Fact]
    [Trait("Mission", "M10")]
    public void A_model_that_no_registry_names_is_not_admitted()
    {
        var model = new ModelName("qwen-local", "qwen3.6-35b-a3b");
        var registry = new ModelRegistry([(model, ModelAdmission.Admitted), (model with { Name = "bad" }, ModelAdmission.Refused)]);
        Assert.Equal(ModelAdmission.Admitted, registry.AdmissionOf(model));
        Assert.Equal(ModelAdmission.Refused, registry.AdmissionOf(model with { Name = "bad" }));
        Assert.Equal(ModelAdmission.Unknown, registry.AdmissionOf(model with { Name = "Qwen3.6-35b-a3b" }));
        Assert.Equal(ModelAdmission.Unknown, registry.AdmissionOf(model with { Provider = "other" }));
        Assert.Equal(ModelAdmission.NotApplicable, registry.AdmissionOf(null));
    }
}
