using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Verdicts;

[Trait("Mission", "M20")]
public sealed class FreshnessTests
{
    private static readonly RunEvidence Fresh = Sample.CaseRun with
    {
        Identity = Sample.CaseRun.Identity with { Model = null, ModelAdmission = ModelAdmission.NotApplicable },
        Written = new WrittenTimes(Sample.CaseRun.Identity.Started.Wall, Sample.CaseRun.Completed.Wall),
        BootIdAfter = Sample.CaseRun.Identity.BootId,
    };

    public static TheoryData<string, Func<RunEvidence, RunEvidence>> Stale => new()
    {
        { "another nonce", run => run with { Contract = run.Contract! with { Nonce = new string('b', 64) } } },
        { "another nonce", run => run with { Contract = run.Contract! with { NonceFrom = "verifier" } } },
        { "another policy", run => run with { Contract = run.Contract! with { PolicyDigest = Digest.Of("other"u8) } } },
        { "started anew", run => run with { BootIdAfter = "99999999-2222-3333-4444-555555555555" } },
        { "two clocks", run => run with { Completed = run.Completed with { MonotonicMs = run.Completed.MonotonicMs + 60_000 } } },
        { "two clocks", run => run with { Completed = run.Completed with { Wall = run.Identity.Started.Wall.AddSeconds(-1) } } },
        { "two clocks", run => run with { Completed = run.Completed with { Wall = run.Completed.Wall.AddDays(1) } } },
        { "not written within", run => run with { Written = run.Written! with { First = run.Identity.Started.Wall.AddHours(-1) } } },
        { "not written within", run => run with { Written = run.Written! with { Last = run.Completed.Wall.AddHours(1) } } },
        { "not written within", run => run with { Written = new WrittenTimes(run.Completed.Wall, run.Identity.Started.Wall) } },
    };

    [Fact]
    public void A_run_whose_nonce_clocks_boot_and_files_agree_is_fresh() => Assert.True(Judge.Decide(Fresh).Observations.Freshness);

    [Theory]
    [MemberData(nameof(Stale))]
    public void A_run_in_which_one_of_them_does_not_is_no_pass(string words, Func<RunEvidence, RunEvidence> change)
    {
        var verdict = Judge.Decide(change(Fresh));
        Assert.False(verdict.Observations.Freshness);
        Assert.Equal(RunStatus.Inconclusive, verdict.Status);
        Assert.Contains(verdict.Blockers, blocker => blocker.Code == BlockerCode.EvidenceIncomplete && blocker.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void What_nobody_looked_at_is_not_observed()
    {
        Assert.Null(Judge.Decide(Fresh with { Written = null }).Observations.Freshness);
        Assert.Null(Judge.Decide(Fresh with { BootIdAfter = null }).Observations.Freshness);
        Assert.Null(Judge.Decide(Fresh with { Contract = null }).Observations.Freshness);
    }

    [Fact]
    [Trait("Mission", "M10")]
    public void A_backend_that_never_asks_its_model_about_the_run_fails_by_what_it_left_undone_all_the_same()
    {
        var undone = Fresh with { Identity = Sample.CaseRun.Identity, Workspace = Sample.Changed(), Test = null, Verification = null };
        foreach (var calls in new ModelCall[][] { [], [Sample.Call with { HasNonce = false }] })
        {
            var verdict = Judge.Decide(Watched(undone with { Traffic = new ModelTraffic([.. calls], 0, "") }));
            Assert.Equal((RunStatus.Fail, "no-diff"), (verdict.Status, verdict.Blockers[0].Code.Text));
            var done = Judge.Decide(Watched(Fresh with { Identity = Sample.CaseRun.Identity, Traffic = new ModelTraffic([.. calls], 0, "") }));
            Assert.Equal((RunStatus.Inconclusive, "evidence-incomplete"), (done.Status, done.Blockers[0].Code.Text));
        }

        Assert.Equal(RunStatus.Inconclusive, Judge.Decide(Watched(undone with { Traffic = null })).Status);
    }

    // All else that a real backend's run must have observed.
    private static RunEvidence Watched(RunEvidence evidence) => evidence with
    {
        Calls = new CallRecord(1, 0, 0, 0, [], ImmutableSortedDictionary<AttemptClass, long>.Empty, ImmutableSortedDictionary<AttemptClass, long>.Empty, [], ""),
        Roots = [new ProtectedRoot("harness-checkout", "/src/harness", RootState.Unchanged, 3, Digest.Zero, Digest.Zero, [], ""), new ProtectedRoot("case-source", "", RootState.NotDeclared, null, null, null, [], "")],
        Targets = new TargetSearch([], [], [], [], []),
    };

    [Fact]
    [Trait("Mission", "M10")]
    public void Where_a_model_is_called_only_the_gateway_could_tell()
    {
        var called = Fresh with { Identity = Sample.CaseRun.Identity, Traffic = null };
        Assert.Null(Judge.Decide(called).Observations.Freshness);
        Assert.Null(Judge.Decide(called with { Traffic = new ModelTraffic([], 0, "") }).Observations.Freshness);
        Assert.True(Judge.Decide(called with { Traffic = Sample.Traffic }).Observations.Freshness);
        Assert.False(Judge.Decide(called with { Traffic = new ModelTraffic([Sample.Call with { HasNonce = false }], 0, "") }).Observations.Freshness);
    }
}
