using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CtoHarness.Core.Contracts;

/// <summary>A SHA-256 digest, written <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
public readonly record struct Digest
{
    private const string Prefix = "sha256:";

    // Held in place: a tree of 100,000 entries has as many of them.
    private readonly ulong _a, _b, _c, _d;

    private Digest(ReadOnlySpan<byte> hash)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(hash);
        _b = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
    }

    /// <summary>The digest of nothing yet: 64 zeros, the head of a chain.</summary>
    public static Digest Zero => default;

    /// <summary>The 64 digits alone.</summary>
    public string Hex
    {
        get
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            CopyTo(hash);
            return Convert.ToHexStringLower(hash);
        }
    }

    /// <summary>Digests the bytes given.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>Their SHA-256.</returns>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return FromHash(hash);
    }

    /// <summary>Wraps a hash that was computed elsewhere.</summary>
    /// <param name="hash">32 bytes.</param>
    /// <returns>The digest.</returns>
    /// <exception cref="ArgumentException">The hash has another length.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> hash) =>
        hash.Length == SHA256.HashSizeInBytes
            ? new Digest(hash)
            : throw new ArgumentException($"a SHA-256 has {SHA256.HashSizeInBytes} bytes, not {hash.Length}", nameof(hash));

    /// <summary>Reads the written form.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="digest">The digest, where the answer is true.</param>
    /// <returns>Whether the text is exactly a digest.</returns>
    public static bool TryParse(string text, out Digest digest)
    {
        ArgumentNullException.ThrowIfNull(text);
        digest = default;
        if (text.Length != Prefix.Length + 64 || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var hex = text[Prefix.Length..];
        if (!hex.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        digest = new Digest(Convert.FromHexString(hex));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Prefix + Hex;

    /// <summary>Writes the 32 bytes of the hash.</summary>
    internal void CopyTo(Span<byte> hash)
    {
        BinaryPrimitives.WriteUInt64BigEndian(hash, _a);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(hash[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(hash[24..], _d);
    }
}
