using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Verification;

/// <summary>The other lanes of a run: their verdicts are known, and a run whose lanes come out otherwise is worth nothing.</summary>
[Trait("Mission", "M16")]
public sealed class ControlTests
{
    [Fact]
    public void Every_run_has_two_controls_that_fail_for_their_reasons_with_all_the_files_of_a_bundle()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        var controls = bundle.Report["controls"]!.AsArray();
        Assert.Equal(["noop no-diff True", "cheat failed-tests True"], controls.Select(one => $"{Text(one, "name")} {Text(one, "wanted")} {one!["as_expected"]!.GetValue<bool>()}"));
        foreach (var control in controls)
        {
            var lane = Path.Combine(bundle.Folder, Text(control, "artifact_dir"));
            Assert.DoesNotContain(Bundle.ForEveryOutcome, name => !File.Exists(Path.Combine(lane, name)));
            var report = JsonNode.Parse(File.ReadAllBytes(Path.Combine(lane, "report.json")))!;
            Assert.Equal(("fail", Text(control, "artifact_dir"), bundle.Report["run_id"]!.GetValue<string>()), (Text(report, "status"), Text(report, "lane"), Text(report, "run_id")));
            Assert.False(report["backend_process_started"]!.GetValue<bool>());
            EventChain.Assert(Path.Combine(lane, "events.normalized.jsonl"));
        }

        Assert.True(controls[1]!["tests_passed"]!.GetValue<bool>());
        Assert.Empty(File.ReadAllBytes(bundle.At("controls/noop/patch.diff")));
        Assert.False(Directory.Exists(bundle.At("baseline")));
    }

    [Theory]
    [InlineData(Outcomes.Scripts.WrongWork, 1)]
    [InlineData(":", 1)]
    [InlineData(Outcomes.Scripts.RightWork + ": > more", 1)]
    public void A_run_that_fails_has_its_controls_too(string script, int exit)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(script).Run().Expect(exit).Bundle();
        Assert.All(bundle.Report["controls"]!.AsArray(), one => Assert.True(one!["as_expected"]!.GetValue<bool>()));
    }

    [Fact]
    public void A_cheat_that_nobody_catches_makes_the_run_inconclusive()
    {
        using var root = new TempRoot();
        root.Write(
            "harness/fixtures/r1-string-slugify/verify/cheats.yaml",
            "schema: cto-harness/cheats/v1\ncontrol: honest\ncheats:\n  - name: honest\n    title: Does the work\n    breach: failed-tests\n    files:\n      strings.py: |\n"
            + string.Concat(File.ReadLines(Path.Combine(root.FixtureFolder, "solution", "strings.py")).Select(line => $"        {line}\n")));
        var bundle = root.Run().Run().Expect(4).Bundle().Expect("inconclusive", "verifier-failed");
        Assert.Contains("the control cheat must fail with failed-tests and came out pass", bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Controls_may_be_left_out_and_the_report_says_so()
    {
        using var root = new TempRoot();
        var bundle = root.Run("--no-controls").Run().Expect(0).Bundle().Expect("pass");
        Assert.Null(bundle.Report["controls"]);
        Assert.Contains("controls-left-out", bundle.Findings);
        Assert.False(Directory.Exists(bundle.At("controls")));
        Assert.Contains("left out on demand", bundle.Text("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Controls_start_no_program_but_those_of_the_verification()
    {
        using var root = new TempRoot();
        var finished = root.Run().Traced().Run().Expect(0);

        // The shell that enters the sandbox's control group names the whole command too.
        Assert.Single(Strace.Programs(finished.Root), line =>
            line.Contains("given/engine.sh\"", StringComparison.Ordinal) && Strace.Starts(line, "/bin/sh") && !line.Contains("cgroup.procs", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_engine_stands_beside_the_fake_engines_baseline_of_the_same_run_and_contract()
    {
        using var root = new TempRoot();
        var bundle = Scripted(root, "sed -i 's/raise NotImplementedError/return text/' strings.py").Run().Expect(1).Bundle();
        var baseline = bundle.Report["baseline"]!;
        Assert.Equal(("fake", "pass", "baseline", "."), (Text(baseline, "engine"), Text(baseline, "status"), Text(baseline, "artifact_dir"), Text(baseline, "backend_artifact_dir")));
        var differences = baseline["differences"]!.AsArray().Select(one => one!.GetValue<string>()).ToList();
        Assert.Contains("status: fail; fake: pass", differences);
        Assert.Contains("test command: failed; fake: passed", differences);
        Assert.Contains(differences, one => one.StartsWith("expected answers: ", StringComparison.Ordinal));
        Assert.True(baseline["fake"]!["duration_ms"]!.GetValue<long>() > 0);
        Assert.Equal("{\"type\":\"started\"}", File.ReadLines(bundle.At("baseline/backend/stdout.log")).First());
        Assert.Contains("Backend and baseline differ", bundle.Text("report.md"), StringComparison.Ordinal);
        var own = Contracts(bundle.At("events.normalized.jsonl"));
        Assert.Equal(own, Contracts(bundle.At("baseline/events.normalized.jsonl")));
    }

    [Fact]
    public void Two_lanes_that_came_to_the_same_do_not_differ()
    {
        using var root = new TempRoot();
        var work = File.ReadAllText(Path.Combine(root.FixtureFolder, "solution", "strings.py"));
        var bundle = Scripted(root, $"cat > strings.py <<'PY'\n{work}PY\n").Run().Expect(0).Bundle().Expect("pass");
        Assert.True(bundle.Report["backend_stand_in"]!.GetValue<bool>());
        Assert.Empty(bundle.Report["baseline"]!["differences"]!.AsArray());
    }

    [Fact]
    public void A_baseline_that_fails_makes_the_run_inconclusive()
    {
        using var root = new TempRoot();
        root.Write("harness/engines/fake/engine.sh", ":");
        var work = File.ReadAllText(Path.Combine(root.FixtureFolder, "solution", "strings.py"));
        var bundle = Scripted(root, $"cat > strings.py <<'PY'\n{work}PY\n").Run().Expect(4).Bundle().Expect("inconclusive", "verifier-failed");
        Assert.Contains("baseline came out fail (no-diff", bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_of_another_engine_never_sees_the_solution()
    {
        using var root = new TempRoot();
        var bundle = Scripted(root, "ls -R \"$(dirname \"$0\")\"; ls \"$1\"").Run().Expect(1).Bundle();
        Assert.DoesNotContain("solution", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.Contains("strings.py", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
    }

    private static HarnessCommand Scripted(TempRoot root, string script)
    {
        root.Write("harness/engines/other.yaml", "schema: cto-harness/engine/v1\nname: other\nkind: scripted\ntitle: Another script\nscript: other/other.sh\n");
        root.Write("harness/engines/other/other.sh", script);
        return root.Run("--engine", "other").Set("CTO_HARNESS_ALLOW_OTHER", "1").Set("CTO_HARNESS_OTHER_STAGE", "2");
    }

    private static string Contracts(string events) => JsonNode.Parse(File.ReadLines(events).Single(line => line.Contains("\"task.contract.created\"", StringComparison.Ordinal)))!["data"]!["contract"]!.GetValue<string>();

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();
}
