using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Scripts;

public sealed class SetupTests(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    [Theory]
    [InlineData("bwrap", "bubblewrap")]
    [InlineData("git", "git")]
    [InlineData("setpriv", "util-linux")]
    public void What_an_ordinary_user_lacks_is_named_with_the_one_command_that_brings_it(string tool, string package)
    {
        using var root = new TempRoot();
        LinkToolsExcept(root, tool, "sudo");
        var finished = Setup(root).Run().Expect(3);
        Assert.Empty(finished.Text);
        Assert.Contains($"missing: {tool}. To install, type:", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.Split('\n'), line => line.StartsWith("  ", StringComparison.Ordinal));
        Assert.Contains($"  sudo apt-get update && sudo apt-get install -y {package}\n", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_are_named_at_once()
    {
        using var root = new TempRoot();
        LinkToolsExcept(root, "bwrap", "sudo", "git", "prlimit", "setpriv");
        Assert.Matches("apt-get install -y git bubblewrap util-linux\n", Setup(root).Run().Expect(3).Error);
    }

    [Fact]
    public void Without_the_SDK_it_says_which_one_and_where_from()
    {
        using var root = new TempRoot();
        LinkToolsExcept(root, "dotnet", "sudo");
        Assert.Contains(".NET 10 SDK", Setup(root).Run().Expect(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_with_all_of_them_it_says_nothing()
    {
        using var root = new TempRoot();
        LinkToolsExcept(root, "sudo");
        Assert.Empty(Setup(root).Run().Expect(0).Error);
    }

    [RootFact]
    public void Without_bubblewrap_a_run_is_blocked_with_the_command_that_brings_it()
    {
        using var root = new TempRoot();
        // The command looks for bubblewrap in the system's folders, so they are shown without it.
        const string hide = "mkdir -p \"$1\" && for name in /usr/bin/bwrap /bin/bwrap /usr/local/bin/bwrap; do [ ! -e $name ] || mount --bind /dev/null $name || exit 99; done; shift; exec \"$@\"";
        var bundle = root.Run().Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", hide, "sh", root.At("x")).Run().Expect(3).Bundle().Expect("blocked", "sandbox-insufficient");
        Assert.Contains("apt-get install bubblewrap", bundle.Messages, StringComparison.Ordinal);
    }

    [RootFact]
    public void Where_no_namespace_can_be_made_a_run_is_blocked_and_says_which_setting_it_is()
    {
        using var root = new TempRoot();
        const string forbid = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\"";
        var bundle = root.Run().Under("/usr/bin/unshare", "-U", "-r", "-m", "/bin/sh", "-c", forbid, "sh").Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.Contains("sandbox-insufficient", bundle.Codes);
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
    }

    private HarnessCommand Setup(TempRoot root)
    {
        var command = user.Of(root.Command("run")) with { Program = root.At("eng/setup") };
        return command.Set("PATH", root.At("bin"));
    }

    // A PATH of links to every tool of the machine but some.
    private static void LinkToolsExcept(TempRoot root, params string[] missing)
    {
        Directory.CreateDirectory(root.At("bin"));
        Tool.Run("/bin/cp", "-R", Repository.At("eng"), root.At("eng"));
        foreach (var folder in new[] { "/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin" })
        {
            foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
            {
                var name = Path.GetFileName(path);
                if (!missing.Contains(name) && !File.Exists(Path.Combine(root.At("bin"), name)))
                {
                    File.CreateSymbolicLink(Path.Combine(root.At("bin"), name), path);
                }
            }
        }
    }
}
