using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Usage;

public sealed class HarnessRootTests(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    public static TheoryData<string> Commands => ["run r1-string-slugify", "fixtures", "fixtures check", "engines", "policy show"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_harness_root_that_is_not_there_is_named(string line)
    {
        using var root = new TempRoot();
        var finished = root.Command([.. line.Split(' '), "--harness-root", "/no/such/root"]).Run().Expect(2).ExpectNoBundle();
        Assert.Contains("/no/such/root", finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_folder_that_is_no_harness_root_is_named_with_what_it_lacks(string line)
    {
        using var root = new TempRoot();
        var finished = root.Command([.. line.Split(' '), "--harness-root", root.Home]).Run().Expect(2).ExpectNoBundle();
        Assert.Contains("policy.yaml", finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_harness_root_that_may_not_be_read_is_named(string line)
    {
        using var root = new TempRoot();
        var command = user.Of(root.Command([.. line.Split(' '), "--harness-root", root.Harness]));
        File.SetUnixFileMode(root.Harness, UnixFileMode.None);
        var finished = command.Run().Expect(2).ExpectNoBundle();
        Assert.Contains(root.Harness, finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("engines", "run r1-string-slugify")]
    [InlineData("fixtures", "run r1-string-slugify")]
    [InlineData("engines", "engines")]
    [InlineData("fixtures", "fixtures")]
    [InlineData("fixtures", "fixtures check")]
    [InlineData("policy.yaml", "policy show")]
    [InlineData("models.yaml", "engines")]
    [InlineData("models.yaml", "run r1-string-slugify")]
    public void A_part_of_it_that_may_not_be_read_is_named(string part, string line)
    {
        using var root = new TempRoot();
        var command = user.Of(root.Command([.. line.Split(' '), "--harness-root", root.Harness]));
        File.SetUnixFileMode(Path.Combine(root.Harness, part), UnixFileMode.None);
        var finished = command.Run().ExpectNoBundle();
        Assert.True(finished.Exit is 2 or 4, $"exit code {finished.Exit}\n{finished.Error}");
        Assert.Contains(Path.Combine(root.Harness, part), finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy.yaml", "limits: [")]
    [InlineData("policy.yaml", "schema: cto-harness/policy/v1\nlimits: {wall_seconds: forever, no_such: 1}\n")]
    [InlineData("models.yaml", "schema: cto-harness/models/v1\n")]
    [InlineData("engines/fake.yaml", "schema: cto-harness/engine/v1\nname: other\n")]
    public void A_broken_file_of_it_is_refused_with_its_line_before_anything_is_made(string name, string text)
    {
        using var root = new TempRoot();
        root.Write("harness/" + name, text);
        var finished = root.Run().Run().Expect(2).ExpectNoBundle();
        Assert.Contains(Path.Combine(root.Harness, name) + ":", finished.Error, StringComparison.Ordinal);
    }
}
