using System.Security.Cryptography;
using CtoHarness.Core.Attestation;

namespace CtoHarness.Runtime.Signing;

/// <summary>A private key of this user, read to sign.</summary>
public sealed class SigningKey
{
    private const string Label = "PRIVATE KEY";
    private readonly byte[] _pair;

    private SigningKey(byte[] pair, PublicKey key)
    {
        _pair = pair;
        Public = key;
    }

    /// <summary>Its public half.</summary>
    public PublicKey Public { get; }

    /// <summary>Seals a statement.</summary>
    /// <param name="statement">The statement's bytes.</param>
    /// <returns>The seal, whole.</returns>
    public byte[] Seal(ReadOnlyMemory<byte> statement) => Core.Attestation.Seal.Write(statement, Public, Sign(Dsse.ToSign(statement.Span)));

    /// <summary>Signs bytes (ECDSA with SHA-256).</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>The signature in the DER of RFC 3279.</returns>
    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        using var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(_pair, out _);
        return pair.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Draws a new key.</summary>
    /// <returns>Its PKCS#8 as PEM.</returns>
    internal static string Draw()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return pair.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Reads a key.</summary>
    /// <param name="pem">Any text.</param>
    /// <returns>The key, or null unless the text is one PEM block with the PKCS#8 of a key of P-256.</returns>
    internal static SigningKey? TryRead(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var block) || !pem.AsSpan()[block.Label].SequenceEqual(Label)
            || pem.AsSpan(0, block.Location.Start.Value).Trim().Length + pem.AsSpan(block.Location.End.Value).Trim().Length > 0)
        {
            return null;
        }

        try
        {
            var bytes = Convert.FromBase64String(pem[block.Base64Data]);
            using var pair = ECDsa.Create();
            pair.ImportPkcs8PrivateKey(bytes, out var read);
            return read == bytes.Length && PublicKey.FromInfo(pair.ExportSubjectPublicKeyInfo()) is { } key ? new SigningKey(bytes, key) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
