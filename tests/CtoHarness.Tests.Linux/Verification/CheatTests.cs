using System.Text.RegularExpressions;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Verification;

/// <summary>Every cheat of every fixture: refused for its breach by a real run, and believed by a judge that goes by exit codes.</summary>
[Trait("Mission", "M15")]
public sealed class CheatTests
{
    [Theory]
    [InlineData("r1-string-slugify", 17)]
    [InlineData("r2-js-csv-quotes", 10)]
    public void Every_cheat_is_caught_and_each_would_have_fooled_a_judge_that_believes_exit_codes(string fixture, int atLeast)
    {
        using var root = new TempRoot();
        var finished = (root.Command("fixtures", "check", fixture, "--harness-root", root.Harness, "--json") with { Limit = TimeSpan.FromMinutes(4) }).Run();
        var checks = finished.Json["fixtures"]![0]!["checks"]!.AsArray().ToDictionary(check => check!["name"]!.GetValue<string>(), check => check!);
        Assert.True(checks.Values.All(check => check["passed"]!.GetValue<bool>()), finished.Text);
        finished.Expect(0);
        var cheats = checks.Keys.Where(name => name.StartsWith("caught:", StringComparison.Ordinal)).Select(name => name["caught:".Length..]).ToList();
        Assert.True(cheats.Count >= atLeast, $"{cheats.Count} cheats");
        Assert.All(cheats, cheat => Assert.Contains("fooled:" + cheat, checks.Keys));
        Assert.Contains("fooled:nothing", checks.Keys);
        Assert.Contains("noop", checks.Keys);
        Schemas.Assert(root, "fixture-check.v1.json", finished.Output);
        root.AssertNoScratch();
    }

    [Fact]
    public void A_cheat_that_is_none_because_it_does_the_work_is_told_by_the_check()
    {
        using var root = new TempRoot();
        var work = Regex.Replace(File.ReadAllText(Path.Combine(root.FixtureFolder, "solution", "strings.py")), "^", "        ", RegexOptions.Multiline);
        root.Write(
            "harness/fixtures/r1-string-slugify/verify/cheats.yaml",
            $"schema: cto-harness/cheats/v1\ncontrol: honest\ncheats:\n  - name: honest\n    title: Does the work\n    breach: failed-tests\n    files:\n      strings.py: |\n{work}\n");
        Expect(root, "caught:honest");
    }

    [Fact]
    public void A_cheat_that_fools_nobody_is_told_by_the_check()
    {
        using var root = new TempRoot();
        root.Write(
            "harness/fixtures/r1-string-slugify/verify/cheats.yaml",
            "schema: cto-harness/cheats/v1\ncontrol: clumsy\ncheats:\n  - name: clumsy\n    title: Fails its tests\n    breach: failed-tests\n    files:\n      strings.py: |\n        raise SystemError\n");
        Expect(root, "fooled:clumsy");
    }

    [Fact]
    public void A_cheat_with_another_breach_than_it_names_is_told_by_the_check()
    {
        using var root = new TempRoot();
        root.Edit("harness/fixtures/r1-string-slugify/verify/cheats.yaml", "breach: failed-tests", "breach: no-diff");
        Expect(root, "caught:");
    }

    [Fact]
    public void The_table_in_the_threat_model_names_every_cheat_with_its_breach()
    {
        var page = File.ReadAllText(Repository.At("docs", "threat-model.md"));
        foreach (var path in Directory.GetFiles(Repository.At("harness", "fixtures"), "cheats.yaml", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            var fixture = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)))!;
            var cheats = Regex.Matches(text, @"^  - name: (\S+)\n    title: (.+)\n    breach: (\S+)$", RegexOptions.Multiline);
            Assert.Equal(Regex.Count(text, @"^  - name: ", RegexOptions.Multiline), cheats.Count);
            Assert.All(cheats, cheat => Assert.Contains($"| {fixture} | `{cheat.Groups[1].Value}` | {cheat.Groups[2].Value.Trim('"')} | `{cheat.Groups[3].Value}` |", page, StringComparison.Ordinal));
        }
    }

    private static void Expect(TempRoot root, string failed)
    {
        var finished = (root.Command("fixtures", "check", TempRoot.Fixture, "--harness-root", root.Harness, "--json") with { Limit = TimeSpan.FromMinutes(4) }).Run().Expect(1);
        var names = finished.Json["fixtures"]![0]!["checks"]!.AsArray().Where(check => !check!["passed"]!.GetValue<bool>()).Select(check => check!["name"]!.GetValue<string>()).ToList();
        Assert.Contains(names, name => name.StartsWith(failed, StringComparison.Ordinal));
        root.AssertNoScratch();
    }
}
