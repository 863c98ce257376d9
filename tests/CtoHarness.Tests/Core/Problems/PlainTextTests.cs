using System.Globalization;
using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Tests.Core.Problems;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("d\u00e9j\u00e0 vu \u20ac \ud83d\ude00", "d\u00e9j\u00e0 vu \u20ac \ud83d\ude00")]
    [InlineData("\u001b[2J\u001b]0;title\u0007", "\\u{1B}[2J\\u{1B}]0;title\\u{7}")]
    [InlineData("a\r\nb\tc\0", "a\\u{D}\\u{A}b\\u{9}c\\u{0}")]
    [InlineData("\u009b31m\u0085", "\\u{9B}31m\\u{85}")]
    [InlineData("\u202eabc\u2066\u200b\u200d\ufeff\u00ad", "\\u{202E}abc\\u{2066}\\u{200B}\\u{200D}\\u{FEFF}\\u{AD}")]
    [InlineData("\u2028\u2029", "\\u{2028}\\u{2029}")]
    [InlineData("\ue000\ufdd0\U000e0001\U0010ffff", "\\u{E000}\\u{FDD0}\\u{E0001}\\u{10FFFF}")]
    public void What_a_terminal_or_a_reader_could_take_for_something_else_is_escaped(string text, string shown) =>
        Assert.Equal(shown, PlainText.Visible(text));

    [Fact]
    public void Half_a_character_is_escaped() =>
        Assert.Equal("a\\u{D83D}b\\u{DE00}\\u{D83D}", PlainText.Visible("a\ud83db\ude00\ud83d"));

    [Fact]
    public void What_is_cut_off_is_counted() => Assert.Equal("abc\u2026 (2 characters more)", PlainText.Visible("abcde", 3));

    [Fact]
    public void A_character_is_not_cut_in_two_unseen() => Assert.Equal("a\\u{D83D}\u2026 (1 characters more)", PlainText.Visible("a\ud83d\ude00", 2));

    [Fact]
    public void A_quote_is_short_and_in_quotes()
    {
        Assert.Equal("\"a\\u{A}b\"", PlainText.Quote("a\nb"));
        Assert.True(PlainText.Quote(new string('x', 100_000)).Length < 240);
    }

    [Fact]
    public void Whatever_the_text_it_becomes_one_line_that_can_be_printed() =>
        Law.Holds(Some.Text, text => PlainText.Visible(text).EnumerateRunes().All(IsPrintable) && !PlainText.Visible(text).Any(IsLone), tries: 3000);

    [Fact]
    public void What_is_visible_stays_as_it_is() =>
        Law.Holds(Some.Text, text => PlainText.Visible(PlainText.Visible(text)) == PlainText.Visible(text), tries: 2000);

    [Fact]
    public void A_problem_is_one_line_with_its_place_and_its_remedy()
    {
        Assert.Equal("f.yaml:3:7: \"x\" is odd; write y", new Problem("f.yaml", "\"x\" is odd", "write y", 3, 7).ToString());
        Assert.Equal("--task: missing; name one", new Problem("--task", "missing", "name one").ToString());
        Assert.Equal("a\\u{A}b: c\\u{1B}; d\\u{202E}", new Problem("a\nb", "c\u001b", "d\u202e").ToString());
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    // EnumerateRunes hides a lone surrogate behind U+FFFD.
    private static bool IsLone(char c) => c == '\ufffd';
}
