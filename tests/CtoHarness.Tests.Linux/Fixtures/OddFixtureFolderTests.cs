using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Fixtures;

[Trait("Mission", "M11")]
public sealed class OddFixtureFolderTests
{
    [Theory]
    [InlineData("rm -r workspace", "workspace/ is missing")]
    [InlineData("rm -r solution", "solution/ is missing")]
    [InlineData("rm instruction.md", "instruction.md")]
    [InlineData("rm -r verify", "cases.yaml")]
    [InlineData("rm fixture.yaml", "fixture.yaml")]
    [InlineData("ln -s /etc/passwd workspace/passwd", "\"workspace/passwd\" is a link")]
    [InlineData("rm -r solution && ln -s /etc solution", "\"solution\" is a link")]
    [InlineData("mkfifo workspace/pipe", "\"workspace/pipe\" is FIFO")]
    [InlineData("rm instruction.md && mkfifo instruction.md", "\"instruction.md\" is FIFO")]
    [InlineData("chmod u+s workspace/strings.py", "setuid")]
    [InlineData("mkdir workspace/.git", ".git")]
    [InlineData("git init -q workspace", ".git")]
    [InlineData("mkdir -p workspace/inner/.git && : > workspace/inner/.git/config", ".git")]
    [InlineData(": > instruction.md", "instruction.md")]
    [InlineData("echo more >> workspace/README.md", "fixture.yaml pins the base")]
    [InlineData("chmod +x workspace/strings.py", "fixture.yaml pins the base")]
    [InlineData("sed -i 's/^base: \"6/base: \"7/' fixture.yaml", "fixture.yaml pins the base")]
    public void An_existing_fixture_that_is_not_sound_is_blocked_with_a_bundle_that_says_why(string change, string why)
    {
        using var root = new TempRoot();
        Change(root, change);
        var bundle = root.Run().Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.All(bundle.Codes, code => Assert.Equal("fixture-invalid", code));
        Assert.Contains(why, bundle.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("backend.started", bundle.EventNames);
        root.AssertNoScratch();
    }

    [Theory]
    [InlineData("rm fixture.yaml && mkfifo fixture.yaml")]
    [InlineData("rm fixture.yaml && ln -s /dev/zero fixture.yaml")]
    [InlineData("rm verify/cases.yaml && mkfifo verify/cases.yaml")]
    [InlineData("rm instruction.md && ln -s /dev/zero instruction.md")]
    [InlineData("rm fixture.yaml && mkdir fixture.yaml")]
    public void What_cannot_be_read_to_an_end_is_not_read(string change)
    {
        using var root = new TempRoot();
        Change(root, change);
        var command = root.Run() with { Limit = TimeSpan.FromSeconds(20) };
        var bundle = command.Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.All(bundle.Codes, code => Assert.Equal("fixture-invalid", code));
    }

    [Theory]
    [InlineData("rm -r workspace")]
    [InlineData("mkfifo workspace/pipe")]
    [InlineData("rm fixture.yaml && mkfifo fixture.yaml")]
    [InlineData("sed -i 's/title: /titel: /' fixture.yaml")]
    public void The_list_shows_it_as_not_sound_and_goes_on(string change)
    {
        using var root = new TempRoot();
        Tool.Run("/bin/cp", "-R", root.FixtureFolder, root.At("harness/fixtures/another-one"));
        root.Edit("harness/fixtures/another-one/fixture.yaml", "id: r1-string-slugify", "id: another-one");
        Change(root, change);
        var command = root.Command("fixtures", "--harness-root", root.Harness) with { Limit = TimeSpan.FromSeconds(20) };
        var listed = command.With("--json").Run().Expect(0);
        var fixtures = listed.Json["fixtures"]!.AsArray();
        Assert.Equal(["another-one", TempRoot.Fixture, "r2-js-csv-quotes"], fixtures.Select(one => one!["id"]!.GetValue<string>()));
        Assert.Equal([true, false, true], fixtures.Select(one => one!["valid"]!.GetValue<bool>()));
        Schemas.Assert(root, "fixture-list.v1.json", listed.Output);
        Assert.Matches("r1-string-slugify +no", command.Run().Expect(0).Text);
        Assert.Contains("description", command.With("check", TempRoot.Fixture, "--json").Run().Expect(1).Text, StringComparison.Ordinal);
    }

    private static void Change(TempRoot root, string change) => Tool.Run("/bin/sh", "-c", $"cd '{root.FixtureFolder}' && {change}");
}
