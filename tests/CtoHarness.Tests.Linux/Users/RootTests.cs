using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Users;

[Trait("Mission", "M11")]
public sealed class RootTests
{
    [RootFact]
    public void As_root_the_backend_runs_under_a_user_that_nobody_else_has()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        Assert.StartsWith("64000 ", bundle.Report["sandbox"]!["layers"]!["user"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [RootFact]
    public void A_state_folder_that_this_user_cannot_reach_is_blocked_with_the_folder_and_the_way_out()
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.At("closed"));
        File.SetUnixFileMode(root.At("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var bundle = root.Run("--state-dir", root.At("closed/state")).Run().Expect(3).Bundle().Expect("blocked", "sandbox-insufficient");
        Assert.Contains(root.At("closed"), bundle.Messages, StringComparison.Ordinal);
        Assert.Contains("--state-dir", bundle.Messages, StringComparison.Ordinal);
    }

    [RootFact]
    public void Others_cannot_look_around_in_the_state_folder_or_read_a_bundle_that_is_made()
    {
        using var root = new TempRoot();
        root.Run().Run().Expect(0);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(root.Work) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Directory.GetDirectories(root.Runs).Single()));
    }
}
