using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>What is noted besides the verdict and never changes it.</summary>
public sealed class NotesTests
{
    [Fact]
    public void A_quiet_run_has_nothing_noted() => Assert.Empty(Judge.Decide(Sample.FakeRun).Findings);

    [Fact]
    public void An_exit_code_other_than_0_is_noted() => Notes("backend-exit-code", Program(Sample.Ended with { ExitCode = 3 }));

    [Fact]
    public void Output_beyond_the_limit_is_counted() => Notes("output-cut", Program(Sample.Ended with { CutBytes = 17 }));

    [Fact]
    public void Ignored_by_products_are_counted() =>
        Notes("ignored-files", Sample.FakeRun with { Workspace = Sample.Changed(Sample.Modified("strings.py"), Sample.Added("__pycache__/a.pyc")) });

    [Fact]
    public void A_link_among_the_ignored_by_products_is_named()
    {
        var evidence = Sample.FakeRun with { Workspace = Sample.Changed(Sample.Modified("strings.py"), Sample.Added("__pycache__/a", EntryKind.Link)) };
        Assert.Equal(["special-entry", "ignored-files"], Judge.Decide(evidence).Findings.Select(f => f.Code));
    }

    [Fact]
    public void A_harness_with_local_changes_is_noted()
    {
        var dirty = Sample.FakeRun.Identity with { Harness = Sample.FakeRun.Identity.Harness with { WorktreeClean = false } };
        Notes("harness-worktree-dirty", Sample.FakeRun with { Identity = dirty });
    }

    [Fact]
    public void Where_a_withheld_value_was_replaced_is_named_with_whose_it_was()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Replaced = [new ReplacedValues("backend/stdout.log", ["API_KEY", "MY_TOKEN"])] });
        var note = Assert.Single(verdict.Findings);
        Assert.Equal(("value-replaced", "backend/stdout.log"), (note.Code, note.Evidence));
        Assert.Contains("API_KEY, MY_TOKEN", note.Message, StringComparison.Ordinal);
        Assert.Equal(Judge.Decide(Sample.FakeRun).Status, verdict.Status);
    }

    [Fact]
    public void A_special_entry_is_named_with_what_it_is()
    {
        var verdict = Judge.Decide(Sample.FakeRun with { Workspace = Sample.Changed(Sample.Modified("strings.py"), Sample.Added("pipe", EntryKind.Special, "fifo")) });
        Assert.Equal(RunStatus.Fail, verdict.Status);
        Assert.Equal("added fifo: pipe", Assert.Single(verdict.Findings).Message);
    }

    private static RunEvidence Program(ProgramOutcome program) => Sample.FakeRun with { Backend = Sample.Backend with { Program = program } };

    private static void Notes(string code, RunEvidence evidence)
    {
        var verdict = Judge.Decide(evidence);
        Assert.Equal(code, Assert.Single(verdict.Findings).Code);
        Assert.Equal(RunStatus.Pass, verdict.Status);
    }
}
