using System.Text.RegularExpressions;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.MainJob;

[Trait("Mission", "M18")]
public sealed class FirstRunTests : IClassFixture<OneRun>
{
    private readonly OneRun _run;

    public FirstRunTests(OneRun run) => _run = run;

    [Fact]
    public void The_first_run_passes_and_prints_one_document_which_is_the_report()
    {
        Assert.Equal(File.ReadAllBytes(_run.Bundle.At("report.json")), _run.Finished.Output);
        Assert.Equal("cto-harness/report/v1", _run.Finished.Json["schema"]!.GetValue<string>());
        _run.Bundle.Expect("pass");
        Assert.Equal("none", _run.Bundle.Report["fault"]!.GetValue<string>());
        Assert.Equal(["strings.py"], _run.Bundle.Report["changed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
    }

    [Fact]
    public void Its_bundle_holds_what_was_asked_for_and_what_came_of_it()
    {
        string[] more =
        [
            "contract.json", "engine.json", "policy.json", "fixture/fixture.yaml", "fixture/instruction.md", "fixture/solution/strings.py", "fixture/verify/cases.yaml",
            "fixture/verify/cheats.yaml", "fixture/workspace/strings.py", "driver/driver.py", "observations.jsonl", "verification.jsonl", "verification.log", "solution.log",
            "attestation.sigstore.json", "snapshots/fixture.tree", "snapshots/before.tree", "snapshots/after.tree",
            .. Bundle.ForEveryOutcome.SelectMany(name => new[] { "controls/noop/" + name, "controls/cheat/" + name }),
            "controls/cheat/verification.jsonl", "controls/cheat/verification.log", "controls/noop/snapshots/after.tree", "controls/cheat/snapshots/after.tree",
        ];
        Assert.Equal(
            Bundle.ForEveryOutcome.Concat(more).Concat(["fixture/workspace/README.md", "fixture/workspace/test_strings.py"]).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(_run.Bundle.Folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(_run.Bundle.Folder, path)).Order(StringComparer.Ordinal));
        Assert.Contains("Ran 11 tests", _run.Bundle.Text("test.log"), StringComparison.Ordinal);
        Assert.Contains("\"type\":\"finished\"", _run.Bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M14")]
    public void Its_events_hold_together_and_the_seven_are_there_seen_by_the_harness()
    {
        EventChain.Assert(_run.Bundle.At("events.normalized.jsonl"));
        string[] seven =
        [
            "run.started", "task.contract.created", "plan.updated", "git.diff.checked", "patch.applied", "verification.completed", "run.completed",
        ];
        Assert.Equal(seven, _run.Bundle.EventNames.Where(seven.Contains));
        Assert.All(_run.Bundle.Events, one => Assert.Equal("harness", one["observer"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("\"seq\":3", "\"seq\":4")]
    [InlineData("task.contract.created", "task.contract.credited")]
    [InlineData("\"status\":\"pass\"", "\"status\":\"fail\"")]
    public void Control_a_changed_event_does_not_hold_together(string old, string now)
    {
        using var root = new TempRoot();
        var text = _run.Bundle.Text("events.normalized.jsonl");
        Assert.Contains(old, text, StringComparison.Ordinal);
        root.Write("events.jsonl", text.Replace(old, now, StringComparison.Ordinal));
        Assert.True(EventChain.Refuses(root.At("events.jsonl")));
    }

    [Fact]
    [Trait("Mission", "M15")]
    public void Its_patch_turns_the_pristine_workspace_into_the_solution()
    {
        using var root = new TempRoot();
        var workspace = root.At("harness/fixtures/r1-string-slugify/workspace");
        Tool.Run("git", "-C", workspace, "apply", "--whitespace=nowarn", _run.Bundle.At("patch.diff"));
        Assert.Equal(
            File.ReadAllText(Repository.At("harness", "fixtures", TempRoot.Fixture, "solution", "strings.py")),
            File.ReadAllText(Path.Combine(workspace, "strings.py")));
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void Nothing_is_left_beside_the_bundle()
    {
        _run.Root.AssertNoScratch();
        Assert.Empty(Directory.GetFileSystemEntries(_run.Root.At("tmp")));
        Assert.Equal([".config/cto-harness/keys/own/harness.key"], Directory.GetFiles(_run.Root.Home, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_run.Root.Home, path)));
        Assert.Empty(Directory.GetFileSystemEntries(_run.Root.At("xdg")));
    }

    [Fact]
    [Trait("Mission", "M19")]
    public void Its_name_is_made_of_time_and_task_and_process()
    {
        var name = Path.GetFileName(_run.Bundle.Folder);
        Assert.Matches(new Regex("^[0-9]{8}T[0-9]{6}Z-r1-string-slugify-[0-9]+$"), name);
        Assert.StartsWith(name[..15], _run.Bundle.Report["started_at"]!.GetValue<string>().Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("-" + _run.Bundle.Events[0]["data"]!["process"]!.ToJsonString(), name, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M19")]
    public void Its_report_has_every_name_that_users_scripts_read()
    {
        string[] names =
        [
            "run_id", "status", "backend", "stage", "model_provider", "model", "model_admission_status", "source_admission_status", "changed_files",
            "tests_passed", "required_events_passed", "allowed_writes_passed", "no_target_inspection_passed", "blockers", "artifacts", "freshness",
            "baseline", "harness_commit", "harness_worktree_clean",
        ];
        Assert.DoesNotContain(names, name => !_run.Bundle.Report.AsObject().ContainsKey(name));
        Assert.Equal("not_admitted", _run.Bundle.Report["source_admission_status"]!.GetValue<string>());
        Assert.DoesNotContain(_run.Bundle.Report.AsObject(), field => field.Key.StartsWith("case_", StringComparison.Ordinal));
        Assert.Equal(".", _run.Bundle.Report["baseline"]!["artifact_dir"]!.GetValue<string>());
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void It_is_fresh_and_what_nobody_could_observe_is_null_and_not_true()
    {
        Assert.True(_run.Bundle.Report["freshness_passed"]!.GetValue<bool>());
        Assert.Null(_run.Bundle.Report["freshness"]!["nonce_seen_by_gateway"]);
        Assert.Null(_run.Bundle.Report["provider_stand_in"]);
        Assert.Null(_run.Bundle.Report["model_traffic"]);
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void It_wrote_nowhere_else_and_the_kernel_was_asked()
    {
        Assert.True(_run.Bundle.Report["allowed_writes_passed"]!.GetValue<bool>());
        var coverage = _run.Bundle.Report["allowed_writes"]!["coverage"]!;
        Assert.True(coverage["notified"]!.GetValue<long>() > 10);
        Assert.Equal((0, 0, true), (coverage["recorded"]!.GetValue<long>(), coverage["unresolved"]!.GetValue<long>(), coverage["complete"]!.GetValue<bool>()));
        Assert.NotEmpty(coverage["not_covered"]!.AsArray());
    }

    [Fact]
    public void Its_page_says_the_verdict_first_and_names_the_bundle()
    {
        var page = _run.Bundle.Text("report.md");
        Assert.StartsWith("# PASS: r1-string-slugify by fake\n", page, StringComparison.Ordinal);
        Assert.Contains(_run.Bundle.Folder, page, StringComparison.Ordinal);
        Assert.Contains("| the bundle is no older one | yes | harness |", page, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void Its_contract_and_policy_have_the_digests_that_the_report_names()
    {
        var digests = _run.Bundle.Report["freshness"]!["digests"]!;
        foreach (var name in new[] { "contract", "policy" })
        {
            var artifact = _run.Bundle.Report["artifacts"]!.AsArray().Single(one => one!["path"]!.GetValue<string>() == name + ".json");
            Assert.Equal(artifact!["sha256"]!.GetValue<string>(), digests[name]!.GetValue<string>());
        }
    }
}
