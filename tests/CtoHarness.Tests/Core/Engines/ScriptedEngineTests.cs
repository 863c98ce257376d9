using System.Text;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Engines;

[Trait("Mission", "M05")]
public sealed class ScriptedEngineTests
{
    private readonly ScriptedEngine _engine = new();

    [Fact]
    public void It_starts_the_given_script_with_the_workspace_and_no_solution()
    {
        var command = _engine.CommandFor(SomeTask.Of(Sample.Scripted));
        Assert.Equal("/bin/sh", command.Program);
        Assert.Equal(["/given/engine.sh", "/work"], command.Arguments.ToArray());
        Assert.Empty(command.Environment);
        Assert.False(_engine.SeesSolution);
        Assert.Equal("scripted", EngineKinds.Find(Sample.Scripted)!.Kind);
    }

    [Theory]
    [InlineData("""{"type":"started"}""", "started")]
    [InlineData("hello", null)]
    public void Its_lines_are_read_as_those_of_the_fake_engine(string line, string? type)
    {
        Assert.Equal(type, _engine.Recognise(Encoding.UTF8.GetBytes(line))?.Record);
        Assert.Equal(type, new FakeEngine().Recognise(Encoding.UTF8.GetBytes(line))?.Record);
    }

    [Fact]
    public void It_is_a_stand_in_and_not_the_fake_engine()
    {
        Assert.True(Sample.Scripted is { IsStandIn: true, IsFake: false });
        Assert.True(Sample.Fake is { IsStandIn: true, IsFake: true });
        Assert.True(Sample.Case is { IsStandIn: false, IsFake: false });
        Assert.False((Sample.Fake with { Name = "other" }).IsStandIn);
        Assert.False((Sample.Case with { Name = "scripted" }).IsStandIn);
        Assert.True((Sample.Case with { IsDeclaredStandIn = true }) is { IsStandIn: true, IsScript: false });
    }

    [Fact]
    [Trait("Mission", "M06")]
    public void It_has_gates_whatever_it_is_called()
    {
        Assert.Equal(2, Gates.Closed(Gates.Of(Sample.Scripted, 2, new Dictionary<string, string>())).Length);
        Assert.Equal(2, Gates.Closed(Gates.Of(Sample.Scripted with { Name = "fake" }, 2, new Dictionary<string, string>())).Length);
    }

    [Fact]
    public void It_may_pass_and_the_report_says_that_it_is_a_stand_in()
    {
        var run = Opened(Sample.FakeRun with
        {
            Identity = Sample.FakeRun.Identity with { Engine = Sample.Scripted },
            Others = Sample.Controls with { Baseline = Sample.Baseline },
        });
        var verdict = Judge.Decide(run);
        Assert.Equal(RunStatus.Pass, verdict.Status);
        var report = Encoding.UTF8.GetString(ReportJson.Of(run, verdict, []));
        Assert.Contains("\"backend_stand_in\": true", report, StringComparison.Ordinal);
        Assert.Contains("\"artifact_dir\": \"baseline\"", report, StringComparison.Ordinal);
        Assert.Contains("admits no backend to anything", Encoding.UTF8.GetString(ReportPage.Of(run, verdict, [])), StringComparison.Ordinal);
    }

    private static RunEvidence Opened(RunEvidence evidence) => evidence with
    {
        Identity = evidence.Identity with { Gates = [.. Gates.Of(Sample.Scripted, 2, new Dictionary<string, string> { ["CTO_HARNESS_ALLOW_SAYS_DONE"] = "1", ["CTO_HARNESS_SAYS_DONE_STAGE"] = "2" })] },
    };
}
