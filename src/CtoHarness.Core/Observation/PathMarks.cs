namespace CtoHarness.Core.Observation;

/// <summary>Which bytes end a word, and which may.</summary>
internal static class PathMarks
{
    private const string HardMarks = "\"'`<>|&;(){}[]!?#^\\\u007f ";

    // What is a list or NAME=value in one place is a name in another: both readings are taken.
    private const string SoftMarks = "=:,@";

    private static readonly bool[] Hard = [.. Enumerable.Range(0, 256).Select(b => (b < ' ' && b != EscapedText.SpaceInName) || HardMarks.Contains((char)b, StringComparison.Ordinal))];

    /// <summary>Whether no word goes on behind it.</summary>
    internal static bool IsHard(byte one) => Hard[one];

    /// <summary>Whether a word may end there.</summary>
    internal static bool IsSoft(byte one) => SoftMarks.Contains((char)one, StringComparison.Ordinal);

    /// <summary>Whether it may stand in a file's name without quotes, so that a name goes on there.</summary>
    internal static bool IsOfName(byte one) => char.IsAsciiLetterOrDigit((char)one) || one >= 0x80 || "_-.~+%$"u8.Contains(one);

    /// <summary>Whether what stands behind it goes on with a name, rather than beginning a path.</summary>
    internal static bool GoesOn(byte one) => "?]})*"u8.Contains(one);

    /// <summary>Whether a path begins here.</summary>
    internal static bool Begins(ReadOnlySpan<byte> text) =>
        text.Length > 0 && (text[0] is (byte)'/' or (byte)'~' or (byte)'$' || text.StartsWith("../"u8) || text.StartsWith("./"u8));
}
