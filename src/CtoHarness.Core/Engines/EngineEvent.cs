using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Engines;

/// <summary>What a backend's own record says: kept and shown, never believed.</summary>
/// <param name="Record">The kind of record, in the backend's words: 1 to 100 printable characters.</param>
/// <param name="Tool">The tool that it speaks of; empty for none.</param>
/// <param name="Outcome">How something ended, in the backend's words; empty where it does not say.</param>
/// <param name="IsError">Whether the backend calls it an error; null where it does not say.</param>
/// <param name="DurationMs">How long it says that it took, in milliseconds; null where it does not say.</param>
public sealed record EngineEvent(string Record, string Tool = "", string Outcome = "", bool? IsError = null, long? DurationMs = null)
{
    /// <summary>The longest name and word, in characters.</summary>
    public const int Longest = 100;

    // Beyond this, JSON has no exact whole numbers.
    private const long LargestExact = 1L << 53;

    /// <summary>Whether a text is the name of a record.</summary>
    /// <param name="text">Any text, or null.</param>
    /// <returns>True for 1 to 100 printable characters.</returns>
    public static bool IsName(string? text) => text is { Length: > 0 and <= Longest } && PlainText.Visible(text) == text;

    /// <summary>Makes an event of what a line says.</summary>
    /// <param name="record">The kind of record.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="outcome">How something ended.</param>
    /// <param name="isError">Whether it is called an error.</param>
    /// <param name="durationMs">How long it took.</param>
    /// <returns>The event, in which words that are too long or not printable are left out; null where the record has no name.</returns>
    internal static EngineEvent? TryMake(string? record, string? tool, string? outcome, bool? isError, long? durationMs) =>
        IsName(record)
            ? new EngineEvent(record!, IsName(tool) ? tool! : "", IsName(outcome) ? outcome! : "", isError, durationMs is <= LargestExact ? durationMs : null)
            : null;
}
