using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Evidence;

/// <summary>Puts foreign text into Markdown without letting it become markup.</summary>
public static class MarkdownText
{
    /// <summary>Text within a sentence.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>One line; every character that Markdown or HTML could read as markup is escaped.</returns>
    public static string Plain(string text)
    {
        var result = new StringBuilder();
        foreach (var c in PlainText.Visible(text))
        {
            _ = c switch
            {
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '&' => result.Append("&amp;"),
                _ when "\\`*_[]|~#".Contains(c, StringComparison.Ordinal) => result.Append('\\').Append(c),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    /// <summary>A name or path as code.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>A code span that the text cannot end: its fence is longer than any run of backticks within.</returns>
    public static string Code(string text)
    {
        var visible = PlainText.Visible(text);
        int run = 0, longest = 0;
        foreach (var c in visible)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return visible.Length == 0 ? "(empty)" : longest == 0 ? $"`{visible}`" : $"{fence} {visible} {fence}";
    }

    /// <summary>The same within a table, where a bar would end the cell even in code.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>A code span with escaped bars.</returns>
    public static string CodeCell(string text) => Code(text).Replace("|", "\\|", StringComparison.Ordinal);
}
