using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>What the record of calls, the protected roots and the search for targets do to a verdict.</summary>
[Trait("Mission", "M11")]
[Trait("Mission", "M12")]
[Trait("Mission", "M13")]
public sealed class JudgeObservationTests
{
    private static readonly Digest One = Digest.Of([1]);
    private static readonly Digest Other = Digest.Of([2]);
    private static readonly TargetSearch Nothing = new([], [], [], [], []);

    [Theory]
    [InlineData(AttemptClass.Protected)]
    [InlineData(AttemptClass.Home)]
    [InlineData(AttemptClass.Hidden)]
    [InlineData(AttemptClass.Target)]
    public void A_try_to_change_what_is_somebodys_fails_the_run(AttemptClass what)
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Calls = Calls(Try(what, writes: true)) });
        Assert.Equal((RunStatus.Fail, false), (verdict.Status, verdict.Observations.AllowedWrites));
        Assert.Contains(verdict.Blockers, one => one.Code == BlockerCode.WriteOutsideRoots && one.Message.Contains("open-write /a\\u{A}b", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AttemptClass.Outside)]
    [InlineData(AttemptClass.Noise)]
    [InlineData(AttemptClass.Network)]
    [InlineData(AttemptClass.Unresolved)]
    public void Another_try_that_was_refused_is_on_record_and_fails_nothing(AttemptClass what)
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Calls = Calls(Try(what, writes: true)) });
        Assert.Equal((RunStatus.Pass, true), (verdict.Status, verdict.Observations.AllowedWrites));
    }

    [Theory]
    [InlineData(AttemptClass.Outside, "tried-outside")]
    [InlineData(AttemptClass.Network, "tried-network")]
    [InlineData(AttemptClass.Unresolved, "tried-unresolved")]
    [InlineData(AttemptClass.Noise, null)]
    public void A_try_that_failed_nothing_is_noted_but_for_noise(AttemptClass what, string? code) => Assert.Equal(
        code is null ? [] : [code],
        Judge.Decide(Sample.FakeRun with { Calls = Calls(Try(what, writes: true)) }).Findings.Select(one => one.Code));

    [Fact]
    public void A_look_at_a_target_fails_the_run_also_where_it_is_in_no_list()
    {
        var calls = Calls(Try(AttemptClass.Target, writes: false)) with { Attempts = [] };
        var verdict = Judge.Decide(Sample.FakeRun with { Calls = calls, Targets = Nothing });
        Assert.Equal((RunStatus.Fail, false), (verdict.Status, verdict.Observations.NoTargetInspection));
        Assert.Contains(verdict.Blockers, one => one.Code == BlockerCode.TargetOpened);
    }

    [Fact]
    public void No_target_was_inspected_only_where_somebody_searched_and_watched_to_the_end()
    {
        Assert.Null(Judge.Decide(Sample.FakeRun with { Calls = Calls() }).Observations.NoTargetInspection);
        Assert.Null(Judge.Decide(Sample.FakeRun with { Targets = Nothing }).Observations.NoTargetInspection);
        Assert.True(Judge.Decide(Sample.FakeRun with { Calls = Calls(), Targets = Nothing }).Observations.NoTargetInspection);
        Assert.False(Judge.Decide(Sample.FakeRun with { Calls = Calls(), Targets = Nothing with { Config = ["x"] } }).Observations.NoTargetInspection);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(0, "the disk is full")]
    public void A_record_that_is_not_whole_is_no_pass(long dropped, string trouble)
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Calls = Calls() with { Dropped = dropped, Trouble = trouble } });
        Assert.Equal((RunStatus.Inconclusive, (bool?)null), (verdict.Status, verdict.Observations.AllowedWrites));
    }

    [Fact]
    public void A_protected_root_that_changed_fails_the_run_and_one_that_was_not_digested_proves_nothing()
    {
        var same = new ProtectedRoot("vendor-source", "/srv/vendor", RootState.Unchanged, 3, One, One, [], "");
        var changed = same with { State = RootState.Changed, After = Other, Changes = ["changed: a\nb"] };
        Assert.True(Roots(same).Observations.NoMutation);
        Assert.Null(Roots(same with { After = Other }).Observations.NoMutation);
        Assert.Null(Roots(same, same with { State = RootState.NotObserved, After = null }).Observations.NoMutation);
        Assert.Null(Roots(same with { State = RootState.NotDeclared, Path = "" }).Observations.NoMutation);
        var verdict = Roots(same, changed);
        Assert.Equal((RunStatus.Fail, false), (verdict.Status, verdict.Observations.NoMutation));
        Assert.Contains(verdict.Blockers, one => one.Code == BlockerCode.ProtectedRootChanged && one.Message.Contains("changed: a\\u{A}b", StringComparison.Ordinal));
    }

    [Fact]
    public void The_report_tells_each_try_the_coverage_the_roots_and_the_surfaces()
    {
        var evidence = Sample.FakeRun with
        {
            Calls = Calls(Try(AttemptClass.Outside, writes: true), Try(AttemptClass.Target, writes: false)),
            Roots = [new ProtectedRoot("vendor-source", "/srv/vendor", RootState.Unchanged, 3, One, One, [], "")],
            Targets = Nothing with { Environment = ["PATH"] },
        };
        var report = JsonNode.Parse(Encoding.UTF8.GetString(ReportJson.Of(evidence, Judge.Decide(evidence), [])))!;
        Assert.Equal("/a\nb", report["allowed_writes"]!["attempts"]!.AsArray().Single()!["path"]!.GetValue<string>());
        Assert.Equal(2, report["allowed_writes"]!["coverage"]!["recorded"]!.GetValue<long>());
        Assert.Equal("target", report["no_target_inspection"]!["attempts"]!.AsArray().Single()!["class"]!.GetValue<string>());
        Assert.Equal("PATH", report["no_target_inspection"]!["surfaces"]!["environment"]!.AsArray().Single()!.GetValue<string>());
        Assert.Equal(("unchanged", 3L), (report["protected_roots"]!.AsArray().Single()!["state"]!.GetValue<string>(), report["protected_roots"]!.AsArray().Single()!["entries"]!.GetValue<long>()));
    }

    [Fact]
    public void A_root_that_was_named_and_is_not_among_those_that_were_digested_leaves_nothing_proved()
    {
        var root = new ProtectedRoot("vendor-source", "/srv/vendor", RootState.Unchanged, 3, One, One, [], "");
        Assert.True(Roots(root).Observations.NoMutation);
        Assert.Null(Judge.Decide(Named(Sample.FakeRun, root, root with { Path = "/srv/other" }) with { Roots = [root] }).Observations.NoMutation);
        Assert.Null(Judge.Decide(Named(Sample.FakeRun, root with { Role = "declared" }) with { Roots = [root] }).Observations.NoMutation);
    }

    [Fact]
    public void A_root_that_could_not_be_observed_is_no_pass_but_for_a_stand_in_and_the_reason_is_noted()
    {
        var root = new ProtectedRoot("vendor-source", "/srv/ven\ndor", RootState.NotObserved, 3, One, null, [], "after the run: it has more\nentries");
        var real = Judge.Decide(Named(Sample.CaseRun, root) with { Roots = [root] });
        Assert.Equal(RunStatus.Inconclusive, real.Status);
        Assert.Contains("no_mutation_passed", Assert.Single(real.Blockers).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no_mutation_passed", Assert.Single(Judge.Decide(Named(Sample.CaseRun, Seen(root)) with { Roots = [Seen(root)] }).Blockers).Message, StringComparison.Ordinal);
        var standIn = Roots(root, root with { Role = "declared" });
        Assert.Equal(RunStatus.Pass, standIn.Status);
        var note = Assert.Single(standIn.Findings);
        Assert.Equal("root-not-observed", note.Code);
        Assert.Equal(
            "nothing is proved of vendor-source \"/srv/ven\\u{A}dor\", declared \"/srv/ven\\u{A}dor\": after the run: it has more\\u{A}entries", note.Message);
    }

    [Fact]
    public void The_message_of_a_change_names_ten_and_counts_the_rest()
    {
        var root = new ProtectedRoot("declared", "/srv", RootState.Changed, 30, One, Other, [.. Enumerable.Range(10, 12).Select(n => $"added {n}")], "") { ChangesTotal = 20 };
        var message = Assert.Single(Roots(root).Blockers).Message;
        Assert.Contains("added 10; added 11", message, StringComparison.Ordinal);
        Assert.Contains("added 19 and 10 more; whoever", message, StringComparison.Ordinal);
    }

    private static ProtectedRoot Seen(ProtectedRoot root) => root with { State = RootState.Unchanged, After = root.Before, Trouble = "" };

    private static RunEvidence Named(RunEvidence evidence, params ProtectedRoot[] roots) =>
        evidence with { Identity = evidence.Identity with { ProtectedRoots = [.. roots.Select(root => (root.Role, root.Path))] } };

    private static Verdict Roots(params ProtectedRoot[] roots) => Judge.Decide(Named(Sample.FakeRun, roots) with { Roots = [.. roots] });

    private static Attempt Try(AttemptClass what, bool writes) => new(DateTimeOffset.UnixEpoch, writes ? "open-write" : "open-read", "/a\nb", "", 12, "/bin/sh", true, what, writes);

    private static CallRecord Calls(params Attempt[] tries) => new(
        10, tries.Length, 0, 0, [.. tries],
        tries.CountBy(one => one.Class).ToImmutableSortedDictionary(one => one.Key, one => (long)one.Value),
        tries.Where(one => one.Writes).CountBy(one => one.Class).ToImmutableSortedDictionary(one => one.Key, one => (long)one.Value), ["one way"], "");
}
