using System.Text;

namespace CtoHarness.Core.Trees;

/// <summary>A path below a root, as the bytes that the kernel has: components joined by <c>/</c>, none of them empty, <c>.</c> or <c>..</c>.</summary>
/// <remarks>Names need not be UTF-8. They are kept byte for byte; <see cref="ToString"/> gives git's quoted form, which is
/// plain text for ordinary names and unambiguous for all others.</remarks>
public readonly record struct RelativePath : IComparable<RelativePath>
{
    /// <summary>The longest path, in bytes.</summary>
    public const int MaxBytes = 4096;

    private readonly byte[]? _bytes;

    private RelativePath(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes that the kernel has.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many bytes it has.</summary>
    public int Length => Bytes.Length;

    /// <summary>Reads a path from the bytes of the kernel.</summary>
    /// <param name="bytes">The path without a leading slash.</param>
    /// <param name="path">The path, where the answer is true.</param>
    /// <returns>Whether the bytes are such a path.</returns>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out RelativePath path)
    {
        path = default;
        if (bytes.Length is 0 or > MaxBytes || bytes.Contains((byte)0))
        {
            return false;
        }

        foreach (var part in bytes.Split((byte)'/'))
        {
            var name = bytes[part];
            if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            {
                return false;
            }
        }

        path = new RelativePath(bytes.ToArray());
        return true;
    }

    /// <summary>Reads a path that a person wrote.</summary>
    /// <param name="text">Text that becomes UTF-8.</param>
    /// <param name="path">The path, where the answer is true.</param>
    /// <returns>Whether the text is such a path.</returns>
    public static bool TryParse(string text, out RelativePath path)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryFromBytes(Encoding.UTF8.GetBytes(text), out path);
    }

    /// <summary>The bytes that the kernel has.</summary>
    /// <returns>A new array.</returns>
    public byte[] ToBytes() => Bytes.ToArray();

    /// <summary>Whether a component of the path is this name.</summary>
    /// <param name="name">An ASCII name.</param>
    /// <returns>True where one is.</returns>
    public bool HasComponent(string name)
    {
        foreach (var part in Bytes.Split((byte)'/'))
        {
            if (Ascii.Equals(Bytes[part], name))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public int CompareTo(RelativePath other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Equal when the bytes are.</summary>
    /// <param name="other">Another path.</param>
    /// <returns>Whether both name the same place.</returns>
    public bool Equals(RelativePath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Git's form: as it is where it is printable UTF-8, else in double quotes with C escapes.</summary>
    /// <returns>Printable text; two paths have the same only if their bytes are the same.</returns>
    public override string ToString()
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(Bytes);
        }
        catch (DecoderFallbackException)
        {
            return Quoted(Bytes);
        }

        return Problems.PlainText.Visible(text, int.MaxValue) == text && !text.Contains('"', StringComparison.Ordinal)
            && !text.Contains('\\', StringComparison.Ordinal)
            ? text
            : Quoted(Bytes);
    }

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    /// <summary>Git's C-quoted form, whatever the name: for streams that take quoted names.</summary>
    /// <returns>ASCII text in double quotes.</returns>
    public string ToQuoted() => Quoted(Bytes);

    private static string Quoted(ReadOnlySpan<byte> bytes)
    {
        var result = new StringBuilder("\"");
        foreach (var b in bytes)
        {
            _ = b switch
            {
                (byte)'"' => result.Append("\\\""),
                (byte)'\\' => result.Append(@"\\"),
                7 => result.Append(@"\a"),
                8 => result.Append(@"\b"),
                11 => result.Append(@"\v"),
                12 => result.Append(@"\f"),
                (byte)'\n' => result.Append(@"\n"),
                (byte)'\t' => result.Append(@"\t"),
                (byte)'\r' => result.Append(@"\r"),
                < 0x20 or >= 0x7f => result.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0')),
                _ => result.Append((char)b),
            };
        }

        return result.Append('"').ToString();
    }

    /// <summary>Byte order.</summary>
    public static bool operator <(RelativePath left, RelativePath right) => left.CompareTo(right) < 0;

    /// <summary>Byte order.</summary>
    public static bool operator >(RelativePath left, RelativePath right) => left.CompareTo(right) > 0;

    /// <summary>Byte order.</summary>
    public static bool operator <=(RelativePath left, RelativePath right) => left.CompareTo(right) <= 0;

    /// <summary>Byte order.</summary>
    public static bool operator >=(RelativePath left, RelativePath right) => left.CompareTo(right) >= 0;
}
