using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Fixtures;

[Trait("Mission", "M17")]
public sealed class FixtureCheckTests
{
    [Fact]
    public void The_fixture_proves_itself()
    {
        using var root = new TempRoot();
        var finished = Check(root).Run().Expect(0);
        Assert.True(finished.Json["passed"]!.GetValue<bool>());
        Assert.Equal(
            ["description", "base", "solution-allowed", "solution-passes", "untouched-fails", "run-passes", "noop"],
            finished.Json["fixtures"]![0]!["checks"]!.AsArray().Select(check => check!["name"]!.GetValue<string>()).Where(name => !name.Contains(':', StringComparison.Ordinal)));
        root.AssertNoScratch();
    }

    [Fact]
    public void It_has_at_least_twelve_cases_that_its_visible_tests_do_not_have()
    {
        using var root = new TempRoot();
        var text = Tool.Run("python3", "-c", """
            import re, sys
            visible = open(sys.argv[1] + "/workspace/test_strings.py").read()
            cases = re.findall(r'arguments: \["((?:[^"\\]|\\.)*)"\]', open(sys.argv[1] + "/verify/cases.yaml").read())
            print(len([case for case in cases if f'"{case}"' not in visible]))
            """, root.FixtureFolder);
        Assert.True(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) >= 12, text);
    }

    [Theory]
    [InlineData("sed -i 's/lower()/upper()/' solution/strings.py", "solution-passes")]
    [InlineData("cp solution/strings.py workspace/strings.py", "untouched-fails")]
    [InlineData("cp workspace/test_strings.py solution/test_strings.py", "solution-allowed")]
    [InlineData(": > solution/more.py", "solution-allowed")]
    [InlineData("rm solution/strings.py", "solution-allowed")]
    [InlineData("echo more >> workspace/README.md", "base")]
    [InlineData("sed -i 's/test_command: .*/test_command: [\"true\"]/' fixture.yaml", "untouched-fails")]
    [InlineData("sed -i 's/test_command: .*/test_command: [\"false\"]/' fixture.yaml", "solution-passes")]
    [InlineData("sed -i '/test_command/d' fixture.yaml", "test-command")]
    [InlineData("sed -i 's/python3, -m/no-such-program, -m/' fixture.yaml", "test-command")]
    [InlineData("sed -i 's/python3, -m/sh, -c, no-such-program, -m/' fixture.yaml", "untouched-fails")]
    [InlineData("rm instruction.md", "description")]
    public void A_fixture_that_does_not_prove_itself_fails_by_the_right_check(string change, string check)
    {
        using var root = new TempRoot();
        Tool.Run("/bin/sh", "-c", $"cd '{root.FixtureFolder}' && {change}");
        var finished = Check(root).Run().Expect(1);
        Assert.False(finished.Json["passed"]!.GetValue<bool>());
        Assert.Contains(check, finished.Json["fixtures"]![0]!["checks"]!.AsArray().Where(one => !one!["passed"]!.GetValue<bool>()).Select(one => one!["name"]!.GetValue<string>()));
        Schemas.Assert(root, "fixture-check.v1.json", finished.Output);
        root.AssertNoScratch();
    }

    private static HarnessCommand Check(TempRoot root) => root.Command("fixtures", "check", TempRoot.Fixture, "--harness-root", root.Harness, "--json") with { Limit = TimeSpan.FromMinutes(4) };
}
