using System.Text;
using CtoHarness.Core.Observation;

namespace CtoHarness.Tests.Core.Observation;

[Trait("Mission", "M13")]
public sealed class EscapedTextTests
{
    [Theory]
    [InlineData("\\/a", "/a")]
    [InlineData("\\u002fa\\u00e9", "/aé")]
    [InlineData("\\ud83d\\ude00", "😀")]
    [InlineData("\\u{1f600}\\U0001F600", "😀😀")]
    [InlineData("\\x2f\\057", "//")]
    [InlineData("%2F%c3%a9", "/é")]
    [InlineData("a\\\nb", "ab")]
    [InlineData("a\\tb", "a\nb")]
    [InlineData("a\\ b%20c", "a\u001fb\u001fc")]
    [InlineData("&#47;&#x2F;&sol;&amp;", "///&")]
    [InlineData("\\u12 \\x \\9 %2 %zz", "u12 x 9 %2 %zz")]
    [InlineData("a\\\\/b", "a\\/b")]
    public void One_layer_is_undone(string text, string plain) => Assert.Equal(plain, Encoding.UTF8.GetString(EscapedText.Undo(Encoding.UTF8.GetBytes(text))!));

    [Theory]
    [InlineData("")]
    [InlineData("plain /text")]
    [InlineData("100% & more")]
    public void Where_there_is_none_nothing_is_done(string text) => Assert.Null(EscapedText.Undo(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void It_never_grows_and_ends_on_whatever_bytes() =>
        Law.Holds(Some.Glued("\\", "u", "U", "{", "}", "d83d", "de00", "0000", "ff", "x", "%", "&", "#47;", "7", "é", "\n"), bytes => (EscapedText.Undo(bytes)?.Length ?? 0) <= bytes.Length, 1000);
}
