using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Interrupts;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Roots;

/// <summary>Whole runs, while nobody and while somebody changes a protected root.</summary>
[Trait("Mission", "M12")]
public sealed class ProtectedRunTests(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    private const string Waits = ": > /tmp/waiting; until [ -e /tmp/go ]; do sleep 0.05; done\n";
    private static readonly string[] Defaults = ["harness-checkout", "harness-root", "harness-program", "engine", "home-startup"];

    [Fact]
    public void What_a_backend_tries_leaves_every_root_unchanged_which_is_the_proof()
    {
        using var root = Kept();
        var kept = root.At("kept");
        var bundle = root.Backend(
            $"{Outcomes.Scripts.RightWork}echo evil > '{kept}/file'; (: > '{kept}/new'); rm -rf '{kept}'; chmod 777 '{kept}'; touch '{kept}/file'; mkdir -p '{root.Home}/.ssh'; echo evil > '{root.Home}/.bashrc'; :",
            "--protect", kept, "--target", root.At("tmp")).Run().Expect(1).Bundle().Expect("fail", "write-outside-roots");
        Assert.True(bundle.Report["no_mutation_passed"]!.GetValue<bool>());
        foreach (var role in Defaults.Append("declared").Append("target"))
        {
            var one = Of(bundle, role);
            Assert.Equal(("unchanged", one["before"]!.GetValue<string>()), (one["state"]!.GetValue<string>(), one["after"]!.GetValue<string>()));
            Assert.Null(one["trouble"]);
        }

        Assert.Contains("artifacts", Of(bundle, "harness-checkout")["excluded"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal("not_declared", Of(bundle, "cortex-core")["state"]!.GetValue<string>());
        Assert.False(Directory.Exists(bundle.At("roots")));
        var moments = bundle.Events.Where(one => one["event"]!.GetValue<string>() == "roots.digested").Select(one => one["data"]!).ToList();
        Assert.Equal(["before", "after"], moments.Select(one => one["moment"]!.GetValue<string>()));
        Assert.Equal(moments[0]["roots"]!.ToJsonString(), moments[1]["roots"]!.ToJsonString());
        var order = bundle.EventNames.ToList();
        Assert.InRange(order.IndexOf("roots.digested"), 0, order.IndexOf("sandbox.started"));
        Assert.InRange(order.LastIndexOf("roots.digested"), order.IndexOf("verification.completed"), order.Count);
    }

    [Fact]
    public void What_somebody_changes_while_a_scripted_backend_runs_fails_the_run_and_is_named()
    {
        using var root = Kept();
        root.Write("harness/engines/slow.yaml", "schema: cto-harness/engine/v1\nname: slow\nkind: scripted\ntitle: A script\nscript: slow/engine.sh\n");
        root.Write("harness/engines/slow/engine.sh", $"{Waits}cat > \"$1/strings.py\" <<'END'\n{File.ReadAllText(Path.Combine(root.FixtureFolder, "solution/strings.py"))}END\n");
        root.Write("harness/policy.yaml", $"schema: cto-harness/policy/v1\nprotected_roots: {{vendor_source: [{root.At("kept")}]}}\n");
        var bundle = Changed(root, root.Run("--engine", "slow", "--json").Set("CTO_HARNESS_ALLOW_SLOW", "1").Set("CTO_HARNESS_SLOW_STAGE", "2"), () =>
        {
            Tool.Run("/bin/sh", "-c", $"cd '{root.At("kept")}'; touch -r file ../ref; printf other > file; touch -r ../ref file");
            root.Write("home/.bashrc", "evil");
            File.AppendAllText(root.At("harness/engines/slow/engine.sh"), "\n");
        }).Expect("fail", "protected-root-changed", "protected-root-changed", "protected-root-changed", "protected-root-changed");
        Assert.Equal("backend", bundle.Report["fault"]!.GetValue<string>());
        Assert.False(bundle.Report["no_mutation_passed"]!.GetValue<bool>());
        Assert.Contains($"vendor-source \"{root.At("kept")}\" is not what it was before the run: changed file: ctime;", bundle.Messages, StringComparison.Ordinal);
        Assert.Contains("added .bashrc", bundle.Messages, StringComparison.Ordinal);
        Assert.Contains("changed engines/slow/engine.sh: size, mtime, ctime", bundle.Messages, StringComparison.Ordinal);
        Assert.Equal("unchanged", Of(bundle, "harness-program")["state"]!.GetValue<string>());
        var changed = Of(bundle, "vendor-source");
        Assert.Equal(("changed", 1L), (changed["state"]!.GetValue<string>(), changed["changes_total"]!.GetValue<long>()));
        string[] manifests = [.. changed["manifests"]!.AsArray().Select(name => name!.GetValue<string>())];
        Assert.Equal(
            new[] { changed["before"]!.GetValue<string>(), changed["after"]!.GetValue<string>() },
            manifests.Select(name => "sha256:" + Tool.Run("/usr/bin/sha256sum", bundle.At(name))[..64]));
        Assert.Equal(8, Directory.GetFiles(bundle.At("roots")).Length);
        Assert.Contains("What changed in `" + root.At("kept"), bundle.Text("report.md"), StringComparison.Ordinal);
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
        Schemas.Assert(root, "contract.v1.json", File.ReadAllBytes(bundle.At("contract.json")));
    }

    [Fact]
    public void What_somebody_changes_while_the_tests_run_fails_the_run_too()
    {
        using var root = Kept();
        const string waits = "import os, time\nopen('/tmp/waiting', 'w').close()\nfor _ in range(100):\n    os.path.exists('/tmp/go') or time.sleep(0.05)\n";
        var script = $"{Outcomes.Scripts.RightWork}cat - strings.py > ../tmp/x <<'END'\n{waits}END\ncp ../tmp/x strings.py\n";
        var bundle = Changed(root, root.Backend(script, "--protect", root.At("kept")), () => root.Write("kept/new", ""), "test");
        Assert.Equal("changed", Of(bundle, "declared")["state"]!.GetValue<string>());
        Assert.Contains("added new", bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backend_that_is_stopped_at_its_time_is_told_apart_by_roots_that_were_digested_again()
    {
        using var root = Kept();
        var bundle = root.Backend("sleep 300", "--timeout", "1", "--protect", root.At("kept")).Run().Expect(1).Bundle();
        Assert.Contains("timeout", bundle.Codes);
        Assert.True(bundle.Report["no_mutation_passed"]!.GetValue<bool>());
    }

    [Fact]
    public void A_run_that_a_signal_ended_proves_nothing_of_any_root_and_says_why()
    {
        using var root = Kept();
        using var running = SleepingRun.InBackend(root, command => command.With("--protect", root.At("kept")));
        root.Write("kept/file", "changed");
        running.Signal("INT");
        var bundle = running.Wait().Expect(130).Bundle();
        Assert.Null(bundle.Report["no_mutation_passed"]);
        var one = Of(bundle, "declared");
        Assert.Equal("not_observed", one["state"]!.GetValue<string>());
        Assert.NotNull(one["before"]);
        Assert.Null(one["after"]);
        Assert.Contains("a signal ended the run", one["trouble"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, bundle.Findings.Count(code => code == "root-not-observed"));
        Assert.False(Directory.Exists(bundle.At("roots")));
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
    }

    [Fact]
    public void A_run_that_breaks_off_after_the_backend_digests_them_again_all_the_same()
    {
        using var root = Kept();
        var bundle = Changed(
            root,
            root.Backend($"{Outcomes.Scripts.RightWork}{Waits}", "--protect", root.At("kept"), "--json"),
            () =>
            {
                root.Write("kept/file", "changed");

                // The patch is made there: a file in its place is trouble of the machine.
                File.WriteAllText(Path.Combine(Assert.Single(Directory.GetDirectories(root.Work)), "scratch"), "");
            });
        Assert.Contains("infrastructure", bundle.Codes);
        Assert.Contains("protected-root-changed", bundle.Codes);
        Assert.Equal("changed", Of(bundle, "declared")["state"]!.GetValue<string>());
    }

    [Fact]
    public void Where_they_cannot_be_digested_again_all_other_evidence_is_kept()
    {
        using var root = Kept();
        var bundle = Changed(root, root.Backend($"{Outcomes.Scripts.RightWork}{Waits}", "--no-controls"), () =>
        {
            var roots = Path.Combine(Assert.Single(Directory.GetDirectories(root.Runs)), "roots");
            Directory.Delete(roots, recursive: true);
            File.WriteAllText(roots, "");
        });
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Contains("infrastructure", bundle.Codes);
        Assert.True(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Assert.Null(bundle.Report["no_mutation_passed"]);
    }

    [Fact]
    [Trait("Mission", "M19")]
    public void A_run_that_breaks_off_right_behind_the_backend_does_not_say_that_none_was_started()
    {
        using var root = Kept();
        var bundle = Changed(
            root, user.Of(root.Backend($"{Outcomes.Scripts.RightWork}{Waits}", "--no-controls")),
            () => File.SetUnixFileMode(Path.Combine(Assert.Single(Directory.GetDirectories(root.Work)), "subject/given"), UnixFileMode.UserRead | UnixFileMode.UserExecute)); // the used up solution cannot be removed
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Contains("sandbox.started", bundle.EventNames);
        Assert.Null(bundle.Report["backend_process_started"]);
        Assert.DoesNotContain("No backend process was started", bundle.Text("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_with_a_folder_that_is_closed_to_the_user_is_not_observed_and_a_stand_in_still_passes()
    {
        using var root = Kept();
        Directory.CreateDirectory(root.At("kept/closed"));
        var command = user.Of(root.Run("--protect", root.At("kept"), "--json"));
        File.SetUnixFileMode(root.At("kept/closed"), UnixFileMode.None);
        var bundle = command.Run().Expect(0).Bundle().Expect("pass");
        Assert.Equal("not_observed", Of(bundle, "declared")["state"]!.GetValue<string>());
        Assert.Contains("\"closed\" could not be looked at", Of(bundle, "declared")["trouble"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("unchanged", Of(bundle, "home-startup")["state"]!.GetValue<string>());
        Assert.Null(bundle.Report["no_mutation_passed"]);
        Assert.Contains("root-not-observed", bundle.Findings);
    }

    [Fact]
    public void A_root_that_is_not_there_or_that_runs_write_to_is_refused_before_anything_is_made()
    {
        using var root = Kept();
        var policy = $"schema: cto-harness/policy/v1\nprotected_roots:\n  case_source: [/no/such/source]\n  vendor_source: ['{root.State}']\n";
        root.Write("home/.config/cto-harness/policy.yaml", policy);
        Directory.CreateDirectory(root.Runs);
        var finished = root.Run("--protect", root.Runs).Run().Expect(2);
        Assert.Contains("policy.yaml:3: protected_roots.case_source names \"/no/such/source\", which does not exist", finished.Error, StringComparison.Ordinal);
        Assert.Contains($"policy.yaml:4: \"{root.State}\" cannot be protected: runs themselves write there", finished.Error, StringComparison.Ordinal);
        Assert.Contains($"--protect: \"{root.Runs}\" cannot be protected", finished.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(root.Runs));
    }

    [Fact]
    public void The_checkout_is_protected_where_the_policy_names_none_and_policy_show_says_so()
    {
        using var root = new TempRoot();
        var shown = root.Command("policy", "show", "--harness-root", root.Harness).Run().Expect(0).Text;
        Assert.Matches($"protected_roots.harness_checkout +{Repository.At("").TrimEnd('/')} +default: the checkout", shown);
        root.Edit("harness/policy.yaml", "harness_checkout: []", $"harness_checkout: ['{root.Home}']");
        Assert.Matches($"protected_roots.harness_checkout +{root.Home} +.*policy.yaml:", root.Command("policy", "show", "--harness-root", root.Harness).Run().Expect(0).Text);
        Assert.Equal(root.Home, Of(root.Run("--no-controls").Run().Expect(0).Bundle(), "harness-checkout")["path"]!.GetValue<string>());
    }

    [Fact]
    [Trait("Tier", "Long")]
    public void A_folder_of_200_000_entries_is_digested_within_the_memory_of_any_run()
    {
        using var root = Kept();
        Tool.Run(TimeSpan.FromMinutes(5), "/usr/bin/python3", "-c", "import os, sys\nos.chdir(sys.argv[1])\nfor i in range(200_000): os.close(os.open('a-name-of-some-length-%d' % i, os.O_CREAT | os.O_WRONLY))", root.At("kept"));
        using var running = (root.Run("--protect", root.At("kept"), "--json") with { Limit = TimeSpan.FromMinutes(4) }).Start();
        var bundle = running.Wait().Expect(0).Bundle();
        Assert.Equal(("unchanged", 200_002L), (Of(bundle, "declared")["state"]!.GetValue<string>(), Of(bundle, "declared")["entries"]!.GetValue<long>()));
        Assert.InRange(running.PeakMemory, 1, 120L << 20);
    }

    private static TempRoot Kept()
    {
        var root = new TempRoot();
        root.Write("kept/file", "first");
        return root;
    }

    // What runs in the lane waits until the test has done its part.
    private static Bundle Changed(TempRoot root, HarnessCommand command, Action act, string lane = "subject")
    {
        using var running = command.Start();
        running.WaitFor("the lane", () => Directory.Exists(root.Work) && Directory.GetDirectories(root.Work).Any(run => File.Exists(Path.Combine(run, lane, "root/tmp/waiting"))));
        act();
        foreach (var tmp in Directory.GetDirectories(Assert.Single(Directory.GetDirectories(root.Work))).Select(folder => Path.Combine(folder, "root/tmp")).Where(Directory.Exists))
        {
            File.WriteAllText(Path.Combine(tmp, "go"), "");
        }

        return running.Wait().Bundle();
    }

    private static JsonNode Of(Bundle bundle, string role) =>
        bundle.Report["protected_roots"]!.AsArray().Single(one => one!["role"]!.GetValue<string>() == role)!;
}
