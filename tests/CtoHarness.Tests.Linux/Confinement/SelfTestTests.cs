using System.Diagnostics;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>The self-test tells what holds, and each thing that does not.</summary>
[Trait("Mission", "M11")]
public sealed class SelfTestTests
{
    // As --unshare-all, but for one.
    private const string AllButNet = "s/^--unshare-all$/--unshare-ipc\\n--unshare-pid\\n--unshare-uts\\n--unshare-cgroup-try/";
    private const string AllButPid = "s/^--unshare-all$/--unshare-ipc\\n--unshare-net\\n--unshare-uts\\n--unshare-cgroup-try/";
    private const string AllButUts = "s/^--unshare-all$/--unshare-ipc\\n--unshare-net\\n--unshare-pid\\n--unshare-cgroup-try/";
    private const string AllButIpc = "s/^--unshare-all$/--unshare-uts\\n--unshare-net\\n--unshare-pid\\n--unshare-cgroup-try/";

    [Fact]
    public void Here_everything_comes_out_exactly_and_nothing_is_left()
    {
        using var sandbox = new Tried();
        var secret = sandbox.At("hidden/real-secret");
        File.WriteAllText(secret, "x");
        File.SetUnixFileMode(secret, (UnixFileMode)0b110_100_100);
        var outcome = sandbox.Test(masked: [secret]);
        Assert.True(outcome.IsExact, Told(outcome));
        Assert.Equal((true, "", "", 7), (outcome.CameUp, outcome.Words, outcome.Advice, outcome.Landlock));
        Assert.Empty(CanaryAnswers.NeededNamespaces.Except(outcome.Namespaces));
        Assert.Contains(outcome.Checks, check => check.Name == "observation");
        Assert.Equal(outcome.Checks.Length, outcome.Checks.DistinctBy(check => check.Name).Count());
        Assert.Equal([secret], Directory.GetFileSystemEntries(sandbox.Hidden));
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Shown));
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.At("roots/work")));
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.At("roots/tmp")));
    }

    [Fact]
    public void It_comes_out_exactly_where_the_paths_are_too_long_for_a_socket()
    {
        using var sandbox = new Tried();
        var deep = Path.Combine(sandbox.Hidden, new string('a', 100));
        Directory.CreateDirectory(deep);
        using var bait = Bait.Lay(deep, [sandbox.Shown], Tried.Sandboxed);
        Assert.True(bait.UnixSocket.Length > 107);
        Assert.True(File.Exists(bait.UnixSocket));
    }

    [Fact]
    public void A_hidden_folder_that_is_not_hidden_is_found()
    {
        using var sandbox = new Tried { HidesBait = false };
        Assert.Equal(["read-masked", "unix-socket"], Failed(sandbox.Test()));
    }

    [Fact]
    public void A_folder_outside_that_can_be_written_to_is_found_by_the_canary_and_on_the_disk()
    {
        using var sandbox = new Tried { Landlock = 0, Seccomp = false, ShownIsWritable = true };
        var outcome = sandbox.Test();
        Assert.Equal(["write-outside", "ptrace", "user-namespace", "io-uring", "mount", "set-namespace", "change-root", "process-memory", "keys", "landlock"], Failed(outcome));
        Assert.Contains("now \"", outcome.Checks[0].Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Shown));
    }

    [Fact]
    public void It_is_found_too_where_only_the_supervisor_refuses()
    {
        using var sandbox = new Tried { Landlock = 0, ShownIsWritable = true };
        var outcome = sandbox.Test();
        Assert.Equal(["write-outside", "landlock"], Failed(outcome));
        Assert.StartsWith("without its supervisor: ", outcome.Checks[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Landlock_alone_stops_it()
    {
        using var sandbox = new Tried { ShownIsWritable = true };
        Assert.Empty(Failed(sandbox.Test()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void An_older_Landlock_is_enough_and_the_version_is_told(int version)
    {
        using var sandbox = new Tried { Landlock = version };
        var outcome = sandbox.Test();
        Assert.True(outcome.IsExact, Told(outcome));
        Assert.Equal(version, outcome.Landlock);
        Assert.StartsWith($"version {version} (lacks: ", outcome.Checks[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_network_of_the_machine_is_found()
    {
        using var sandbox = new Tried { Edit = AllButNet };
        var failed = Failed(sandbox.Test());
        Assert.Contains("connect-out", failed);
        Assert.Contains("namespaces", failed);
        Assert.DoesNotContain("abstract-socket", failed); // Landlock's scope holds it
    }

    [Fact]
    public void Its_abstract_sockets_are_found_where_Landlock_has_no_scopes()
    {
        using var sandbox = new Tried { Edit = AllButNet, Landlock = 5 };
        Assert.Contains("abstract-socket", Failed(sandbox.Test()));
    }

    [Theory]
    [InlineData(AllButPid, "pid")]
    [InlineData(AllButUts, "uts")]
    [InlineData(AllButIpc, "ipc")]
    public void A_namespace_that_is_shared_is_named(string edit, string name)
    {
        using var sandbox = new Tried { Edit = edit };
        var outcome = sandbox.Test();
        Assert.Contains(outcome.Checks, check => check is { Name: "namespaces", Passed: false } && check.Detail.EndsWith(": " + name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_process_of_the_machine_that_can_be_signalled_is_found()
    {
        using var process = Sleeping();
        using var sandbox = new Tried { Edit = AllButPid, Landlock = 5, Process = process.Id };
        var failed = Failed(sandbox.Test());
        process.Kill();
        Assert.Contains("signal", failed);
    }

    [Fact]
    public void Capabilities_that_were_not_dropped_are_found()
    {
        using var sandbox = new Tried { Edit = "s/^--cap-drop$/--cap-add/" };
        Assert.Equal(["privileges"], Failed(sandbox.Test()));
    }

    [Fact]
    public void Without_a_filter_the_calls_that_lead_around_are_found()
    {
        using var sandbox = new Tried { Seccomp = false };
        Assert.Equal(["ptrace", "user-namespace", "io-uring", "mount", "set-namespace", "change-root", "process-memory", "keys"], Failed(sandbox.Test()));
    }

    [Fact]
    public void A_filter_without_a_supervisor_is_enough_for_a_policy_that_asks_for_none()
    {
        using var sandbox = new Tried { Observe = false };
        var outcome = sandbox.Test();
        Assert.True(outcome.IsExact, Told(outcome));
        Assert.DoesNotContain(outcome.Checks, check => check.Name == "observation");
    }

    [Fact]
    public void A_filter_that_hands_nothing_over_is_found_by_the_record_that_is_empty()
    {
        using var sandbox = new Tried { FilterHandsOver = false };
        Assert.Equal(["observation"], Failed(sandbox.Test()));
    }

    [Fact]
    public void A_gateway_that_cannot_be_reached_is_found()
    {
        using var sandbox = new Tried { Edit = "/^--listen$/,+1d" };
        Assert.Equal(["reach-gateway"], Failed(sandbox.Test()));
    }

    [Fact]
    public void Another_user_than_the_policys_is_found()
    {
        using var sandbox = new Tried { Edit = "s/^--unshare-user$/--unshare-user\\n--uid\\n5/" };
        Assert.Equal(["user"], Failed(sandbox.Test()));
    }

    [Fact]
    public void A_root_that_cannot_be_written_to_is_found()
    {
        using var sandbox = new Tried();
        Assert.Equal(["write-inside"], Failed(sandbox.Test(inside: [sandbox.At("roots/work"), "/usr"])));
    }

    [Fact]
    public void A_masked_file_with_nothing_in_it_shows_nothing()
    {
        using var sandbox = new Tried();
        Assert.Equal(["read-masked"], Failed(sandbox.Test(masked: [sandbox.At("hidden/not-there")])));
    }

    [Fact]
    public void User_namespaces_that_are_refused_give_the_words_and_an_advice()
    {
        using var sandbox = new Tried { Script = "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n" };
        var outcome = sandbox.Test();
        Assert.False(outcome.CameUp || outcome.IsExact);
        Assert.Contains("No permissions to create new namespace", outcome.Words, StringComparison.Ordinal);
        Assert.Contains("namespaces", outcome.Advice, StringComparison.Ordinal);
        Assert.Empty(outcome.Checks);
    }

    [Theory]
    [InlineData("s/^--canary$/--canari/", "sandbox-failed")] // what runs in its place is no canary
    [InlineData("s/^token$/tokem/", "the canary lacks token")]
    [InlineData("s/^--landlock$/--landlok/", "sandbox-failed")]
    [InlineData("/^--observe$/,+1d", "observation")]
    public void What_does_not_come_to_its_end_is_no_test(string edit, string words)
    {
        using var sandbox = new Tried { Edit = edit };
        var outcome = sandbox.Test();
        Assert.False(outcome.IsExact);
        Assert.Contains(words, Told(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_without_confinement_is_no_test()
    {
        using var sandbox = new Tried { IsConfined = false };
        Assert.False(sandbox.Test().CameUp);
    }

    [Fact]
    public void It_ends_where_somebody_interrupts_it()
    {
        using var sandbox = new Tried();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => sandbox.Test(interrupt: source.Token));
        Survivors.AssertNone(sandbox.Marker);
    }

    [Fact]
    public void Another_self_tests_bait_is_no_socket_of_the_machine_that_a_run_must_hide_and_could_miss_a_moment_later()
    {
        using var sandbox = new Tried();
        using var bait = Bait.Lay(sandbox.Hidden, [sandbox.Shown], Tried.Sandboxed);
        Assert.Contains(File.ReadLines("/proc/net/unix"), line => line.EndsWith(bait.UnixSocket, StringComparison.Ordinal));
        Assert.DoesNotContain(HostSockets.Places(new Dictionary<string, string>()), place => place.Contains(sandbox.Marker, StringComparison.Ordinal));
        Assert.False(Bait.IsBait(bait.UnixSocket + "2"));
        Assert.False(Bait.IsBait(Path.Combine(sandbox.Hidden, ".bait-mine/socket")));
        Assert.False(Bait.IsBait("/.bait-0123456789ABCDEF/socket"));
        Assert.False(Bait.IsBait("socket"));
    }

    [Fact]
    public void Bait_that_cannot_be_laid_leaves_nothing_and_says_why()
    {
        using var sandbox = new Tried();
        var refused = Assert.Throws<IOException>(() => Bait.Lay(sandbox.Hidden, [sandbox.At("not-there")], Tried.Sandboxed));
        Assert.Contains("does not exist", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Hidden));
    }

    private static Process Sleeping()
    {
        var start = ProcessCalls.IsRoot
            ? new ProcessStartInfo("/usr/bin/setpriv", ["--reuid=64000", "--regid=64000", "--clear-groups", "--", "/usr/bin/sleep", "60"])
            : new ProcessStartInfo("/usr/bin/sleep", ["60"]);
        return Process.Start(start)!;
    }

    private static string[] Failed(SelfTestOutcome outcome)
    {
        Assert.True(outcome.CameUp, Told(outcome));
        return [.. outcome.Checks.Where(check => !check.Passed).Select(check => check.Name)];
    }

    private static string Told(SelfTestOutcome outcome) => $"{outcome.Words} {outcome.Advice}\n{string.Join('\n', outcome.Checks.Where(check => !check.Passed))}";
}
