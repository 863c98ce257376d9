using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>Where a layer is not what it must be, no backend is started, and the report says which.</summary>
[Trait("Mission", "M11")]
public sealed class BeforeTheStartTests
{
    private const string Shared = "for a in \"$@\"; do case $a in --unshare-all) args+=(--unshare-ipc --unshare-pid --unshare-uts --unshare-cgroup-try);; *) args+=(\"$a\");; esac; done";
    private const string NoLandlockForBackends = "canary=; for a in \"$@\"; do [ \"$a\" != --canary ] || canary=1; done; next=; for a in \"$@\"; do [ -z \"$next\" ] || [ -n \"$canary\" ] || a=0; next=; [ \"$a\" != --landlock ] || next=1; args+=(\"$a\"); done";
    private const string NoListener = "skip=; for a in \"$@\"; do if [ \"$a\" = --listen ]; then skip=1; elif [ -n \"$skip\" ]; then skip=; else args+=(\"$a\"); fi; done";
    private const string NoLandlock = "next=; for a in \"$@\"; do [ -z \"$next\" ] || a=0; next=; [ \"$a\" != --landlock ] || next=1; args+=(\"$a\"); done";

    [Fact]
    public void The_report_of_a_run_holds_every_try_of_the_self_test_and_the_layers()
    {
        using var root = new TempRoot();
        var sandbox = root.Run().Run().Expect(0).Bundle().Report["sandbox"]!;
        var tries = sandbox["self_test"]!.AsArray();
        Assert.All(tries, one => Assert.True(one!["passed"]!.GetValue<bool>()));
        string[] some = ["write-outside", "read-masked", "connect-out", "dns-out", "unix-socket", "signal", "write-inside", "reach-gateway", "observation", "landlock", "namespaces"];
        Assert.Empty(some.Except(tries.Select(one => one!["name"]!.GetValue<string>())));
        Assert.Equal(["bubblewrap", "cgroup", "landlock", "namespaces", "seccomp", "user"], sandbox["layers"]!.AsObject().Select(layer => layer.Key));
    }

    [Fact]
    [Trait("Mission", "M13")]
    public void What_lies_in_a_declared_target_is_tried_too()
    {
        using var root = new TempRoot();
        root.Write("target/secret", "x");
        root.Write("target-file", "x");
        var tries = root.Run("--target", root.At("target"), "--target", root.At("target-file")).Run().Expect(0).Bundle().Report["sandbox"]!["self_test"]!.AsArray();
        var tried = tries.Single(one => one!["name"]!.GetValue<string>() == "read-masked")!["detail"]!.GetValue<string>();
        Assert.Contains(root.At("target/secret") + ": ", tried, StringComparison.Ordinal);
        Assert.Contains(root.At("target-file") + ": ", tried, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData(Shared, "sandbox-insufficient", "connect-out")]
    [InlineData(NoLandlock, "sandbox-insufficient", "no Landlock")]
    [InlineData(NoListener, "self-test-failed", "reach-gateway")]
    public void A_layer_that_is_missing_is_found_by_doing(string change, string code, string words)
    {
        using var root = new TempRoot();
        var bundle = Changed(root, root.Run(), change).Run().Expect(3).Bundle().Expect("blocked", code);
        Assert.Contains(words, bundle.Messages, StringComparison.Ordinal);
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Assert.Contains(bundle.Report["sandbox"]!["self_test"]!.AsArray(), one => !one!["passed"]!.GetValue<bool>());
        root.AssertNoScratch();
    }

    [RootFact]
    public void A_backend_that_gets_less_than_the_self_test_did_is_no_pass()
    {
        using var root = new TempRoot();
        var bundle = Changed(root, root.Run("--no-controls"), NoLandlockForBackends).Run().Expect(4).Bundle().Expect("inconclusive", "evidence-incomplete");
        Assert.Contains("was not the one of the self-test: its layers were \"landlock=0\", the self-test's Landlock 7", bundle.Messages, StringComparison.Ordinal);
        Assert.Null(bundle.Report["allowed_writes_passed"]);
    }

    [Fact]
    public void Without_sandbox_init_nothing_is_started()
    {
        using var root = new TempRoot();
        using var apart = new TempRoot(); // keys may not lie in the checkout of a program
        Tool.Run("/bin/cp", "-R", Path.GetDirectoryName(Published())!, apart.At("program"));
        Directory.Delete(apart.At("program/sandbox-init"), recursive: true);
        var bundle = (root.Run() with { Program = apart.At("program/cto-harness") }).Run().Expect(3).Bundle().Expect("blocked", "sandbox-insufficient");
        Assert.Contains("sandbox-init is not in", bundle.Messages, StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    public void Control_the_same_copy_with_it_passes()
    {
        using var root = new TempRoot();
        using var apart = new TempRoot(); // keys may not lie in the checkout of a program
        Tool.Run("/bin/cp", "-R", Path.GetDirectoryName(Published())!, apart.At("program"));
        (root.Run() with { Program = apart.At("program/cto-harness") }).Run().Expect(0).Bundle();
    }

    [RootFact]
    public void A_copy_of_sandbox_init_that_is_not_the_one_that_was_built_is_refused()
    {
        using var root = new TempRoot();
        root.Run().Run().Expect(0);
        var copy = Assert.Single(Directory.GetDirectories(root.At("state/sandbox-init")));
        File.AppendAllText(Path.Combine(copy, "sandbox-init.dll"), "x");
        Directory.Delete(root.Runs, recursive: true);
        var bundle = root.Run().Run().Expect(4).Bundle();
        Assert.Contains($"{copy} is not a copy of", bundle.Messages, StringComparison.Ordinal);
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("         0          0 4294967295", true)]
    [InlineData("0 1000 1", false)]
    [InlineData("0 1000 1\n1 100000 65536", true)]
    [InlineData("64001 0 5", false)]
    [InlineData("64000 0 1", true)]
    [InlineData("63000 0 1000", false)]
    [InlineData("", false)]
    [InlineData("no numbers here", false)]
    public void A_user_of_the_sandbox_must_exist_where_the_harness_runs(string map, bool mapped) =>
        Assert.Equal(mapped, Runtime.Pipeline.SandboxCheck.IsMapped(64_000, map.Split('\n')));

    // With another bubblewrap in its place, which changes the words that it is given.
    private static HarnessCommand Changed(TempRoot root, HarnessCommand command, string change)
    {
        root.Write("fake", $"#!/bin/bash\nargs=()\n{change}\nexec {root.At("real")} \"${{args[@]}}\"\n");
        Tool.Run("/bin/chmod", "755", root.At("fake"));
        Tool.Run("/bin/cp", "/usr/bin/bwrap", root.At("real"));
        return command.Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", "mount --bind \"$1\" /usr/bin/bwrap; shift; exec \"$@\"", "sh", root.At("fake"));
    }

    private static string Published() => Tool.Run("/usr/bin/readlink", "-f", Repository.At("artifacts/cto-harness/current/cto-harness")).TrimEnd();
}
