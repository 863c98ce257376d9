using System.Globalization;

namespace CtoHarness.Core.Evidence;

/// <summary>The written form of times.</summary>
public static class Timestamp
{
    /// <summary>UTC with milliseconds, such as <c>2026-06-01T02:58:17.250Z</c>.</summary>
    /// <param name="time">A time.</param>
    /// <returns>The text.</returns>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
