using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Interrupts;

[Trait("Mission", "M18")]
public sealed class RepairTests
{
    private const string WaitForGo = "cp \"$1/strings.py\" .; : > ../out/sleeping; while [ ! -e ../out/go ]; do sleep 0.05; done";

    [Fact]
    public void A_killed_run_is_closed_as_interrupted_with_all_that_was_known_of_it()
    {
        using var root = new TempRoot();
        var name = Killed(root, "--nonce", new string('b', 64), "--protect", root.Home);
        Assert.Equal(["closed run", "removed scratch"], Repaired.AssertAll(root).Actions());
        var bundle = new Bundle(Path.Combine(root.Runs, name));
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Equal("infrastructure", bundle.Report["fault"]!.GetValue<string>());
        Assert.Equal("interrupted", bundle.Codes[0]);
        Assert.DoesNotContain("there was no contract", bundle.Messages, StringComparison.Ordinal);
        Assert.Null(bundle.Report["backend_process_started"]);
        Assert.DoesNotContain("No backend process was started", bundle.Text("report.md"), StringComparison.Ordinal);
        Assert.Equal(new string('b', 64), bundle.Report["freshness"]!["nonce"]!.GetValue<string>());
        Assert.NotNull(bundle.Report["freshness"]!["digests"]!["contract"]);
        Assert.Equal(5, bundle.Report["preflight"]!.AsArray().Count);
        Assert.Equal(bundle.Folder, bundle.Report["run_artifact_dir"]!.GetValue<string>());
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
        Assert.Contains("# INCONCLUSIVE", root.Command("show", "latest").Run().Expect(0).Text, StringComparison.Ordinal);
        Assert.Empty(Repaired.Run(root));
    }

    [Fact]
    public void A_run_that_goes_on_is_listed_as_running_left_alone_and_passes()
    {
        using var root = new TempRoot();
        var script = root.Backend(WaitForGo);
        using var dead = script.Start();
        dead.WaitFor("the first run", () => Sleeping(root) == 1);
        using var living = script.Start();
        living.WaitFor("the second run", () => Sleeping(root) == 2);
        dead.Signal("KILL");
        dead.Wait().Expect(137);
        var states = root.Command("runs", "--json").Started().Json["runs"]!.AsArray().Select(row => row!["state"]!.GetValue<string>()).Order(StringComparer.Ordinal);
        Assert.Equal(["interrupted", "running"], states);
        var repaired = root.Command("runs", "repair", "--json").Started().Expect(0).Json["items"]!.AsArray().Select(item => item!);
        Assert.Equal(["closed run", "left run", "left scratch", "removed scratch"], repaired.Actions());
        File.WriteAllText(Path.Combine(Assert.Single(Directory.GetDirectories(root.Work)), "subject/root/out/go"), "");
        living.Wait().Expect(0);
        Assert.Equal(["inconclusive", "pass"], Directory.GetDirectories(root.Runs).Select(path => new Bundle(path).AssertWhole().Status).Order(StringComparer.Ordinal));
        Assert.Empty(Repaired.AssertAll(root));
    }

    [Fact]
    public void Two_repairs_at_once_close_each_run_once()
    {
        using var root = new TempRoot();
        for (var number = 0; number < 4; number++)
        {
            Killed(root);
        }

        using var first = root.Command("runs", "repair", "--json").Start();
        using var second = root.Command("runs", "repair", "--json").Start();
        var items = new[] { first.Wait().Expect(0), second.Wait().Expect(0) }.SelectMany(one => one.Json["items"]!.AsArray().Select(item => item!)).ToList();
        Assert.Equal(4, items.Where(item => item["action"]!.GetValue<string>() == "closed").Select(item => item["name"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(4, items.Count(item => item["action"]!.GetValue<string>() == "closed"));
        Repaired.AssertNothingLeft(root);
        Assert.All(Directory.GetDirectories(root.Runs), path => Assert.Equal("inconclusive", new Bundle(path).Status));
    }

    [Theory]
    [InlineData("truncate -s -7 events.normalized.jsonl", "sandbox.started", false)]
    [InlineData("printf '{\"seq\":7,' >> events.normalized.jsonl", "sandbox.started", true)]
    [InlineData("head -c 100000 /dev/urandom >> events.normalized.jsonl", "sandbox.started", true)]
    [InlineData("sed -i '3s/plan/plot/' events.normalized.jsonl", "plan.updated", false)]
    [InlineData("printf '{\"half' > report.json; : > report.md; printf '{\"half' >> trace.jsonl; rm -r backend", "sandbox.started", true)]
    public void What_is_torn_or_does_not_chain_is_cut_off(string act, string eventName, bool isKept)
    {
        using var root = new TempRoot();
        var name = Killed(root);
        Tool.Run("/bin/sh", "-c", $"cd '{root.Runs}/.{name}.unfinished' && {act}");
        Repaired.AssertAll(root);
        var bundle = new Bundle(Path.Combine(root.Runs, name));
        Assert.Equal("interrupted", bundle.Codes[0]);
        Assert.Equal(isKept, bundle.EventNames.Contains(eventName));
        Assert.Equal(["evidence.collected", "run.completed"], bundle.EventNames.TakeLast(2));
        Schemas.Assert(root, "span.v1.json", [.. File.ReadLines(bundle.At("trace.jsonl")).Select(System.Text.Encoding.UTF8.GetBytes)]);
    }

    [Theory]
    [InlineData(": > policy.json")]
    [InlineData("printf '{\"half' > engine.json")]
    [InlineData(": > fixture/fixture.yaml")]
    [InlineData("rm snapshots/fixture.tree")]
    [InlineData("truncate -s -1 fixture/workspace/strings.py; : > contract.json")]
    public void What_came_to_the_disk_only_in_part_before_a_machine_went_down_does_not_keep_a_run_from_being_closed(string act)
    {
        using var root = new TempRoot();
        var name = Killed(root);
        Tool.Run("/bin/sh", "-c", $"cd '{root.Runs}/.{name}.unfinished' && {act}");
        Repaired.AssertAll(root);
        var bundle = new Bundle(Path.Combine(root.Runs, name));
        Assert.Equal(("inconclusive", "interrupted"), (bundle.Status, bundle.Codes[0]));
        Assert.Equal(["run.started", "evidence.collected", "run.completed"], bundle.EventNames);
    }

    [Theory]
    [InlineData("rm -rf ./*")]
    [InlineData(": > events.normalized.jsonl")]
    [InlineData("head -c 1000 /dev/urandom > events.normalized.jsonl")]
    [InlineData("sed -i '1s/nonce/once/' events.normalized.jsonl")]
    public void Where_nothing_tells_of_the_run_its_folder_is_removed(string act)
    {
        using var root = new TempRoot();
        var name = Killed(root);
        Tool.Run("/bin/sh", "-c", $"cd '{root.Runs}/.{name}.unfinished' && {act}");
        var row = root.Command("runs", "--json").Run().Expect(0);
        Assert.Equal("interrupted", row.Json["runs"]![0]!["state"]!.GetValue<string>());
        Schemas.Assert(root, "run-list.v1.json", row.Output);
        Assert.Equal(["removed run", "removed scratch"], Repaired.AssertAll(root).Actions());
        Assert.Empty(Directory.GetFileSystemEntries(root.Runs));
    }

    [Theory]
    [InlineData("ln -s /etc/passwd link")]
    [InlineData("mkfifo pipe")]
    [InlineData("rm events.normalized.jsonl; mkfifo events.normalized.jsonl")]
    [InlineData("rm events.normalized.jsonl; ln -s /dev/zero events.normalized.jsonl")]
    public void What_no_run_writes_is_left_for_a_person_and_the_rest_is_repaired(string act)
    {
        using var root = new TempRoot();
        var name = Killed(root);
        var other = Killed(root);
        Tool.Run("/bin/sh", "-c", $"cd '{root.Runs}/.{name}.unfinished' && {act}");
        root.Command("runs", "--json").Run().Expect(0);
        var finished = root.Command("runs", "repair", "--json").Run().Expect(4);
        Assert.False(finished.Json["clean"]!.GetValue<bool>());
        Assert.Contains(name, finished.Error, StringComparison.Ordinal);
        Schemas.Assert(root, "run-repair.v1.json", finished.Output);
        Assert.Equal([$".{name}.unfinished", other], Directory.GetDirectories(root.Runs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        root.AssertNoScratch();
    }

    [Fact]
    public void A_run_that_was_judged_but_not_published_is_no_pass_either()
    {
        // Killed at the very call that would have given it its final name: the harness's last rename, after that of the repository and, as root, of the copy of sandbox-init.
        using var root = new TempRoot();
        using var running = root.Run().Under("/usr/bin/strace", "-qq", "-o", "/dev/null", "-e", "trace=rename", "-e", $"inject=rename:signal=KILL:error=EIO:when={(Environment.UserName == "root" ? 3 : 2)}").Start();
        running.Wait();
        var making = Assert.Single(Directory.GetDirectories(root.Runs));
        Assert.Contains("\"status\":\"pass\"", File.ReadAllText(Path.Combine(making, "events.normalized.jsonl")), StringComparison.Ordinal);
        Assert.Contains("closed run", Repaired.AssertAll(root).Actions());
        var bundle = new Bundle(Assert.Single(Directory.GetDirectories(root.Runs)));
        Assert.Equal(("inconclusive", "interrupted"), (bundle.Status, bundle.Codes[0]));
        Assert.Single(bundle.EventNames, "run.completed");
        Assert.Equal("pass", bundle.Events[^2]["data"]!["repaired"]!["status_before"]!.GetValue<string>());
    }

    [Fact]
    public void A_workspace_that_was_to_be_kept_is_kept()
    {
        using var root = new TempRoot();
        root.Run("--keep-workspace").Run().Expect(0);
        var kept = Assert.Single(Repaired.Run(root));
        Assert.Equal("left", kept["action"]!.GetValue<string>());
        Assert.True(File.Exists(Path.Combine(Assert.Single(Directory.GetDirectories(root.Work)), "subject/root/workspace/strings.py")));
    }

    [Fact]
    public void What_is_nobodys_leftover_is_not_touched()
    {
        using var root = new TempRoot();
        string[] files =
        [
            "runs/.notes.unfinished/x", "runs/.git/config", "runs/20260601T025817Z-r1-string-slugify-2907822/report.json", "runs/note.unfinished/x",
            "state/work/my-own/x", "state/cache/repositories/mine/x", "state/work/check-list/x", "tmp/other/x",
        ];
        foreach (var file in files)
        {
            root.Write(file, "a file of the user's");
        }

        Assert.Empty(Repaired.Run(root));
        Assert.All(files, file => Assert.True(File.Exists(root.At(file))));
    }

    [Fact]
    public void A_killed_check_of_fixtures_and_what_was_half_made_are_cleared_too()
    {
        using var root = new TempRoot();
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "[python3, ", "[sleep, \"300\", ");
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "-m, unittest, discover, -s, ., -p, \"test_*.py\"]", "\"300\"]");
        using var running = root.Command("fixtures", "check", "--harness-root", root.Harness).Start();
        running.WaitFor("the test command's start", () => Survivors.Find(root.Marker, "sleep\0300").Count > 0);
        Assert.Equal(["left scratch"], root.Command("runs", "repair", "--json").Started().Expect(0).Json["items"]!.AsArray().Select(item => item!).Actions());
        running.Signal("KILL");
        running.Wait().Expect(137);
        root.Write($"state/cache/repositories/v1-{new string('a', 64)}.half-made/objects/x", "");
        root.Write($"state/sandbox-init/{new string('b', 16)}.half-made/x", "");
        root.Write($"state/sandbox-init/{new string('c', 16)}/x", "");
        Assert.Equal(["removed program", "removed repository", "removed scratch"], Repaired.AssertAll(root).Actions());
        Assert.True(File.Exists(root.At($"state/sandbox-init/{new string('c', 16)}/x")));
    }

    [Fact]
    public void Without_anything_to_repair_it_says_so()
    {
        using var root = new TempRoot();
        var finished = root.Command("runs", "repair").Run().Expect(0);
        Assert.Empty(finished.Text);
        Assert.Contains("nothing is left over", finished.Error, StringComparison.Ordinal);
        Assert.Contains("cto-harness runs repair ", root.Command("runs", "repair", "--help").Run().Expect(0).Text, StringComparison.Ordinal);
        Assert.Equal(2, root.Command("runs", "repair", "--json", "--profile", "../x").Run().Expect(2).Json["exit_code"]!.GetValue<int>());
        Assert.Equal(2, root.Command("runs", "repair", "--json", "--no-such").Run().Expect(2).Json["exit_code"]!.GetValue<int>());
    }

    [Fact]
    public void Where_a_file_system_locks_nothing_runs_pass_and_nothing_is_taken_for_dead()
    {
        using var root = new TempRoot();
        string[] withoutLocks = ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK"];
        root.Run().Under(withoutLocks).Run().Expect(0).Bundle().Expect("pass");
        var name = Killed(root);
        Assert.Contains("unfinished", root.Command("runs", "--json").Under(withoutLocks).Run().Expect(0).Json["runs"]!.AsArray().Select(row => row!["state"]!.GetValue<string>()));
        root.Command("runs", "repair").Under(withoutLocks).Run().Expect(4);
        Assert.True(Directory.Exists(Path.Combine(root.Runs, $".{name}.unfinished")));
    }

    private static int Sleeping(TempRoot root) => Directory.Exists(root.Work)
        ? Directory.GetDirectories(root.Work).Count(run => File.Exists(Path.Combine(run, "subject/root/out/sleeping")))
        : 0;

    // A run whose harness is killed while its backend sleeps.
    private static string Killed(TempRoot root, params string[] words)
    {
        var before = Unfinished(root);
        var asleep = Sleeping(root);
        using (var running = root.Backend("cp \"$1/strings.py\" .; : > ../out/sleeping; sleep 300", words).Start())
        {
            running.WaitFor("its backend", () => Sleeping(root) > asleep);
            running.Signal("KILL");
            running.Wait().Expect(137);
            Survivors.AssertNone(root.Marker);
        }

        return Path.GetFileName(Unfinished(root).Except(before).Single())[1..^".unfinished".Length];
    }

    private static string[] Unfinished(TempRoot root) => Directory.Exists(root.Runs) ? Directory.GetDirectories(root.Runs, ".*.unfinished") : [];
}
