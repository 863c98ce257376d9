using System.Text;
using System.Text.Json;
using CtoHarness.Core.Withholding;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Withholding;

[Trait("Mission", "M20")]
public sealed class ValueSearchTests
{
    private const string Odd = "p+q/r\"s\\t \u00e9=&<\U0001f600>";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Gen<string> Values = Gen.Elements(("abcXYZ019+/=\"\\ <>&'%-_.~\u00e9\u20ac").ToCharArray()).ArrayOf(9).Select(letters => new string(letters));

    public static TheoryData<string, Func<string, string>> Forms => new()
    {
        { "as it is", text => text },
        { "System.Text.Json", text => JsonSerializer.Serialize(text) },
        { "System.Text.Json twice", text => JsonSerializer.Serialize(JsonSerializer.Serialize(text)) },
        { "least escapes", text => JsonSerializer.Serialize(text, Relaxed) },
        { "slashes escaped", text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal) },
        { "an address", Uri.EscapeDataString },
        { "a form", text => System.Net.WebUtility.UrlEncode(text) },
        { "a form, small digits", text => System.Web.HttpUtility.UrlEncode(text) },
        { "a form by Python", text => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal) },
        { "base64", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) },
        { "base64 behind one byte", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + text + "y")) },
        { "base64 behind two bytes", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("xy" + text + "zz")) },
        { "base64 of a header", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + text)) },
        { "base64 for addresses", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("?" + text)).Replace('+', '-').Replace('/', '_').TrimEnd('=') },
        { "hexadecimal", text => Convert.ToHexString(Encoding.UTF8.GetBytes(text)) },
        { "hexadecimal, small", text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)) },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_value_is_found_in_each_form_that_other_programs_give_it(string name, Func<string, string> form)
    {
        Assert.NotEmpty(name);
        Assert.Equal("V", Search(Odd).FirstIn(Encoding.UTF8.GetBytes("before " + form(Odd) + " behind")));
        Law.Holds(Values, value => Search(value).FirstIn(Encoding.UTF8.GetBytes("before " + form(value) + " behind")) == "V", tries: 200);
    }

    [Fact]
    public void A_part_of_a_value_is_no_value()
    {
        var search = Search("correct horse battery");
        Assert.Null(search.FirstIn("correct horse batter"u8));
        Assert.Null(search.FirstIn("orrect horse battery"u8));
        Assert.Null(search.FirstIn([]));
        Assert.Null(ValueSearch.None.FirstIn("anything at all"u8));
    }

    [Fact]
    public void A_key_of_many_lines_is_found_line_by_line_but_what_surrounds_it_in_every_such_file_is_not()
    {
        const string key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\r\nAQEFAASCBKcwggSjAgEAAoIB\nshort\n-----END PRIVATE KEY-----\n";
        var search = Search(key);
        Assert.Equal("V", search.FirstIn(Encoding.UTF8.GetBytes(key)));
        Assert.Equal("V", search.FirstIn("1: AQEFAASCBKcwggSjAgEAAoIB."u8));
        Assert.Equal("V", search.FirstIn("MIIEvQIBADANBgkqhkiG9w0B"u8));
        Assert.Null(search.FirstIn("-----BEGIN PRIVATE KEY-----\nshort\n"u8));
    }

    [Fact]
    public void White_space_around_a_value_does_not_hide_it() => Assert.Equal("V", Search(" token-of-a-file\n").FirstIn("(token-of-a-file)"u8));

    [Fact]
    public void Of_two_variables_with_one_value_the_first_is_named_and_both_are_known()
    {
        var search = ValueSearch.Of([new WithheldValue("B", "the same value"u8.ToArray()), new WithheldValue("A", "the same value"u8.ToArray())]);
        Assert.Equal("A", search.FirstIn("the same value"u8));
    }

    [Fact]
    public void A_value_that_is_too_short_is_refused_and_not_left_out() =>
        Assert.Throws<ArgumentException>(() => ValueSearch.Of([new WithheldValue("PIN", "123"u8.ToArray())]));

    [Fact]
    public void A_text_is_redacted_whatever_it_holds()
    {
        var search = Search("correct horse");
        Assert.Equal("\u00e9 [withheld:V] \u20ac", search.Redact("\u00e9 correct horse \u20ac"));
        Law.Holds(Some.Text, text => search.Redact(text) == text && search.Redact(text + "correct horse").EndsWith("[withheld:V]", StringComparison.Ordinal));
    }

    private static ValueSearch Search(string value) => ValueSearch.Of([new WithheldValue("V", Encoding.UTF8.GetBytes(value))]);
}
