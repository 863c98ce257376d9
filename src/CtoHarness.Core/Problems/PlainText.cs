using System.Globalization;
using System.Text;

namespace CtoHarness.Core.Problems;

/// <summary>Makes foreign text safe to show: nothing that a terminal or a reader could take for something else stays raw.</summary>
public static class PlainText
{
    /// <summary>The longest text that one message shows, in characters.</summary>
    public const int DefaultLimit = 4000;

    /// <summary>Replaces every control, format and lone surrogate character by a visible escape.</summary>
    /// <param name="text">Any text, hostile text included.</param>
    /// <param name="limit">The most characters kept; what is cut is counted in the result.</param>
    /// <returns>One line of printable text.</returns>
    public static string Visible(string text, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(text);
        var kept = text.Length <= limit ? text.Length : limit;
        var result = new StringBuilder(kept);
        for (var i = 0; i < kept; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < kept && char.IsLowSurrogate(text[i + 1]))
            {
                Append(result, new Rune(c, text[i + 1]));
                i++;
            }
            else if (char.IsSurrogate(c))
            {
                Escape(result, c);
            }
            else
            {
                Append(result, new Rune(c));
            }
        }

        if (kept < text.Length)
        {
            result.Append(CultureInfo.InvariantCulture, $"… ({text.Length - kept} characters more)");
        }

        return result.ToString();
    }

    /// <summary>The visible form in double quotes, cut short for a message.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Quoted printable text of at most about 200 characters.</returns>
    public static string Quote(string text) => $"\"{Visible(text, 200)}\"";

    private static void Append(StringBuilder result, Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
        {
            Escape(result, rune.Value);
        }
        else
        {
            result.Append(rune.ToString());
        }
    }

    private static void Escape(StringBuilder result, int value) =>
        result.Append(CultureInfo.InvariantCulture, $"\\u{{{value:X}}}");
}
