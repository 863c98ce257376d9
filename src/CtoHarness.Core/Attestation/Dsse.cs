using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CtoHarness.Core.Attestation;

/// <summary>What a signature of the Dead Simple Signing Envelope (DSSE) is made over.</summary>
public static class Dsse
{
    /// <summary>The type of every payload that is sealed here.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>The bytes to sign: the payload with its type and both lengths before it, so that it can be taken for nothing else.</summary>
    /// <param name="payload">The payload.</param>
    /// <returns>The pre-authentication encoding.</returns>
    public static byte[] ToSign(ReadOnlySpan<byte> payload) => [.. Before(payload), .. payload];

    /// <summary>The SHA-256 of <see cref="ToSign"/>, without a second copy of a payload that nobody has vouched for yet.</summary>
    /// <param name="payload">The payload.</param>
    /// <returns>The digest that a signature is made over.</returns>
    internal static byte[] Hash(ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Before(payload));
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

    private static byte[] Before(ReadOnlySpan<byte> payload) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "));
}
