using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>What decides where several things went wrong at once. Every reason is listed all the same.</summary>
public sealed class JudgeOrderTests
{
    private static readonly WorkspaceOutcome Disallowed = Sample.Changed(Sample.Modified("strings.py"), Sample.Modified("test_strings.py"));

    [Fact]
    public void A_backend_that_broke_out_of_its_files_fails_although_the_machine_had_trouble_too()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Workspace = Disallowed, Trouble = new RunTrouble(BlockerCode.Infrastructure, "disk full") });
        Assert.Equal((RunStatus.Fail, Fault.Backend), (verdict.Status, verdict.Fault));
        Assert.Contains("test_strings.py", verdict.Summary, StringComparison.Ordinal);
        Assert.Equal(["infrastructure", "disallowed-file"], verdict.Blockers.Select(b => b.Code.Text));
    }

    [Fact]
    public void Trouble_explains_what_the_backend_left_undone()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Workspace = Sample.Changed(), Test = null, Events = [], Trouble = new RunTrouble(BlockerCode.Infrastructure, "disk full") });
        Assert.Equal((RunStatus.Inconclusive, Fault.Infrastructure, "disk full"), (verdict.Status, verdict.Fault, verdict.Summary));
    }

    [Fact]
    public void Without_trouble_what_was_left_undone_is_the_backends()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Workspace = Sample.Changed(), Test = null, Events = [] });
        Assert.Equal((RunStatus.Fail, Fault.Backend), (verdict.Status, verdict.Fault));
    }

    [Fact]
    public void Who_interrupts_a_run_learns_nothing_about_the_backend()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Workspace = Disallowed, Trouble = new RunTrouble(BlockerCode.Interrupted, "Ctrl-C") });
        Assert.Equal((RunStatus.Inconclusive, "Ctrl-C"), (verdict.Status, verdict.Summary));
    }

    [Fact]
    public void Trouble_before_the_start_is_not_the_gates_doing()
    {
        var verdict = Judge.Decide(Sample.BlockedCaseRun with { Trouble = new RunTrouble(BlockerCode.Infrastructure, "no space") });
        Assert.Equal((RunStatus.Inconclusive, "no space"), (verdict.Status, verdict.Summary));
        Assert.Equal(3, verdict.Blockers.Length);
    }

    [Fact]
    public void The_first_of_several_refusals_is_the_summary()
    {
        var verdict = Judge.Decide(Sample.BlockedCaseRun);
        Assert.Equal(verdict.Blockers[0].Message, verdict.Summary);
        Assert.Contains("CTO_HARNESS_ALLOW_CASE", verdict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_names_at_most_ten_files_and_counts_the_rest()
    {
        var changes = Enumerable.Range(0, 13).Select(i => Sample.Added($"extra{i:D2}.py")).ToArray();
        var message = Judge.Decide(Sample.FakeRun with { Workspace = Sample.Changed([Sample.Modified("strings.py"), .. changes]) }).Summary;
        Assert.Contains("extra09.py and 3 more", message, StringComparison.Ordinal);
        Assert.DoesNotContain("extra10.py", message, StringComparison.Ordinal);
    }
}
