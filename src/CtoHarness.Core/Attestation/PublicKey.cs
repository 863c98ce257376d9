using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Attestation;

/// <summary>A public key that seals are checked with: always a point of the curve P-256.</summary>
/// <remarks>Keys are equal when their points are.</remarks>
public sealed record PublicKey
{
    /// <summary>The most characters that are read as a key.</summary>
    public const int MostCharacters = 8192;

    private const string Label = "PUBLIC KEY";
    private const string Remedy = "give the public key alone, as 'cto-harness keys export' prints it";
    private const int CoordinateBytes = 32;

    private readonly string _base64;

    private PublicKey(byte[] info)
    {
        _base64 = Convert.ToBase64String(info);
        Id = Digest.Of(info).Hex;
    }

    /// <summary>What the key is called in a seal: the SHA-256 of its SubjectPublicKeyInfo (DER), 64 lower-case hexadecimal digits.</summary>
    public string Id { get; }

    // Everything before the two coordinates: the algorithm, the curve by its name, and a point that is written in full.
    private static ReadOnlySpan<byte> Beginning =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>Reads a key.</summary>
    /// <param name="where">Where the text is from, for the messages.</param>
    /// <param name="pem">Any text. A key is exactly one PEM block of a SubjectPublicKeyInfo, with nothing but white space around it.</param>
    /// <returns>The key, or what is wrong with the text.</returns>
    public static Parsed<PublicKey> Read(string where, string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Length > MostCharacters)
        {
            return Refuse(where, $"a public key has at most {MostCharacters} characters, this has more");
        }

        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return Refuse(where, "this is a private key, which nobody but its owner may see");
        }

        if (!PemEncoding.TryFind(pem, out var block) || !IsBlank(pem.AsSpan(0, block.Location.Start.Value)) || !IsBlank(pem.AsSpan(block.Location.End.Value)))
        {
            return Refuse(where, "this is not exactly one PEM block");
        }

        if (!pem.AsSpan()[block.Label].SequenceEqual(Label))
        {
            return Refuse(where, $"the PEM block is {PlainText.Quote(pem[block.Label])}, not \"{Label}\"");
        }

        return FromInfo(Convert.FromBase64String(pem[block.Base64Data])) is { } key
            ? new Parsed<PublicKey>.Value(key)
            : Refuse(where, "this is not a point of the curve P-256 (prime256v1), written in full");
    }

    /// <summary>Reads a key from its DER.</summary>
    /// <param name="info">Any bytes.</param>
    /// <returns>The key, or null unless the bytes are exactly the SubjectPublicKeyInfo of a point of P-256.</returns>
    public static PublicKey? FromInfo(ReadOnlySpan<byte> info)
    {
        if (info.Length != Beginning.Length + (2 * CoordinateBytes) || !info.StartsWith(Beginning))
        {
            return null;
        }

        var key = new PublicKey(info.ToArray());
        using var opened = key.TryOpen();
        return opened is null ? null : key;
    }

    /// <summary>Writes the key as PEM.</summary>
    /// <returns>One block, with a final newline.</returns>
    public string ToPem() => PemEncoding.WriteString(Label, Convert.FromBase64String(_base64)) + "\n";

    /// <summary>Checks a signature (ECDSA with SHA-256).</summary>
    /// <param name="message">The bytes that were signed.</param>
    /// <param name="derSignature">Any bytes; a signature is the DER of RFC 3279, and nothing else.</param>
    /// <returns>Whether the owner of this key signed exactly these bytes.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> derSignature) => VerifyHash(SHA256.HashData(message), derSignature);

    /// <summary>Checks a signature over what has this SHA-256.</summary>
    internal bool VerifyHash(ReadOnlySpan<byte> sha256, ReadOnlySpan<byte> derSignature)
    {
        try
        {
            using var opened = TryOpen();
            return opened is not null && opened.VerifyHash(sha256, derSignature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // no signature at all
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Id;

    // The import refuses a point that does not lie on the curve.
    private ECDsa? TryOpen()
    {
        var point = Convert.FromBase64String(_base64).AsSpan(Beginning.Length);
        try
        {
            return ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[..CoordinateBytes].ToArray(), Y = point[CoordinateBytes..].ToArray() },
            });
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Editors put a byte order mark before a text.
    private static bool IsBlank(ReadOnlySpan<char> text) => text.TrimStart('\uFEFF').Trim().IsEmpty;

    private static Parsed<PublicKey> Refuse(string where, string message) => new Parsed<PublicKey>.Refused([new Problem(where, message, Remedy)]);
}
