using System.Text;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Fixtures;

[Trait("Mission", "M17")]
public sealed class BrokenFixtureTests
{
    private const string Description = "harness/fixtures/r1-string-slugify/fixture.yaml";

    [Fact]
    public void A_fixture_without_test_command_is_blocked_by_that_name()
    {
        using var root = new TempRoot();
        root.Edit(Description, "test_command: ", "# test_command: ");
        var bundle = root.Run().Run().Expect(3).Bundle().Expect("blocked", "missing-test-command");
        Assert.Contains("fixture.yaml", bundle.Messages, StringComparison.Ordinal);
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
    }

    [Fact]
    public void A_test_command_whose_program_is_not_installed_is_blocked_before_the_start()
    {
        using var root = new TempRoot();
        root.Edit(Description, "[python3, ", "[no-such-python, ");
        var bundle = root.Run().Run().Expect(3).Bundle().Expect("blocked", "missing-test-command");
        Assert.Contains("no-such-python", bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_YAML_is_blocked_with_its_line()
    {
        using var root = new TempRoot();
        root.Edit(Description, "language: python", "language: [python");
        var bundle = root.Run().Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.Matches("fixture\\.yaml:[0-9]+:[0-9]+: ", bundle.Messages);
    }

    [Fact]
    public void Several_mistakes_are_told_at_once_each_with_its_line()
    {
        using var root = new TempRoot();
        root.Edit(Description, "title: ", "titel: ");
        root.Edit(Description, "base: \"", "base: \"xyz");
        root.Edit(Description, "[strings.py]", "[../strings.py, .git/config, strings.py, strings.py]");
        root.Edit("harness/fixtures/r1-string-slugify/verify/cases.yaml", "name: empty", "name: plain-words");
        var bundle = root.Run().Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.All(bundle.Codes, code => Assert.Equal("fixture-invalid", code));
        foreach (var pattern in new[] { "fixture\\.yaml:3:1: \"titel\"", "fixture\\.yaml:5:[0-9]+: base is", "fixture\\.yaml:6:17: \"\\.\\./strings\\.py\"", "fixture\\.yaml:6:32: \"\\.git/config\"", "\"strings\\.py\" stands here twice", "\"title\" is missing", "cases\\.yaml:8:5: case \"plain-words\"" })
        {
            Assert.Matches(pattern, bundle.Messages);
        }
    }

    [Fact]
    public void An_alias_bomb_is_refused_in_little_memory()
    {
        using var root = new TempRoot();
        root.Write(Description, Bomb());
        using var running = root.Run().Start();
        var finished = running.Wait().Expect(3);
        var bundle = finished.Bundle().Expect("blocked", "fixture-invalid");
        Assert.Contains("aliases", bundle.Messages, StringComparison.Ordinal);
        Assert.True(running.PeakMemory < 150_000_000, $"{running.PeakMemory} bytes");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void A_description_nested_without_end_is_refused(string open)
    {
        using var root = new TempRoot();
        root.Write(Description, string.Concat(Enumerable.Repeat(open, 100_000)));
        var bundle = root.Run().Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.All(bundle.Codes, code => Assert.Equal("fixture-invalid", code));
    }

    [Fact]
    public void A_description_that_is_too_long_or_no_text_is_refused()
    {
        using var root = new TempRoot();
        root.Write(Description, new string('#', 2_000_000));
        root.Run().Run().Expect(3).Bundle().Expect("blocked", "fixture-invalid");
        Directory.Delete(root.Runs, recursive: true);
        File.WriteAllBytes(root.At(Description), [0xff, 0xfe, 0x00]);
        root.Run().Run().Expect(3).Bundle().Expect("blocked", "fixture-invalid");
    }

    // Nine levels of nine: 387 million texts for whoever follows the aliases.
    private static string Bomb()
    {
        var text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var level = 1; level < 9; level++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
        }

        return text.Append("title: *a8\n").ToString();
    }
}
