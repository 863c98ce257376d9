using System.Text;
using System.Text.RegularExpressions;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Evidence;

[Trait("Mission", "M18")]
public sealed partial class ReportPageTests
{
    [Fact]
    public void The_page_of_a_passing_fake_run() => Approved.Matches("report.fake-pass.md", Page(Sample.FakeRun));

    [Fact]
    [Trait("Mission", "M07")]
    public void The_page_of_a_case_run_whose_gates_are_closed() =>
        Approved.Matches("report.case-blocked.md", ReportPage.Of(Sample.BlockedCaseRun, Judge.Decide(Sample.BlockedCaseRun), []));

    [Fact]
    public void The_page_of_a_case_run_whose_provider_let_it_down() =>
        Approved.Matches("report.case-provider.md", ReportPage.Of(Sample.TroubledCaseRun, Judge.Decide(Sample.TroubledCaseRun), []));

    [Fact]
    [Trait("Mission", "M14")]
    public void What_a_backend_says_is_on_the_page_whether_it_calls_a_model_or_not()
    {
        const string said = "The backend said of itself, and nobody believes it: 3 record(s) in 4 line(s)";
        var without = Sample.CaseRun with { Identity = Sample.CaseRun.Identity with { Provider = null, Model = null } };
        Assert.Contains(said, Text(Page(Sample.CaseRun)), StringComparison.Ordinal);
        Assert.Contains("## What the backend said of itself\n\n" + said, Text(Page(without)), StringComparison.Ordinal);
        Assert.DoesNotContain("said of itself", Text(Page(without with { Claims = null })), StringComparison.Ordinal);

        static string Text(byte[] page) => System.Text.Encoding.UTF8.GetString(page);
    }

    [Fact]
    public void The_page_of_a_failed_run_full_of_hostile_names() =>
        Approved.Matches("report.hostile-fail.md", ReportPage.Of(HostileRun.Evidence, Judge.Decide(HostileRun.Evidence), HostileRun.Artifacts));

    [Fact]
    public void A_workspace_that_was_refused_says_why() =>
        Assert.Contains(
            "The workspace was refused: more than 100000 entries.\n",
            Text(Sample.FakeRun with { Workspace = new WorkspaceOutcome(null, "more than 100000 entries", default, null) }),
            StringComparison.Ordinal);

    [Fact]
    public void A_workspace_without_a_change_says_so() =>
        Assert.Contains("## What changed\n\nNothing.\n", Text(Sample.FakeRun with { Workspace = Sample.Changed() }), StringComparison.Ordinal);

    [Fact]
    [Trait("Mission", "M13")]
    public void What_was_searched_for_targets_is_told_with_how_many_were_declared()
    {
        var nothing = new TargetSearch([], [], [], [], []);
        Assert.DoesNotContain("searched:", Text(Sample.FakeRun), StringComparison.Ordinal);
        Assert.Contains(
            "- no target was declared, so every absolute path must be one that the run has business with; searched: contract, command arguments, runtime inputs, environment, config; found: nothing\n",
            Text(Sample.FakeRun with { Identity = Sample.FakeRun.Identity with { Targets = 0 }, Targets = nothing }), StringComparison.Ordinal);
        Assert.Contains(
            "- targets declared: 3; searched: contract, command arguments, runtime inputs, environment, config; found: **2** (",
            Text(Sample.FakeRun with { Identity = Sample.FakeRun.Identity with { Targets = 3 }, Targets = nothing with { Config = ["a", "b"] } }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_is_cut_and_says_how_many_are_left()
    {
        var page = Text(Sample.FakeRun with { Workspace = Sample.Changed([.. Enumerable.Range(0, 150).Select(i => Sample.Added($"f{i:D3}"))]) });
        Assert.Contains("\u2026 and 50 more; report.json has them all.", page, StringComparison.Ordinal);
        Assert.Equal(100, AddedRow().Count(page));
    }

    [Fact]
    public void Whatever_was_named_the_page_has_no_HTML_no_control_character_and_only_its_own_headings() =>
        Law.Holds(Some.Text, text =>
        {
            // What ends a code span has a law of its own.
            var name = text.Replace("`", "", StringComparison.Ordinal);
            var page = Text(Hostile(name.Length == 0 ? "x" : name));
            return page.All(c => c == '\n' || !char.IsControl(c))
                && !CodeSpan().Replace(page, "").AsSpan().ContainsAny('<', '>')
                && Heading().Matches(page).Select(match => match.Value).SequenceEqual(Heading().Matches(Text(Hostile("x"))).Select(match => match.Value));
        });

    private static RunEvidence Hostile(string text) => Sample.FakeRun with
    {
        Trouble = new RunTrouble(BlockerCode.Infrastructure, "it said: " + text),
        Preflight = [new PreflightCheck(text, false, text)],
        Identity = Sample.FakeRun.Identity with { Harness = Sample.FakeRun.Identity.Harness with { Version = text }, NonceFrom = text, ArtifactFolder = "/" + text },
    };

    private static byte[] Page(RunEvidence evidence) => ReportPage.Of(evidence, Judge.Decide(evidence), Sample.Artifacts);

    private static string Text(RunEvidence evidence) => Encoding.UTF8.GetString(Page(evidence));

    [GeneratedRegex(@"^\| `f\d{3}` \| added file \| \*\*no\*\* \|$", RegexOptions.Multiline)]
    private static partial Regex AddedRow();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("^#+ .*$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
