using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hosts;

/// <summary>What the doctor says of this machine, and of this machine with one thing taken away.</summary>
[Trait("Mission", "M08")]
public sealed class DoctorTests(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    // Without $name, in the folders where the harness looks.
    private const string Hide = "for place in /usr/bin/$1 /bin/$1 /usr/local/bin/$1; do [ ! -e $place ] || mount --bind /dev/null $place || exit 99; done; shift; exec \"$@\"";

    // A user namespace with every user of the machine in it, in which no other can be made.
    private const string Forbid = """
        import ctypes, os, sys
        libc = ctypes.CDLL(None, use_errno=True)
        ready, mapped = os.pipe(), os.pipe()
        child = os.fork()
        if child == 0:
            if libc.unshare(0x10000000) != 0:
                os._exit(98)
            os.write(ready[1], b"x")
            os.read(mapped[0], 1)
            os.setgid(0)
            os.setuid(0)
            with open("/proc/sys/user/max_user_namespaces", "w") as setting:
                setting.write("0")
            os.execv(sys.argv[1], sys.argv[1:])
        os.read(ready[0], 1)
        for name in ("uid_map", "gid_map"):
            with open("/proc/%d/%s" % (child, name), "w") as ids:
                ids.write("0 0 70000")
        os.write(mapped[1], b"x")
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """;

    [Fact]
    public void Here_everything_that_is_needed_is_there_and_nothing_is_left()
    {
        using var root = new TempRoot();
        var before = Directory.GetFileSystemEntries(root.Folder, "*", SearchOption.AllDirectories);
        var said = Doctor(root, "--json").Run().Expect(0);
        Assert.True(said.Json["allows_backends"]!.GetValue<bool>());
        Assert.Null(said.Json["simulated_landlock"]);
        Assert.Empty(Missing(said).Except(["cgroups", "node", "python3"]));
        Assert.Equal(["1", "2"], Allowed(said));
        Assert.All(said.Json["self_test"]!["checks"]!.AsArray(), check => Assert.True(check!["passed"]!.GetValue<bool>(), check.ToJsonString()));
        foreach (var name in new[] { "bubblewrap", "setpriv", "prlimit", "user-namespaces", "namespace-net", "namespace-pid", "no-new-privileges", "landlock", "seccomp", "seccomp-notification", "supervisor", "listener", "sandbox-user", "sandbox-init", "dotnet-root", "git", "python3", "disk-space" })
        {
            Assert.NotEmpty(Row(said, name)["seen"]!.GetValue<string>());
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(root.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void It_makes_no_state_folder_that_was_not_there()
    {
        using var root = new TempRoot();
        var before = Directory.GetFileSystemEntries(root.Folder);
        Doctor(root, "--state-dir", root.At("tmp/new/state")).Run().Expect(0);
        Assert.Equal(before, Directory.GetFileSystemEntries(root.Folder));
        Assert.Empty(Directory.GetFileSystemEntries(root.At("tmp")));
    }

    [Fact]
    public void A_person_reads_a_line_for_each_thing_and_for_each_stage()
    {
        using var root = new TempRoot();
        var lines = Doctor(root).Run().Expect(0).Text.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("ok       bubblewrap ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("ok       connect-out ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("yes      2 a backend on a copied artificial case: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("no       3 ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_older_Landlock_is_enough_and_what_it_lacks_is_told()
    {
        using var root = new TempRoot();
        var said = Doctor(root, "--json", "--landlock", "2").Run().Expect(0);
        Assert.Equal(2, said.Json["simulated_landlock"]!.GetValue<int>());
        Assert.Equal("version 2 (lacks: truncate, control of devices, abstract sockets, signals); simulated: at most version 2", Row(said, "landlock")["seen"]!.GetValue<string>());
        Assert.Equal(2, said.Json["self_test"]!["landlock"]!.GetValue<int>());
        Assert.Contains("Linux 6.12", Row(said, "landlock")["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("simulated: a kernel with Landlock up to version 2\n", Doctor(root, "--landlock", "2").Run().Expect(0).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_Landlock_no_backend_may_start()
    {
        using var root = new TempRoot();
        var said = Doctor(root, "--json", "--landlock", "0").Run().Expect(3);
        Assert.Equal(["1"], Allowed(said));
        Assert.Equal("missing: landlock", said.Json["stages"]![1]!["reason"]!.GetValue<string>());
        Assert.Contains("Linux 5.13", Row(said, "landlock")["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_reads_what_is_missing_with_what_brings_it()
    {
        using var root = new TempRoot();
        var lines = Doctor(root, "--landlock", "0").Run().Expect(3).Text.Split('\n');
        var at = Array.FindIndex(lines, line => line.StartsWith("missing  landlock ", StringComparison.Ordinal));
        Assert.StartsWith("bring it with: Linux 5.13", lines[at + 1].TrimStart(), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("failed   landlock ", StringComparison.Ordinal));
        Assert.Contains("no       2 a backend on a copied artificial case: missing: landlock", lines);
    }

    [Fact]
    public void An_interrupt_leaves_nothing()
    {
        using var root = new TempRoot();
        using var running = Doctor(root).Start();
        running.WaitFor("its folder", () => Directory.GetFileSystemEntries(root.State).Length > 0);
        running.Signal("INT");
        running.Wait().Expect(130);
        Survivors.AssertNone(root.Marker);
        Assert.Empty(Directory.GetFileSystemEntries(root.State));
    }

    [Theory]
    [InlineData("around")]
    [InlineData("around/new/state")]
    public void What_a_kill_leaves_is_removed_by_repair(string state)
    {
        using var root = new TempRoot();
        var around = root.At("around");
        Directory.CreateDirectory(around);
        using var running = Doctor(root, "--state-dir", root.At(state)).Start();
        running.WaitFor("its folder", () => Directory.GetFileSystemEntries(around).Length > 0);
        running.Signal("KILL");
        running.Wait().Expect(137);
        Assert.NotEmpty(Directory.GetFileSystemEntries(around));
        Directory.CreateDirectory(Path.Combine(around, "20260101T000000Z-doctor-1")); // may be a bundle
        Assert.Contains("removed", root.Command("runs", "repair", "--state-dir", root.At(state)).Run().Expect(0).Text, StringComparison.Ordinal);
        Assert.EndsWith("/20260101T000000Z-doctor-1", Assert.Single(Directory.GetFileSystemEntries(around)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_newer_than_the_kernels_changes_nothing()
    {
        using var root = new TempRoot();
        Doctor(root, "--landlock", "99").Run().Expect(0);
    }

    [Theory]
    [InlineData("--landlock", "two")]
    [InlineData("--landlock", "-1")]
    [InlineData("--landlock", "99999999999999999999")]
    [InlineData("--landlock", "")]
    [InlineData("--install", "bubblewrap")]
    public void Words_that_mean_nothing_are_refused(string name, string value)
    {
        using var root = new TempRoot();
        Assert.DoesNotContain("   at ", Doctor(root, name, value).Run().Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_folder_that_cannot_be_made_is_named_and_the_rest_is_not_guessed()
    {
        using var root = new TempRoot();
        root.Write("file", "");
        var said = Doctor(root, "--json", "--state-dir", root.At("file/state")).Run().Expect(3);
        Assert.Contains("state-folder", Missing(said));
        Assert.Contains("--state-dir", Row(said, "state-folder")["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("not tried: ", Row(said, "user-namespaces")["seen"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(said.Json["self_test"]);
    }

    [RootFact]
    public void A_state_folder_that_the_sandboxs_user_cannot_reach_is_named()
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.At("closed/state"));
        File.SetUnixFileMode(root.At("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var said = Doctor(root, "--json", "--state-dir", root.At("closed/state")).Run().Expect(3);
        Assert.Contains("cannot pass through", Row(said, "state-folder")["seen"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("2", Allowed(said));
    }

    [RootFact]
    public void Without_bubblewrap_it_names_the_command_that_brings_it_and_installs_nothing()
    {
        using var root = new TempRoot();
        var said = Doctor(root, "--json").Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", Hide, "sh", "bwrap").Run().Expect(3);
        Assert.Equal("apt-get install bubblewrap", Row(said, "bubblewrap")["remedy"]!.GetValue<string>());
        Assert.Equal(["1"], Allowed(said));
        Assert.StartsWith("missing: bubblewrap, user-namespaces, ", said.Json["stages"]![1]!["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("not tried: a program that makes sandboxes is missing", Row(said, "user-namespaces")["seen"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("setpriv", Missing(said));
    }

    [RootFact]
    public void Without_node_a_backend_may_start_all_the_same()
    {
        using var root = new TempRoot();
        var said = Doctor(root, "--json").Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", Hide, "sh", "node").Run().Expect(0);
        Assert.Equal((false, false), (Row(said, "node")["ok"]!.GetValue<bool>(), Row(said, "node")["needed"]!.GetValue<bool>()));
    }

    [RootFact]
    public void Where_no_user_namespace_may_be_made_it_names_the_setting()
    {
        using var root = new TempRoot();
        var said = Doctor(root, "--json").Under("/usr/bin/python3", "-c", Forbid).Run().Expect(3);
        Assert.Contains("bwrap: ", Row(said, "user-namespaces")["seen"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("sysctl -w user.max_user_namespaces=", Row(said, "user-namespaces")["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["1"], Allowed(said));
        Assert.Null(said.Json["self_test"]);
        Assert.DoesNotContain("bubblewrap", Missing(said));
    }

    [RootFact]
    public void A_user_that_does_not_exist_in_a_container_is_named()
    {
        using var root = new TempRoot();
        var said = Doctor(root, "--json").Under("/usr/bin/unshare", "-U", "-r").Run().Expect(3);
        Assert.StartsWith("64000 does not exist", Row(said, "sandbox-user")["seen"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["1"], Allowed(said));
        Assert.Empty(Directory.GetFileSystemEntries(root.State));
    }

    [RootFact]
    public void Where_the_kernel_has_no_pid_namespaces_to_give_it_is_seen()
    {
        using var root = new TempRoot();
        var tried = Forbid.Replace("max_user_namespaces", "max_pid_namespaces", StringComparison.Ordinal);
        var said = Doctor(root, "--json").Under("/usr/bin/python3", "-c", tried).Run().Expect(3);
        Assert.Contains("user-namespaces", Missing(said));
        Assert.Equal(["1"], Allowed(said));
    }

    [Fact]
    public void An_ordinary_user_is_told_the_same()
    {
        using var root = new TempRoot();
        var said = user.Of(Doctor(root, "--json")).Run().Expect(0);
        Assert.Equal(["1", "2"], Allowed(said));
        Assert.Empty(Directory.GetFileSystemEntries(root.State));
    }

    private static HarnessCommand Doctor(TempRoot root, params string[] words) => root.Command(["doctor", "--harness-root", root.Harness, .. words]);

    private static JsonNode Row(Finished said, string name) => said.Json["checks"]!.AsArray().Single(row => row!["name"]!.GetValue<string>() == name)!;

    private static string[] Missing(Finished said) =>
        [.. said.Json["checks"]!.AsArray().Where(row => !row!["ok"]!.GetValue<bool>()).Select(row => row!["name"]!.GetValue<string>())];

    private static string[] Allowed(Finished said) =>
        [.. said.Json["stages"]!.AsArray().Where(row => row!["allowed"]!.GetValue<bool>()).Select(row => row!["stage"]!.ToString())];
}
