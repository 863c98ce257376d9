using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Gateway;

/// <summary>Texts of a call in the form in which they stand in the record.</summary>
public static class CallText
{
    /// <summary>The most characters of a model's name.</summary>
    public const int LongestModel = 200;

    /// <summary>The most characters of what went wrong.</summary>
    public const int LongestDetail = 300;

    /// <summary>A model's name.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Visible text of at most 200 characters.</returns>
    public static string Model(string text) => Cut(PlainText.Visible(text, LongestModel), LongestModel);

    /// <summary>What went wrong.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Visible text of at most 300 characters.</returns>
    public static string Detail(string text) => Cut(PlainText.Visible(text, LongestDetail), LongestDetail);

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = most - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }
}
