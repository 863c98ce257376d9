using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Attestation;

/// <summary>What opening a seal came to.</summary>
public abstract record OpenedSeal
{
    private OpenedSeal()
    {
    }

    /// <summary>A trusted key signed exactly this statement.</summary>
    /// <param name="Statement">What it says.</param>
    /// <param name="Key">Whose word it is.</param>
    public sealed record Opened(Statement Statement, PublicKey Key) : OpenedSeal;

    /// <summary>Nothing in it may be believed.</summary>
    /// <param name="Check">The check that refused it: <c>seal-form</c>, <c>seal-key</c>, <c>seal-signature</c> or <c>seal-statement</c>.</param>
    /// <param name="Expected">What had to be.</param>
    /// <param name="Found">What is; safe to show.</param>
    public sealed record Refused(string Check, string Expected, string Found) : OpenedSeal;
}

/// <summary>Makes and opens seals: a statement and the signature over its bytes, in one file.</summary>
public static class Seal
{
    /// <summary>Puts a statement and its signature together.</summary>
    /// <param name="statement">The statement's bytes.</param>
    /// <param name="key">The key that signed them.</param>
    /// <param name="derSignature">The signature over <see cref="Dsse.ToSign"/> of the statement.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The signature is not that key's over these bytes, or the file would be larger than one that is read.</exception>
    public static byte[] Write(ReadOnlyMemory<byte> statement, PublicKey key, ReadOnlyMemory<byte> derSignature)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.Verify(Dsse.ToSign(statement.Span), derSignature.Span))
        {
            throw new ArgumentException("this is not the key's signature over the statement", nameof(derSignature));
        }

        var file = new SigstoreBundle(key.Id, statement, derSignature, key.Id).Write();
        return file.Length <= SigstoreBundle.MostBytes
            ? file
            : throw new ArgumentException($"a seal of {file.Length} bytes is larger than one that is read", nameof(statement));
    }

    /// <summary>Opens a seal: its form, then the key, then the signature over the exact bytes, and only then what these say.</summary>
    /// <param name="file">Any bytes.</param>
    /// <param name="trusted">The keys that the reader trusts. Nothing that the file brings adds to them.</param>
    /// <returns>The statement, or the first check that refused it.</returns>
    public static OpenedSeal Open(ReadOnlyMemory<byte> file, ImmutableArray<PublicKey> trusted)
    {
        if (SigstoreBundle.TryRead(file.Span, out var expected, out var found) is not { } bundle)
        {
            return new OpenedSeal.Refused("seal-form", expected, found);
        }

        if (trusted.FirstOrDefault(one => one.Id == bundle.Hint) is not { } key)
        {
            return new OpenedSeal.Refused("seal-key", Keys(trusted), bundle.Hint);
        }

        if (bundle.KeyId != key.Id)
        {
            return new OpenedSeal.Refused("seal-key", $"keyid {key.Id}, as the hint says", $"keyid {bundle.KeyId}");
        }

        if (!key.VerifyHash(Dsse.Hash(bundle.Payload.Span), bundle.Signature.Span))
        {
            return new OpenedSeal.Refused("seal-signature", $"a signature by {key.Id} over exactly this payload", "a signature over other bytes, or by another key");
        }

        return Statement.TryRead(bundle.Payload) is { } statement
            ? new OpenedSeal.Opened(statement, key)
            : new OpenedSeal.Refused("seal-statement", "an in-toto Statement v1 in canonical JSON", PlainText.Quote(Beginning(bundle.Payload.Span)));
    }

    private static string Keys(ImmutableArray<PublicKey> trusted) => trusted.Length switch
    {
        0 => "a trusted key, of which there is none",
        1 => $"the trusted key {trusted[0].Id}",
        _ => string.Create(CultureInfo.InvariantCulture, $"one of the {trusted.Length} trusted keys"),
    };

    private static string Beginning(ReadOnlySpan<byte> payload) => Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, 120)]);
}
