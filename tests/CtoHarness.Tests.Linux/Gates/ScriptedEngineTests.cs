using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gates;

/// <summary>A script that stands in for a backend goes the way of a real one.</summary>
[Trait("Mission", "M06")]
public sealed class ScriptedEngineTests
{
    [Fact]
    [Trait("Mission", "M07")]
    public void With_closed_gates_it_is_blocked_by_both_and_nothing_is_started()
    {
        using var root = new TempRoot();
        var bundle = Run(root, $": > {root.At("out-of-reach")}").Traced().Run().Expect(3).Bundle().Expect("blocked", "gate-closed", "gate-closed");
        Assert.Contains("CTO_HARNESS_ALLOW_MY_SCRIPT is not set", bundle.Messages, StringComparison.Ordinal);
        Assert.Contains("CTO_HARNESS_MY_SCRIPT_STAGE is not set", bundle.Messages, StringComparison.Ordinal);
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Assert.NotEmpty(Strace.Programs(root));
        Assert.DoesNotContain(Strace.Programs(root), line => line.Contains("bwrap", StringComparison.Ordinal) || line.Contains("engine.sh", StringComparison.Ordinal));
        root.AssertNoScratch();
    }

    [Fact]
    public void With_open_gates_it_runs_and_may_pass_as_a_stand_in()
    {
        using var root = new TempRoot();
        var work = $"printf '{{\"type\":\"started\"}}\\n'\ncat > \"$1/strings.py\" <<'END'\n{File.ReadAllText(Path.Combine(root.FixtureFolder, "solution/strings.py"))}END\n";
        var finished = Open(Run(root, work, "--json")).Run().Expect(0);
        var bundle = finished.Bundle().Expect("pass").AssertWhole();
        Assert.True(bundle.Report["backend_stand_in"]!.GetValue<bool>());
        Assert.Equal("my-script", bundle.Report["backend"]!.GetValue<string>());
        Assert.Equal("not_applicable", bundle.Report["model_admission_status"]!.GetValue<string>());
        Assert.Equal("baseline", bundle.Report["baseline"]!["artifact_dir"]!.GetValue<string>());
        Assert.Contains("\"started\"", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.Contains("\"stand_in\": true", bundle.Text("engine.json"), StringComparison.Ordinal);
        Schemas.Assert(root, "report.v1.json", finished.Output);
        Schemas.Assert(root, "engine.v1.json", File.ReadAllBytes(bundle.At("engine.json")));
        Schemas.Assert(root, "engine-list.v1.json", root.Command("engines", "--json", "--harness-root", root.Harness).Run().Expect(0).Output);
        root.AssertNoScratch();
    }

    [Fact]
    public void It_starts_in_the_workspace_with_its_path_alone_and_sees_no_solution()
    {
        using var root = new TempRoot();
        var bundle = Open(Run(root, "echo \"$# $1 $PWD\"; ls \"${0%/*}\"; ls -d \"${0%/*}/solution\"")).Run().Expect(1).Bundle();
        Assert.Contains("no-diff", bundle.Codes);
        var lines = bundle.Text("backend/stdout.log").TrimEnd('\n').Split('\n');
        var words = lines[0].Split(' ');
        Assert.Equal("1", words[0]);
        Assert.Equal(words[1], words[2]);
        Assert.Equal(["engine.sh"], lines[1..]);
    }

    [Fact]
    public void Control_the_fake_engine_sees_the_solution_in_the_same_place()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("ls \"${0%/*}\"").Run().Expect(1).Bundle();
        Assert.Equal("engine.sh\nsolution\n", bundle.Text("backend/stdout.log"));
    }

    [Fact]
    public void Without_its_script_it_is_not_found()
    {
        using var root = new TempRoot();
        var command = Open(Run(root, ":"));
        File.Delete(root.At("harness/engines/my-script/engine.sh"));
        var bundle = command.Run().Expect(3).Bundle().Expect("blocked", "backend-not-found");
        Assert.Contains("my-script/engine.sh is not there", bundle.Messages, StringComparison.Ordinal);
    }

    private static HarnessCommand Run(TempRoot root, string script, params string[] words)
    {
        root.Write("harness/engines/my-script.yaml", "schema: cto-harness/engine/v1\nname: my-script\nkind: scripted\ntitle: A script\nscript: my-script/engine.sh\n");
        root.Write("harness/engines/my-script/engine.sh", script);
        return root.Run(["--engine", "my-script", .. words]);
    }

    private static HarnessCommand Open(HarnessCommand command) => command.Set("CTO_HARNESS_ALLOW_MY_SCRIPT", "1").Set("CTO_HARNESS_MY_SCRIPT_STAGE", "2");
}
