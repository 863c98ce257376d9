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
    /// <returns>A code span that the text cannot end.</returns>
    public static string Code(string text)
    {
        var visible = PlainText.Visible(text).Replace("|", "\\|", StringComparison.Ordinal);
        return visible.Contains('`', StringComparison.Ordinal) ? $"`` {visible.Replace("``", "` `", StringComparison.Ordinal)} ``" : $"`{visible}`";
    }

    /// <summary>Lines as a block of code.</summary>
    /// <param name="lines">Any lines.</param>
    /// <returns>A block indented by four spaces, which no line can end.</returns>
    public static string Block(IEnumerable<string> lines) =>
        string.Concat((lines ?? []).Select(line => "    " + PlainText.Visible(line) + "\n"));
}
