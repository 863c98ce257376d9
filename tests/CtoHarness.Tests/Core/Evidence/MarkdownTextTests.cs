using System.Text.RegularExpressions;
using CtoHarness.Core.Evidence;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Evidence;

public sealed partial class MarkdownTextTests
{
    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;")]
    [InlineData("&lt;", "&amp;lt;")]
    [InlineData("**bold** _it_ ~~no~~", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~")]
    [InlineData("[a](javascript:x)", "\\[a\\](javascript:x)")]
    [InlineData("# title", "\\# title")]
    [InlineData("a|b", "a\\|b")]
    [InlineData("`code`", "\\`code\\`")]
    [InlineData("\\<", "\\\\&lt;")]
    [InlineData("one\n\n# two", "one\\\\u{A}\\\\u{A}\\# two")]
    [InlineData("\u001b[31m", "\\\\u{1B}\\[31m")]
    public void Text_in_a_sentence_is_never_markup(string text, string markdown) =>
        Assert.Equal(markdown, MarkdownText.Plain(text));

    [Theory]
    [InlineData("strings.py", "`strings.py`")]
    [InlineData("a`b", "`` a`b ``")]
    [InlineData("<b>", "`<b>`")]
    [InlineData("a\nb", "`a\\u{A}b`")]
    [InlineData("a|b", "`a|b`")]
    [InlineData("", "(empty)")]
    public void A_name_is_shown_as_code(string text, string markdown) => Assert.Equal(markdown, MarkdownText.Code(text));

    [Fact]
    public void A_name_in_a_table_cannot_end_its_cell() => Assert.Equal("`a\\|b`", MarkdownText.CodeCell("a|b"));

    [Fact]
    public void Text_in_a_sentence_stays_on_its_line_and_holds_no_HTML() =>
        Law.Holds(
            Some.Text,
            text => MarkdownText.Plain(text) is var plain && Quiet(plain) && !plain.Contains('<', StringComparison.Ordinal) && !plain.Contains('>', StringComparison.Ordinal),
            tries: 2000);

    [Fact]
    public void Every_mark_in_a_sentence_stands_behind_a_backslash() =>
        Law.Holds(Some.Text, text => !BareMark().IsMatch(MarkdownText.Plain(text).Replace("\\\\", "", StringComparison.Ordinal)), tries: 2000);

    [Theory]
    [InlineData("```<img src=x onerror=alert(1)>")]
    [InlineData("`````")]
    [InlineData("a```b``c")]
    public void Several_backticks_do_not_end_the_code(string text) => Assert.True(HoldsItsText(MarkdownText.Code(text)), MarkdownText.Code(text));

    [Theory]
    [InlineData("`")]
    [InlineData("``")]
    [InlineData("``<b>``")]
    [InlineData("` `` `")]
    public void One_or_two_backticks_do_not_end_the_code(string text) => Assert.True(HoldsItsText(MarkdownText.Code(text)), MarkdownText.Code(text));

    [Fact]
    public void Whatever_the_name_it_cannot_end_its_code() =>
        Law.Holds(Ticks, text => HoldsItsText(MarkdownText.Code(text)), tries: 1000);

    private static readonly Gen<string> Ticks = Gen.Elements("`", "``", "a", " ", "\\", "|").NonEmptyListOf().Select(string.Concat);

    [Fact]
    public void Code_stays_on_its_line() => Law.Holds(Some.Text, text => Quiet(MarkdownText.Code(text)), tries: 2000);

    // By CommonMark: a span ends at the first run of exactly as many backticks as it began with.
    private static bool HoldsItsText(string code)
    {
        var runs = Backticks().Matches(code);
        return runs.Count == 0
            ? code == "(empty)"
            : runs.Count >= 2 && runs[0].Index == 0 && runs[^1].Index + runs[^1].Length == code.Length
                && runs.Skip(1).First(run => run.Length == runs[0].Length).Index == runs[^1].Index;
    }

    private static bool Quiet(string text) =>
        text.EnumerateRunes().All(rune => System.Text.Rune.GetUnicodeCategory(rune)
            is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator));

    // A mark of Markdown that no backslash stands before; pairs of backslashes are one character each.
    [GeneratedRegex(@"^(?:\\.|[^\\`*_\[\]|~#<>])*[`*_\[\]|~#<>]", RegexOptions.Singleline)]
    private static partial Regex BareMark();

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
