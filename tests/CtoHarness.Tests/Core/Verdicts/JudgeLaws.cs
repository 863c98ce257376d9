using System.Collections.Immutable;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>Laws over evidence of every shape, also such as no run of this version leaves.</summary>
public sealed class JudgeLaws
{
    private static readonly Gen<Blocker> Blockers = Gen.Elements(BlockerCode.All.AsEnumerable()).Select(code => new Blocker(code, $"because of {code}", "report.json"));

    private static readonly Gen<int?> Survivors = Gen.Elements<int?>(null, 0, 0, 0, 1);

    // Mostly sound, so that the laws are also tried on runs that pass.
    private static readonly Gen<ProgramOutcome> Programs =
        from sound in Gen.Elements(true, true, true, false)
        from end in Gen.Elements(EndKind.Exited, EndKind.Exited, EndKind.Exited, EndKind.Signalled, EndKind.TimedOut, EndKind.Interrupted, EndKind.SandboxFailed)
        from code in Gen.Elements<int?>(null, 0, 0, 0, 1)
        from survivors in Survivors
        select sound
            ? Sample.Ended with { End = EndKind.Exited, ExitCode = 0, Survivors = 0 }
            : Sample.Ended with { End = end, ExitCode = code, Survivors = survivors };

    private static readonly Gen<WorkspaceOutcome?> Workspaces = Gen.Elements<WorkspaceOutcome?>(
        null,
        new WorkspaceOutcome(null, "too big", default, null),
        Sample.Changed(),
        Sample.Workspace,
        Sample.Workspace,
        Sample.Changed(Sample.Modified("strings.py"), Sample.Added("other.py")),
        Sample.Changed(Sample.Modified("strings.py"), Sample.Added("__pycache__/x")));

    private static readonly Gen<ImmutableArray<(string Name, Observer Observer)>> Events =
        from dropped in Gen.Choose(-18, EventNames.Required.Length - 1)
        from claimed in Gen.Choose(-18, EventNames.Required.Length - 1)
        select EventNames.Required.Where((_, i) => i != dropped).Select((name, i) => (name, i == claimed ? Observer.Backend : Observer.Harness)).ToImmutableArray();

    private static readonly Gen<VerificationOutcome?> Verifications =
        from sound in Gen.Elements(true, true, true, false)
        from odd in Gen.Elements<VerificationOutcome?>(
            null,
            Sample.Verified with { Trouble = "no driver" },
            Sample.Verified with { Shortfall = "it ended" },
            Sample.Verified with { Expected = 4 },
            Sample.Verified with { Survivors = null },
            Sample.Verified with { Survivors = 1 },
            Sample.Verified with { Expected = 0, Results = [] },
            Wrong(null),
            Wrong(Sample.Said("A-b")))
        select sound ? Sample.Verified : odd;

    private static readonly Gen<OtherLanes?> Others =
        from sound in Gen.Elements(true, true, true, false)
        from odd in Gen.Elements<OtherLanes?>(
            null,
            Sample.Controls with { Controls = [] },
            Sample.Controls with { Controls = [], ControlsLeftOut = true },
            Sample.Controls with { Baseline = Sample.Baseline with { Status = RunStatus.Fail, Codes = ["failed-tests"] } },
            Sample.Controls with { Controls = [Unmasked(RunStatus.Pass)] },
            Sample.Controls with { Controls = [Unmasked(RunStatus.Inconclusive, "failed-tests")] })
        select sound ? Sample.Controls with { Baseline = Sample.Baseline } : odd;

    private static readonly Gen<RunEvidence> Evidence =
        from engine in Gen.Elements(Sample.FakeRun, Sample.FakeRun, Sample.CaseRun)
        from started in Gen.Elements(true, true, true, false)
        from program in Programs
        from workspace in Workspaces
        from tested in Gen.Elements(true, true, true, false)
        from test in Programs
        from verification in Verifications
        from others in Others
        from events in Events
        from refusals in Gen.Elements(0, 0, 0, 1).SelectMany(many => Blockers.ArrayOf(many))
        from trouble in Gen.Elements(true, false, false, false).SelectMany(any => Blockers.Select(b => any ? new RunTrouble(b.Code, b.Message) : null))
        select engine with
        {
            Backend = started ? Sample.Backend with { Program = program } : null,
            Workspace = workspace,
            Test = tested ? test : null,
            Verification = verification,
            Others = others,
            Events = events,
            Refusals = [.. refusals],
            Trouble = trouble,
        };

    [Fact]
    public void A_run_passes_exactly_when_nothing_blocks_it() =>
        Holds(e => Judge.Decide(e) is var verdict && verdict.Blockers.IsEmpty == (verdict.Status == RunStatus.Pass));

    [Fact]
    public void Nobody_is_at_fault_exactly_when_a_run_passes() =>
        Holds(e => Judge.Decide(e) is var verdict && (verdict.Fault == Fault.None) == (verdict.Status == RunStatus.Pass));

    [Fact]
    public void Every_verdict_says_why_in_a_sentence() => Holds(e => Judge.Decide(e).Summary.Length > 0);

    [Fact]
    public void A_real_engine_never_passes_in_this_version() =>
        Holds(e => e.Identity.Engine.IsFake || Judge.Decide(e).Status != RunStatus.Pass);

    [Fact]
    public void Some_of_the_evidence_tried_here_passes() =>
        Assert.Contains(Evidence.Sample(2000), e => Judge.Decide(e).Status == RunStatus.Pass);

    [Fact]
    public void One_more_refusal_never_makes_a_pass() =>
        Never(Blockers, (e, refusal) => e with { Refusals = e.Refusals.Add(refusal) });

    [Fact]
    public void Trouble_never_makes_a_pass() =>
        Never(Blockers, (e, blocker) => e with { Trouble = new RunTrouble(blocker.Code, blocker.Message) });

    [Fact]
    public void One_more_disallowed_change_never_makes_a_pass() =>
        Never(
            Gen.Elements("test_strings.py", "new/file", "-"),
            (e, path) => e.Workspace?.Change is { } change
                ? e with { Workspace = e.Workspace with { Change = change with { Disallowed = change.Disallowed.Add(Sample.Added(path)) } } }
                : null);

    [Fact]
    public void One_more_claim_of_the_backend_changes_nothing() =>
        Law.Holds(
            from e in Evidence from name in Gen.Elements(EventNames.Required.AsEnumerable()) select (e, name),
            pair => Judge.Decide(pair.e with { Events = pair.e.Events.Add((pair.name, Observer.Backend)) }) is var claimed
                && Judge.Decide(pair.e) is var before
                && claimed.Status == before.Status && claimed.Blockers.SequenceEqual(before.Blockers));

    [Fact]
    public void A_pass_means_that_the_backend_ran_changed_an_allowed_file_and_left_nothing_behind() =>
        Holds(e => Judge.Decide(e).Status != RunStatus.Pass
            || e is { Backend.Program: { End: EndKind.Exited, Survivors: 0 }, Workspace.Change: { Allowed.IsEmpty: false, Disallowed.IsEmpty: true } });

    [Fact]
    [Trait("Mission", "M15")]
    public void A_pass_means_that_the_test_command_was_seen_to_succeed() =>
        Holds(e => Judge.Decide(e) is var verdict && (verdict.Status != RunStatus.Pass || verdict.Observations.Tests == true));

    [Fact]
    [Trait("Mission", "M15")]
    public void A_pass_means_that_every_answer_was_given_and_is_exactly_the_expected_one() =>
        Holds(e => Judge.Decide(e).Status != RunStatus.Pass
            || e.Verification is { Trouble: "", Shortfall: "", Survivors: 0, Expected: > 0, Results: var results } verification
            && results.Length == verification.Expected && results.All(result => result.Output!.SameAs(result.Expected!)));

    [Fact]
    [Trait("Mission", "M16")]
    public void A_pass_means_that_every_control_failed_for_its_reason_and_that_the_baseline_passed() =>
        Holds(e => Judge.Decide(e).Status != RunStatus.Pass
            || e.Others is { } others && others.Controls.All(control => control.AsExpected) && (others.ControlsLeftOut || !others.Controls.IsEmpty)
            && (others.Baseline?.Status ?? RunStatus.Pass) == RunStatus.Pass);

    [Fact]
    [Trait("Mission", "M15")]
    public void One_more_wrong_answer_never_makes_a_pass() =>
        Never(
            Gen.Elements<Answer?>(null, Sample.Said(""), new Answer.Raised("ValueError")),
            (e, answer) => e.Verification is { } before
                ? e with { Verification = before with { Expected = before.Expected + 1, Results = before.Results.Add(Sample.Result("more", CaseSource.Drawn) with { Output = answer }) } }
                : null);

    [Fact]
    [Trait("Mission", "M16")]
    public void One_more_control_that_nobody_refused_never_makes_a_pass() =>
        Never(
            Gen.Elements(RunStatus.Pass, RunStatus.Inconclusive, RunStatus.Blocked),
            (e, status) => e.Others is { } before ? e with { Others = before with { Controls = before.Controls.Add(Unmasked(status)) } } : null);

    private static VerificationOutcome Wrong(Answer? output) =>
        Sample.Verified with { Results = Sample.Verified.Results.SetItem(1, Sample.Verified.Results[1] with { Output = output }) };

    private static ControlOutcome Unmasked(RunStatus status, params string[] codes) => new(
        new LaneOutcome(Lane.Cheat, "cheat", status, [.. codes], null, [], null, null, null, 1), "cheat", BlockerCode.FailedTests);

    private static void Holds(Func<RunEvidence, bool> law) => Law.Holds(Evidence, law, tries: 3000);

    // What an addition breaks may not come right by it: not a pass before, and not a pass with it even where there was one.
    private static void Never<T>(Gen<T> additions, Func<RunEvidence, T, RunEvidence?> add) =>
        Law.Holds(
            from e in Evidence from addition in additions select (e, addition),
            pair => add(pair.e, pair.addition) is not { } worse || Judge.Decide(worse).Status != RunStatus.Pass,
            tries: 3000);
}
