using System.Text;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Tests.Documents.Yaml;

/// <summary>Documents made to cost much. Each must answer; the limit is far above what it takes.</summary>
public sealed class YamlBombTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nested_aliases_are_refused_at_the_first()
    {
        var lines = Enumerable.Range(1, 20).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]");
        await Refused("anchors and aliases are not read", "a0: &a0 lol\n" + string.Join('\n', lines));
    }

    [Fact]
    public async Task Thirty_levels_are_read_and_more_are_refused()
    {
        Assert.IsType<Parsed<YamlNode>.Value>(await Read(Nested(31)));
        await Refused("nested too deep", Nested(33));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("[{? ")]
    public async Task Nesting_without_an_end_is_refused(string piece) =>
        Assert.IsType<Parsed<YamlNode>.Refused>(await Read(string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length))));

    [Fact]
    public async Task Many_values_are_refused() => await Refused("too many values", "[" + string.Join(",", Enumerable.Repeat("1", 60_000)) + "]");

    [Fact]
    public async Task A_long_list_within_the_bounds_is_read() =>
        Assert.IsType<Parsed<YamlNode>.Value>(await Read("[" + string.Join(",", Enumerable.Repeat("1", 40_000)) + "]"));

    [Fact]
    public async Task Many_names_are_read() =>
        Assert.IsType<Parsed<YamlNode>.Value>(await Read(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"k{i}: 1\n"))));

    [Fact]
    public async Task A_megabyte_is_read_and_one_byte_more_is_refused()
    {
        Assert.IsType<Parsed<YamlNode>.Value>(await Read("a: " + new string('x', YamlText.MaxBytes - 3)));
        await Refused("bytes are too many", "a: " + new string('x', YamlText.MaxBytes - 2));
    }

    [Theory]
    [InlineData("#")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData(":")]
    [InlineData("!")]
    [InlineData("&a ")]
    [InlineData("%x\n")]
    [InlineData("---\n")]
    [InlineData("a: |\n ")]
    public async Task A_megabyte_of_the_same_still_answers(string piece) =>
        Assert.NotNull(await Read(string.Concat(Enumerable.Repeat(piece, YamlText.MaxBytes / piece.Length))));

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static async Task Refused(string message, string text)
    {
        var refused = Assert.IsType<Parsed<YamlNode>.Refused>(await Read(text));
        Assert.Contains(message, Assert.Single(refused.Problems).Message, StringComparison.Ordinal);
    }

    private static Task<Parsed<YamlNode>> Read(string text) =>
        Task.Run(() => YamlText.Read("x.yaml", Encoding.UTF8.GetBytes(text))).WaitAsync(Limit);
}
