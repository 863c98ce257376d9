using System.Globalization;

namespace CtoHarness.Core.Evidence;

/// <summary>The written form of times.</summary>
public static class Timestamp
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>UTC with milliseconds, such as <c>2026-06-01T02:58:17.250Z</c>.</summary>
    /// <param name="time">A time.</param>
    /// <returns>The text.</returns>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Reads a moment.</summary>
    /// <param name="text">Any text, or null.</param>
    /// <returns>The moment, or null where the text is not written in exactly this way.</returns>
    public static DateTimeOffset? TryRead(string? text) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
