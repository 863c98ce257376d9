using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Places;

[Trait("Mission", "M21")]
public sealed class ProfileTests
{
    [Fact]
    public void Runs_of_a_profile_live_in_its_folder_below_the_home()
    {
        using var root = new TempRoot();
        Plain(root, root.Run("--profile", "main.one")).Run().Expect(0);
        var folder = root.At("home/.hermes/profiles/main.one/harness-runs");
        var bundle = new Bundle(Directory.GetDirectories(folder).Single()).AssertWhole();
        Assert.Equal(bundle.Folder, bundle.Report["run_artifact_dir"]!.GetValue<string>());
        Assert.Contains(Path.GetFileName(bundle.Folder), Plain(root, root.Command("runs", "--profile", "main.one")).Run().Expect(0).Text, StringComparison.Ordinal);
        Assert.Contains("# PASS", Plain(root, root.Command("show", "latest", "--profile", "main.one")).Run().Expect(0).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetFileName(bundle.Folder), Plain(root, root.Command("runs")).Run().Expect(0).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_they_live_in_the_state_folder_of_the_desktop_standard()
    {
        using var root = new TempRoot();
        Plain(root, root.Run()).Run().Expect(0);
        Assert.Single(Directory.GetDirectories(root.At("xdg/cto-harness/runs")));
    }

    [Fact]
    public void An_option_is_stronger_than_a_profile_and_that_than_a_variable()
    {
        using var root = new TempRoot();
        root.Run("--profile", "one").Run().Expect(0);
        Assert.Single(Directory.GetDirectories(root.At("home/.hermes/profiles/one/harness-runs")));
        root.Run("--profile", "one", "--runs-dir", root.At("named")).Run().Expect(0);
        Assert.Single(Directory.GetDirectories(root.At("named")));
        Assert.False(Directory.Exists(root.Runs));
    }

    [Fact]
    public void A_runs_folder_named_from_where_one_stands_is_kept_as_a_whole_path()
    {
        using var root = new TempRoot();
        root.Run("--runs-dir", "here/runs", "--state-dir", "state").Run().Expect(0);
        var bundle = new Bundle(Directory.GetDirectories(root.At("here/runs")).Single()).AssertWhole();
        Assert.Equal(bundle.Folder, bundle.Report["run_artifact_dir"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("a folder with spaces")]
    [InlineData("späße-日本")]
    [InlineData("quote's \"and\" $(touch x) & more")]
    [InlineData("--starts-with-dashes")]
    public void Folders_may_have_any_name(string name)
    {
        using var root = new TempRoot();
        Directory.Move(root.Harness, root.At(name));
        var finished = root.Command("run", TempRoot.Fixture, "--harness-root=" + root.At(name), "--runs-dir=" + root.At(name + "/runs"), "--state-dir=" + root.At(name + "-state"), "--json").Run().Expect(0);
        Assert.StartsWith(root.At(name + "/runs/"), finished.Json["run_artifact_dir"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static HarnessCommand Plain(TempRoot root, HarnessCommand command)
    {
        Assert.Same(root, command.Root);
        return command with { Variables = command.Variables.Remove("CTO_HARNESS_RUNS_DIR") };
    }
}
