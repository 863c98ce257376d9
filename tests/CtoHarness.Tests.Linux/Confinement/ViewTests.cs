using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

[Trait("Mission", "M11")]
public sealed class ViewTests
{
    [Fact]
    public void The_backend_finds_a_user_and_an_environment_of_its_own()
    {
        using var root = new TempRoot();
        var said = Said(root, "id -u; id -g; id -G; pwd; hostname; env | sort", command => command
            .Set("SECRET_TOKEN", "hunter2").Set("LD_LIBRARY_PATH", "/x").Set("PYTHONPATH", "/x"));
        var lines = said.TrimEnd().Split('\n');
        var user = Environment.UserName == "root" ? "64000" : OrdinaryUser.Name;
        Assert.Equal(user, lines[0]);
        Assert.EndsWith("/subject/root/workspace", lines[3], StringComparison.Ordinal);
        Assert.Equal(
            ["HOME", "LANG", "PATH", "PWD", "TERM", "TMPDIR", "TZ", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"],
            lines.Skip(5).Select(line => line.Split('=')[0]).Except(["OLDPWD"]));
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        Assert.DoesNotContain(root.Home + "\n", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/root", "")]
    [InlineData("/home", "")]
    [InlineData("/run", "/run/cto-harness\n")]
    [InlineData("/mnt", "")]
    [InlineData("/media", "")]
    public void It_finds_nothing_where_people_keep_their_things(string folder, string all)
    {
        using var root = new TempRoot();
        Assert.Equal(all, Said(root, $"find {folder} -mindepth 1 -maxdepth 1 2>&1"));
    }

    [Fact]
    public void It_finds_only_itself_among_the_processes()
    {
        using var root = new TempRoot();
        var said = Said(root, "ls /proc | grep -c '^[0-9]*$'; cat /proc/1/cmdline | tr '\\000' ' '");
        Assert.True(int.Parse(said.Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture) <= 6, said);
        Assert.Contains("bwrap", said, StringComparison.Ordinal);
        Assert.DoesNotContain("testhost", said, StringComparison.Ordinal);
    }

    [Fact]
    public void It_inherits_no_open_file_of_whoever_started_the_harness()
    {
        using var root = new TempRoot();
        root.Write("secret", "hunter2");
        const string look = "for fd in /proc/self/fd/*; do echo \"$(readlink $fd)\"; done; cat <&9; cat /proc/self/fd/9";
        var said = Said(root, look, command => command.Under("/bin/bash", "-c", "exec 9<\"$0\"; exec \"$@\"", root.At("secret")));
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain("/runs/", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_a_plain_child_of_the_same_caller_does_inherit_it()
    {
        using var root = new TempRoot();
        root.Write("secret", "hunter2");
        Assert.Equal("hunter2\n", Tool.Run("/bin/bash", "-c", "exec 9<\"$0\"; exec /bin/sh -c 'cat <&9'", root.At("secret")));
    }

    private static string Said(TempRoot root, string script, Func<HarnessCommand, HarnessCommand>? change = null)
    {
        var command = root.Backend(script + "\nexit 0");
        var bundle = (change is null ? command : change(command)).Run().Bundle();
        Assert.True(bundle.Report["backend_process_started"]!.GetValue<bool>(), bundle.Messages);
        return bundle.Text("backend/stdout.log");
    }
}
