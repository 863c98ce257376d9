using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Bundles;

namespace CtoHarness.Tests.Documents.Bundles;

[Trait("Mission", "M20")]
public sealed class RecheckReviewTests
{
    private static readonly Tree Base = new([Sample.Entry("strings.py", "before")]);

    private static readonly RunEvidence Sealed = Sample.FakeRun;

    private static readonly RunEvidence Again = With(Sealed, Sample.Workspace);

    private static readonly VerificationOutcome OneWrong = Sample.Verified with
    {
        Results = [Sample.Verified.Results[0], Sample.Verified.Results[1] with { Output = Sample.Said("other") }, Sample.Verified.Results[2]],
    };

    [Fact]
    public void The_same_a_second_time_is_accepted()
    {
        var made = Compare(Sealed, Again);
        Assert.Null(made.Refusal);
        Assert.Empty(made.Trouble);
        Assert.EndsWith("the tree, the tests, the answers to newly drawn questions; not to be made again: what the backend did while it ran", made.Question, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_tree_is_refused()
    {
        var made = Compare(Sealed, With(Sealed, Sample.Changed(Sample.Modified("strings.py"), Sample.Added("more"))));
        Assert.Contains("a patch.diff that makes the judged tree", made.Refusal!.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_that_does_not_apply_is_refused_with_what_was_said()
    {
        var again = With(Sealed, Sample.Changed()) with { Backend = Sample.Backend with { Program = Sample.Ended with { ExitCode = 1 } } };
        Assert.Equal("it does not apply: error: no", Compare(Sealed, again, "error: no").Refusal!.Found);
    }

    [Fact]
    public void Tests_that_fail_where_they_passed_are_refused_and_the_other_way_round()
    {
        var failed = Sample.Ended with { ExitCode = 1 };
        Assert.Equal("ends with exit code 1", Compare(Sealed, Again with { Test = failed }).Refusal!.Found);
        Assert.Equal("ends with exit code 0", Compare(Sealed with { Test = failed }, Again).Refusal!.Found);
        Assert.Null(Compare(Sealed with { Test = failed }, Again with { Test = failed with { ExitCode = 2 } }).Refusal);
    }

    [Fact]
    public void A_wrong_answer_where_all_were_right_is_refused()
    {
        var made = Compare(Sealed, Again with { Verification = OneWrong });
        Assert.Equal("2 of 3 right; not: empty", made.Refusal!.Found);
    }

    [Fact]
    public void Wrong_answers_must_be_the_same_ones()
    {
        var was = Sealed with { Verification = OneWrong };
        Assert.Null(Compare(was, Again with { Verification = OneWrong }).Refusal);
        Assert.Equal("other answers to empty", Compare(was, Again).Refusal!.Found);
        var others = Sample.Verified with { Results = [Sample.Verified.Results[0] with { Output = Sample.Said("other") }, .. Sample.Verified.Results.Skip(1)] };
        Assert.Equal("other answers to plain-words, empty", Compare(was, Again with { Verification = others }).Refusal!.Found);
    }

    [Fact]
    public void The_same_questions_are_put_exactly_where_some_answers_were_wrong()
    {
        Assert.Null(RecheckReview.SeedFor(Of(Sealed)));
        Assert.Null(RecheckReview.SeedFor(Of(Sealed with { Verification = OneWrong with { Trouble = "the driver did not come up" } })));
        Assert.Equal(OneWrong.Seed, RecheckReview.SeedFor(Of(Sealed with { Verification = OneWrong })));
    }

    [Fact]
    public void Another_fixture_or_driver_is_refused()
    {
        var contract = Sealed.Contract!;
        Assert.NotNull(Compare(Sealed, Again with { Contract = contract with { FixtureDigest = Digest.Of("other"u8) } }).Refusal);
        Assert.NotNull(Compare(Sealed, Again with { Contract = contract with { Verification = contract.Verification with { Driver = null } } }).Refusal);
    }

    [Fact]
    public void What_only_the_machine_can_answer_for_is_neither_accepted_nor_refused()
    {
        RunEvidence[] runs =
        [
            Again with { Verification = Sample.Verified with { Trouble = "the driver did not come up" } },
            Again with { Test = Sample.Ended with { End = EndKind.TimedOut, ExitCode = null } },
            Again with { Test = Sample.Ended with { End = EndKind.OverLimit, ExitCode = null } },
            Again with { Backend = Sample.Backend with { Program = Sample.Ended with { End = EndKind.TimedOut, ExitCode = null } } },
            Again with { Test = Sample.Ended with { Survivors = 1 } },
            Sample.BlockedCaseRun,
        ];
        Assert.All(runs, run =>
        {
            var made = Compare(Sealed, run);
            Assert.Null(made.Refusal);
            Assert.NotEmpty(made.Trouble);
        });
    }

    [Fact]
    public void A_sealed_end_at_a_limit_is_not_made_again_and_the_words_say_so()
    {
        var was = Sealed with { Test = Sample.Ended with { End = EndKind.TimedOut, ExitCode = null }, Backend = Sample.Backend with { Program = Sample.Ended with { End = EndKind.TimedOut, ExitCode = null } } };
        var made = Compare(was, Again);
        Assert.Null(made.Refusal);
        Assert.Empty(made.Trouble);
        Assert.EndsWith("not to be made again: timeout, the tests, what the backend did while it ran", made.Question, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_change_there_is_nothing_to_make_again_unless_the_patch_holds_one()
    {
        var none = Sealed with { Workspace = Sample.Changed(), Test = null, Verification = null };
        Assert.Null(Nothing(none, 0)!.Refusal);
        Assert.Equal("7 bytes", Nothing(none, 7)!.Refusal!.Found);
        Assert.Equal("there is no change to recheck (gate-closed)", Nothing(Sample.BlockedCaseRun, 0)!.Question);
        Assert.Null(Nothing(Sealed, 100));
        Assert.Null(Nothing(Sealed, 0)); // an empty patch makes another tree, which will show
    }

    private static Rechecked? Nothing(RunEvidence was, long bytes) => RecheckReview.WithoutChange(Of(was), Judge.Decide(was), bytes);

    private static Rechecked Compare(RunEvidence was, RunEvidence again, string said = "") =>
        RecheckReview.Compare(Of(was), Judge.Decide(was), Of(again), Judge.Decide(again), said);

    private static RunEvidence With(RunEvidence run, WorkspaceOutcome workspace) =>
        run with { Workspace = workspace with { Tree = workspace.Change!.ApplyTo(Base).Digest() } };

    private static LaneEvidence Of(RunEvidence run) => new(
        run, new Collected(run.Completed, run.Identity.BootId), [], new SharedEvidence(run.Contract, Base, run.Preflight, ImmutableSortedDictionary<string, string>.Empty));
}
