using System.Globalization;
using System.Text;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Withholding;

/// <summary>The forms in which programs write a value: as it is, in JSON, in addresses, in base64, in hexadecimal digits.</summary>
internal static class ValueEncodings
{
    private const int ShortestLine = 16;
    private const string Unreserved = "-_.~";

    /// <summary>What is searched for so that a value is found: each form of the whole, and of each long line.</summary>
    internal static IEnumerable<byte[]> Of(ReadOnlyMemory<byte> value) => Parts(value).SelectMany(Forms);

    // A key of many lines is printed line by line. What surrounds it in such a file is the same in every key.
    private static IEnumerable<byte[]> Parts(ReadOnlyMemory<byte> value)
    {
        yield return value.ToArray();
        yield return Trimmed(value.Span);
        if (!value.Span.Contains((byte)'\n'))
        {
            yield break;
        }

        for (var rest = value; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = Trimmed((end < 0 ? rest : rest[..end]).Span);
            if (line.Length >= ShortestLine && !line.AsSpan().StartsWith("-----"u8))
            {
                yield return line;
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    private static byte[] Trimmed(ReadOnlySpan<byte> bytes) => bytes.Trim(" \t\r\n"u8).ToArray();

    private static IEnumerable<byte[]> Forms(byte[] bytes)
    {
        yield return bytes;
        yield return Ascii(Convert.ToHexStringLower(bytes));
        yield return Ascii(Convert.ToHexString(bytes));
        foreach (var text in Json(bytes).Concat(Percent(bytes)).Concat(Base64(bytes)))
        {
            yield return text;
        }
    }

    private static IEnumerable<byte[]> Json(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var least = Escaped(text, Nothing, "x4", slash: false);
        var ascii = Escaped(text, BeyondAscii, "x4", slash: false);
        var own = Own(text);
        string[] forms =
        [
            least, ascii, own,
            Escaped(text, Nothing, "x4", slash: true), Escaped(text, BeyondAscii, "x4", slash: true),
            Escaped(text, BeyondAscii, "X4", slash: false), Escaped(text, char.IsSurrogate, "X4", slash: false),

            // JSON as a text within JSON, as programs hand each other arguments.
            Escaped(least, Nothing, "x4", slash: false), Escaped(ascii, Nothing, "x4", slash: false), Escaped(own, Nothing, "x4", slash: false),
            Own(least), Own(ascii), Own(own),
        ];
        return forms.Select(Encoding.UTF8.GetBytes);
    }

    private static bool Nothing(char c) => false;

    private static bool BeyondAscii(char c) => c > '~';

    private static string Escaped(string text, Func<char, bool> escapes, string digits, bool slash)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append(@"\\"),
                '/' when slash => result.Append(@"\/"),
                '\b' => result.Append(@"\b"),
                '\t' => result.Append(@"\t"),
                '\n' => result.Append(@"\n"),
                '\f' => result.Append(@"\f"),
                '\r' => result.Append(@"\r"),
                _ when c < ' ' || escapes(c) => result.Append(@"\u").Append(((int)c).ToString(digits, CultureInfo.InvariantCulture)),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    // As the harness's own files have it.
    private static string Own(string text) => Encoding.UTF8.GetString(JsonText.Line(json => json.WriteStringValue(text))[1..^1]);

    private static IEnumerable<byte[]> Percent(byte[] bytes)
    {
        foreach (var digits in new[] { "X2", "x2" })
        {
            yield return Percent(bytes, Unreserved, digits);
            yield return Percent(bytes, Unreserved + "/", digits);
            yield return Percent(bytes, Unreserved + "!*'()", digits);
            yield return Percent(bytes, "-_.* ", digits); // a space is a plus in forms
            yield return Percent(bytes, Unreserved + " ", digits);
            yield return Percent(bytes, null, digits);
        }
    }

    private static byte[] Percent(byte[] bytes, string? kept, string digits) => Ascii(string.Concat(bytes.Select(one =>
        kept is not null && (char.IsAsciiLetterOrDigit((char)one) || kept.Contains((char)one, StringComparison.Ordinal))
            ? one == ' ' ? "+" : ((char)one).ToString()
            : "%" + one.ToString(digits, CultureInfo.InvariantCulture))));

    // Whatever stands before and behind it: three places in a group of three bytes, and of each the letters that the value alone decides.
    private static IEnumerable<byte[]> Base64(byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var first = (before * 8 + 5) / 6;
            var decided = text[first..((before + bytes.Length) * 8 / 6)];
            yield return Ascii(decided);
            yield return Ascii(decided.Replace('+', '-').Replace('/', '_'));
        }
    }

    private static byte[] Ascii(string text) => Encoding.UTF8.GetBytes(text);
}
