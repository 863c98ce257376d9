using System.Security.Cryptography;

namespace CtoHarness.Core.Contracts;

/// <summary>A SHA-256 digest, written <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
public readonly record struct Digest
{
    private const string Prefix = "sha256:";
    private static readonly string Zeros = new('0', 64);
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The digest of nothing yet: 64 zeros, the head of a chain.</summary>
    public static Digest Zero => default;

    /// <summary>The 64 digits alone.</summary>
    public string Hex => _hex ?? Zeros;

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
            ? new Digest(Convert.ToHexStringLower(hash))
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

        digest = new Digest(hex);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Prefix + Hex;

    /// <summary>Equal when the digits are.</summary>
    /// <param name="other">Another digest.</param>
    /// <returns>Whether both name the same bytes.</returns>
    public bool Equals(Digest other) => string.Equals(Hex, other.Hex, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Hex, StringComparison.Ordinal);
}
