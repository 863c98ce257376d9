using System.Collections.Immutable;
using System.Text;

namespace CtoHarness.Core.Observation;

/// <summary>Undoes what JSON, programming languages, shells, addresses and HTML do to a text, so that a path within it can be read.</summary>
public static class EscapedText
{
    /// <summary>Stands for a space that belongs to a name and ends no word.</summary>
    internal const byte SpaceInName = 0x1F;

    private const int MostHexDigits = 8;

    private static readonly ImmutableArray<(string Written, char Meant)> Entities =
        [("&#47;", '/'), ("&#x2f;", '/'), ("&#x2F;", '/'), ("&sol;", '/'), ("&#46;", '.'), ("&#x2e;", '.'), ("&#x2E;", '.'), ("&amp;", '&')];

    /// <summary>Undoes one layer of escapes.</summary>
    /// <param name="text">Any bytes.</param>
    /// <returns>At most as many bytes; null where there is nothing to undo.</returns>
    public static byte[]? Undo(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny("\\%&"u8) < 0)
        {
            return null;
        }

        var result = new byte[text.Length];
        var changed = false;
        var length = 0;
        for (var at = 0; at < text.Length;)
        {
            var (taken, rune) = text[at] switch
            {
                (byte)'\\' => Backslash(text[at..]),
                (byte)'%' => Percent(text[at..]),
                (byte)'&' => Entity(text[at..]),
                _ => (0, Nothing),
            };
            changed |= taken > 0;
            if (taken == 0)
            {
                result[length++] = text[at++];
                continue;
            }

            at += taken;
            length += rune == Nothing ? 0 : rune < 0 ? Raw(result, length, rune) : Rune.IsValid(rune) ? new Rune(rune).EncodeToUtf8(result.AsSpan(length)) : 0;
        }

        return changed ? result[..length] : null;
    }

    private const int Nothing = int.MinValue;

    // A byte that is no character of its own travels as a negative number.
    private static int Raw(byte[] result, int length, int rune)
    {
        result[length] = (byte)-rune;
        return 1;
    }

    private static (int Taken, int Rune) Backslash(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return (0, Nothing);
        }

        return text[1] switch
        {
            (byte)' ' => (2, SpaceInName),
            (byte)'\n' => (2, Nothing), // a line that goes on
            (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f' or (byte)'v' or (byte)'a' => (2, '\n'),
            (byte)'u' when text.Length > 2 && text[2] == (byte)'{' => Braced(text),
            (byte)'u' => Unicode(text),
            (byte)'U' => Hex(text, 2, 8),
            (byte)'x' => Hex(text, 2, 2),
            >= (byte)'0' and <= (byte)'3' => Octal(text),
            var other => (2, other < 0x80 ? other : -other),
        };
    }

    private static (int Taken, int Rune) Hex(ReadOnlySpan<byte> text, int from, int digits)
    {
        if (text.Length < from + digits)
        {
            return (2, text[1]);
        }

        return Number(text.Slice(from, digits), 16) is { } number ? (from + digits, number) : (2, text[1]);
    }

    // A character beyond the first 65,536 is written as two.
    private static (int Taken, int Rune) Unicode(ReadOnlySpan<byte> text)
    {
        var (taken, first) = Hex(text, 2, 4);
        if (taken == 6 && first is >= 0xD800 and < 0xDC00 && text.Length >= 12 && text[6] == (byte)'\\' && text[7] == (byte)'u'
            && Hex(text[6..], 2, 4) is { Taken: 6, Rune: >= 0xDC00 and < 0xE000 } second)
        {
            return (12, 0x10000 + ((first - 0xD800) << 10) + (second.Rune - 0xDC00));
        }

        return (taken, first);
    }

    private static (int Taken, int Rune) Braced(ReadOnlySpan<byte> text)
    {
        var end = text[..Math.Min(text.Length, 4 + MostHexDigits)].IndexOf((byte)'}');
        return end > 3 && Number(text[3..end], 16) is { } number ? (end + 1, number) : (2, 'u');
    }

    private static (int Taken, int Rune) Octal(ReadOnlySpan<byte> text) =>
        text.Length >= 4 && Number(text.Slice(1, 3), 8) is { } number ? (4, number < 0x80 ? number : -number) : (2, text[1] == (byte)'0' ? 0 : text[1]);

    private static (int Taken, int Rune) Percent(ReadOnlySpan<byte> text) =>
        text.Length >= 3 && Number(text.Slice(1, 2), 16) is { } number
            ? (3, number == ' ' ? SpaceInName : number < 0x80 ? number : -number)
            : (0, Nothing);

    private static (int Taken, int Rune) Entity(ReadOnlySpan<byte> text)
    {
        foreach (var (written, meant) in Entities)
        {
            if (text.Length >= written.Length && Ascii.Equals(text[..written.Length], written))
            {
                return (written.Length, meant);
            }
        }

        return (0, Nothing);
    }

    private static int? Number(ReadOnlySpan<byte> digits, int numberBase)
    {
        long number = 0;
        foreach (var digit in digits)
        {
            var value = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => numberBase,
            };
            if (value >= numberBase || number > 0x10FFFF)
            {
                return null;
            }

            number = (number * numberBase) + value;
        }

        return number > 0x10FFFF ? null : (int)number;
    }
}
