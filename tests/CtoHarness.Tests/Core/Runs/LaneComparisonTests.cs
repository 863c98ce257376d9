using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Runs;

[Trait("Mission", "M16")]
public sealed class LaneComparisonTests
{
    [Fact]
    public void Two_lanes_that_came_to_the_same_do_not_differ_however_long_they_took() =>
        Assert.Empty(LaneComparison.Differences(Sample.Baseline with { Lane = Lane.Subject, Engine = "other", DurationMs = 99_999 }, Sample.Baseline));

    [Fact]
    public void Every_difference_is_named_with_both_sides()
    {
        var backend = new LaneOutcome(
            Lane.Subject, "other", RunStatus.Fail, ["no-diff"], [], ["run.started"], null, null, null, 10);
        Assert.Equal(
            [
                "status: fail; fake: pass",
                "changed files: none; fake: strings.py",
                "events: run.started; fake: run.started, task.contract.created, plan.updated, git.diff.checked, patch.applied, verification.completed",
                "test command: not run; fake: passed",
                "expected answers: not asked for; fake: 3 of 3",
            ],
            LaneComparison.Differences(backend, Sample.Baseline).ToArray());
    }

    [Fact]
    public void Many_changed_files_are_counted_and_not_all_named()
    {
        var backend = Sample.Baseline with { ChangedFiles = [.. Enumerable.Range(100, 500).Select(number => Sample.At($"file{number}"))] };
        var line = Assert.Single(LaneComparison.Differences(backend, Sample.Baseline).ToArray());
        Assert.Contains("file129 and 470 more; fake: strings.py", line, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_looked_at_is_not_none()
    {
        var line = Assert.Single(LaneComparison.Differences(Sample.Baseline with { ChangedFiles = null }, Sample.Baseline));
        Assert.StartsWith("changed files: not observed", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lanes_have_folders_of_their_own()
    {
        Assert.Equal("", Lane.Subject.Folder);
        Assert.Equal("baseline", Lane.Baseline.Folder);
        Assert.Equal(["controls/noop", "controls/cheat"], new[] { Lane.Noop.Folder, Lane.Cheat.Folder });
    }
}
