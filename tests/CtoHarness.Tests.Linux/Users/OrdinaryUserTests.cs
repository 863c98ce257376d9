using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Users;

[Trait("Mission", "M11")]
public sealed class OrdinaryUserTests(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    [Fact]
    public void The_whole_run_passes_as_an_ordinary_user_and_says_whose_it_was()
    {
        using var root = new TempRoot();
        var finished = user.Of(root.Run("--json")).Run().Expect(0);
        var bundle = finished.Bundle().Expect("pass");
        Assert.Equal(File.ReadAllBytes(bundle.At("report.json")), finished.Output);
        Assert.StartsWith(OrdinaryUser.Name + " (the ordinary user", bundle.Report["sandbox"]!["layers"]!["user"]!.GetValue<string>(), StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void An_ordinary_user_makes_a_sealed_change_again()
    {
        using var root = new TempRoot();
        var bundle = user.Of(root.Run()).Run().Expect(0).Bundle();
        user.Of(root.Command("verify", bundle.Folder, "--recheck", "--harness-root", root.Harness)).Run().Expect(0);
        root.AssertNoScratch();
    }

    [Fact]
    public void It_keeps_things_where_the_users_own_variables_and_home_say()
    {
        using var root = new TempRoot();
        var command = user.Of(root.Run());
        command = command with { Variables = command.Variables.Remove("CTO_HARNESS_RUNS_DIR").Remove("CTO_HARNESS_STATE_DIR").Remove("XDG_STATE_HOME") };
        command.Run().Expect(0);
        Assert.Single(Directory.GetDirectories(root.At("home/.local/state/cto-harness/runs")));
        Assert.Empty(Directory.GetDirectories(root.At("home/.local/state/cto-harness/work")));
    }

    [Theory]
    [InlineData("chmod 0 .", "fail")]
    [InlineData("mkdir locked; : > locked/file; chmod 0 locked", "fail")]
    [InlineData("mkdir __pycache__; : > __pycache__/x; chmod 0 __pycache__", "")]
    [InlineData("chmod 0 ../out ../home ../tmp", "")]
    [InlineData("chmod 0 ..", "")]
    public void What_the_backend_locked_is_judged_and_removed_all_the_same(string act, string status)
    {
        using var root = new TempRoot();
        var bundle = user.Of(root.Backend(Outcomes.Scripts.RightWork + act)).Run().Bundle();
        Assert.True(bundle.Status is "fail" or "pass" && (status.Length == 0 || bundle.Status == status), $"{bundle.Status}: {bundle.Messages}");
        root.AssertNoScratch();
    }

    [Fact]
    public void Its_backend_sees_neither_the_home_nor_a_process_of_the_user()
    {
        using var root = new TempRoot();
        root.Write("home/.ssh/id_ecdsa", "hunter2");
        var said = user.Of(root.Backend($"cat '{root.Home}/.ssh/id_ecdsa' 2>&1; id -u; ps ax 2>/dev/null | grep -c cto-harness; kill -0 -1 && echo others")).Run().Bundle().Text("backend/stdout.log");
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        Assert.Contains(OrdinaryUser.Name + "\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_killed_run_is_repaired_by_the_same_user_whatever_the_backend_locked()
    {
        using var root = new TempRoot();
        using (var running = user.Of(root.Backend("mkdir locked; : > locked/file; chmod 0 locked; : > ../out/sleeping; sleep 300")).Start())
        {
            running.WaitFor("its backend", () => Directory.Exists(root.Work) && Directory.GetDirectories(root.Work).Any(run => File.Exists(Path.Combine(run, "subject/root/out/sleeping"))));
            running.Signal("KILL");
            running.Wait().Expect(137);
        }

        user.Of(root.Command("runs", "repair")).Run().Expect(0);
        Repaired.AssertNothingLeft(root);
        Assert.Equal("inconclusive", new Bundle(Assert.Single(Directory.GetDirectories(root.Runs))).Status);
    }

    [Fact]
    [Trait("Tier", "Long")]
    public void A_check_of_the_fixtures_passes_too()
    {
        using var root = new TempRoot();
        (user.Of(root.Command("fixtures", "check", "--harness-root", root.Harness)) with { Limit = TimeSpan.FromMinutes(6) }).Run().Expect(0);
        root.AssertNoScratch();
    }
}
