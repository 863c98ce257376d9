using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>Finds the value that a word of a bundle stands for.</summary>
public static class WordReader
{
    /// <summary>Finds the value of an enumeration.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="word">Any text, or null.</param>
    /// <param name="words">Says the word of each value.</param>
    /// <returns>The value, or null where no value has this word.</returns>
    public static T? Find<T>(string? word, Func<T, string> words)
        where T : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(words);
        foreach (var value in Enum.GetValues<T>())
        {
            if (words(value) == word)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Finds the code of a blocker.</summary>
    /// <param name="word">Any text, or null.</param>
    /// <returns>The code, or null where there is none.</returns>
    public static BlockerCode? Blocker(string? word) => BlockerCode.All.FirstOrDefault(code => code.Text == word);
}
