using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Usage;

[Trait("Mission", "M18")]
public sealed class ReadOnlyRunsFolderTests(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    [Fact]
    public void Where_no_bundle_can_be_written_the_run_ends_with_4_and_says_so()
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.Runs);
        var command = user.Of(root.Run());
        File.SetUnixFileMode(root.Runs, ReadOnly);
        var finished = command.Run().Expect(4).ExpectNoBundle();
        Assert.Empty(finished.Text);
        Assert.Contains(root.Runs, finished.Error, StringComparison.Ordinal);
        Assert.Contains("--runs-dir", finished.Error, StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    public void With_json_it_is_a_document_of_problems()
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.Runs);
        var command = user.Of(root.Run("--json"));
        File.SetUnixFileMode(root.Runs, ReadOnly);
        var finished = command.Run().Expect(4).ExpectNoBundle();
        Assert.Equal(4, finished.Json["exit_code"]!.GetValue<int>());
        Schemas.Assert(root, "problems.v1.json", finished.Output);
    }

    [Fact]
    public void A_file_in_the_place_of_the_runs_folder_is_the_same()
    {
        using var root = new TempRoot();
        root.Write("runs", "a file");
        root.Run().Run().Expect(4);
        Assert.Equal("a file", File.ReadAllText(root.Runs));
    }

    [Fact]
    public void A_state_folder_that_cannot_be_written_is_inconclusive_with_a_whole_bundle()
    {
        using var root = new TempRoot();
        var command = user.Of(root.Run());
        File.SetUnixFileMode(root.State, ReadOnly);
        var bundle = command.Run().Expect(4).Bundle();
        bundle.Expect("inconclusive", "infrastructure");
        Assert.Contains(root.State, bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_the_same_user_writes_a_bundle_where_it_may()
    {
        using var root = new TempRoot();
        user.Of(root.Run()).Run().Expect(0).Bundle().Expect("pass");
    }
}
