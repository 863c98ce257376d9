using System.Text;

namespace CtoHarness.Core.Trees;

/// <summary>The names that git refuses in a patch: those that it takes for its own, on this or on another file system, and those it cannot read.</summary>
/// <remarks>The rule is wider than git's: a name that one version or one setting of git refuses is refused for all.</remarks>
public static class GitNames
{
    // The longest path that the kernel opens in one go, which is how git opens it.
    private const int LongestOpened = RelativePath.MaxBytes - 1;

    /// <summary>Whether git may refuse a patch that holds the path.</summary>
    /// <param name="path">A path.</param>
    /// <param name="kind">What stands there; of a link git asks more.</param>
    /// <returns>True where it may.</returns>
    public static bool Refuse(RelativePath path, EntryKind kind)
    {
        // Of an empty or binary file in a folder whose name ends with a space, git cannot read the header that it wrote itself.
        if (path.Length > LongestOpened || path.Bytes.IndexOf(" /"u8) >= 0)
        {
            return true;
        }

        // A backslash separates names on Windows.
        foreach (var part in path.Bytes.SplitAny((byte)'/', (byte)'\\'))
        {
            if (RefusesName(path.Bytes[part], kind == EntryKind.Link))
            {
                return true;
            }
        }

        return false;
    }

    private static bool RefusesName(ReadOnlySpan<byte> name, bool isLink)
    {
        // No name that is written otherwise begins with one of these, but for code points that are passed over.
        if (name.IsEmpty || (name[0] is not ((byte)'.' or (byte)'g' or (byte)'G' or (byte)'~') && name[0] < 0x80))
        {
            return false;
        }

        Span<byte> seen = stackalloc byte[16];
        seen = seen[..Plain(name, seen)];
        return Is(seen, ".git"u8) || Is(seen, "git~1"u8)
            || (isLink && (Is(seen, ".gitmodules"u8) || IsShortForm(seen)));
    }

    // As HFS+ and NTFS see it: without the code points that have no width, a stream's name, and dots and spaces at the end.
    // A longer name is cut to what the names in question may have: the rule is wider there, and the cost bounded.
    private static int Plain(ReadOnlySpan<byte> name, Span<byte> plain)
    {
        var length = 0;
        for (var at = 0; at < name.Length && name[at] != ':' && length < plain.Length;)
        {
            if (IsPassedOver(name[at..]))
            {
                at += 3;
            }
            else
            {
                plain[length++] = name[at++];
            }
        }

        return plain[..length].TrimEnd(". "u8).Length;
    }

    // U+200C to U+200F, U+202A to U+202E, U+206A to U+206F, U+FEFF in UTF-8.
    private static bool IsPassedOver(ReadOnlySpan<byte> rest) => rest is
        [0xe2, 0x80, (>= 0x8c and <= 0x8f) or (>= 0xaa and <= 0xae), ..]
        or [0xe2, 0x81, >= 0xaa and <= 0xaf, ..]
        or [0xef, 0xbb, 0xbf, ..];

    // What NTFS may call .gitmodules where it has room for eight letters: gitmod~1, or gi7eba~1, gi7eb~12 and so on.
    private static bool IsShortForm(ReadOnlySpan<byte> name)
    {
        var tilde = name.IndexOf((byte)'~');
        return tilde >= 0 && tilde + 1 < name.Length && name[tilde + 1] is >= (byte)'1' and <= (byte)'9'
            && (Is(name[..tilde], "gitmod"u8) || (tilde <= 6 && Is(name[..tilde], "gi7eba"u8[..tilde])));
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(name, other);
}
