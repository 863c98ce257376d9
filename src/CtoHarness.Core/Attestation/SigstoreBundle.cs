using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Attestation;

/// <summary>A Sigstore bundle v0.3 with a DSSE envelope, one signature, and a hint at a public key; it brings no key itself.</summary>
/// <remarks>Only one way to write it is read. So nothing needs to parse JSON before a signature was checked: there is no second
/// field of a name, no unknown one and no white space that a reader could take in another way.</remarks>
/// <param name="Hint">The key by which the signature should be checked: its <see cref="PublicKey.Id"/>.</param>
/// <param name="Payload">The bytes that are sealed.</param>
/// <param name="Signature">The signature.</param>
/// <param name="KeyId">The key as the envelope names it.</param>
public sealed record SigstoreBundle(string Hint, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Signature, string KeyId)
{
    /// <summary>The type of every bundle.</summary>
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>The most bytes that a bundle may have.</summary>
    public static readonly int MostBytes = checked((int)BundleFiles.MostBytes(BundleFiles.Seal));

    private const int MostShown = 120;
    private const int MostSignature = 72; // a sequence of two numbers of P-256
    private const string Template =
        $$"""
        {
          "mediaType": "{{MediaType}}",
          "verificationMaterial": {
            "publicKey": {
              "hint": "?"
            },
            "tlogEntries": []
          },
          "dsseEnvelope": {
            "payload": "?",
            "payloadType": "{{Dsse.PayloadType}}",
            "signatures": [
              {
                "sig": "?",
                "keyid": "?"
              }
            ]
          }
        }

        """;

    private static readonly ImmutableArray<byte[]> Fixed = [.. Template.Split('?').Select(Encoding.ASCII.GetBytes)];

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Writes the bundle.</summary>
    /// <returns>JSON in ASCII, with a final newline.</returns>
    public byte[] Write() =>
    [
        .. Fixed[0], .. Encoding.ASCII.GetBytes(Hint),
        .. Fixed[1], .. Encode(Payload.Span),
        .. Fixed[2], .. Encode(Signature.Span),
        .. Fixed[3], .. Encoding.ASCII.GetBytes(KeyId),
        .. Fixed[4],
    ];

    /// <summary>Reads a bundle.</summary>
    /// <param name="file">Any bytes.</param>
    /// <param name="expected">Where there is no bundle: what had to stand there.</param>
    /// <param name="found">Where there is no bundle: what stands there; safe to show.</param>
    /// <returns>The bundle, or null unless it is written as exactly these bytes.</returns>
    public static SigstoreBundle? TryRead(ReadOnlySpan<byte> file, out string expected, out string found)
    {
        if (file.Length > MostBytes)
        {
            (expected, found) = ($"at most {MostBytes} bytes", $"{file.Length} bytes");
            return null;
        }

        var rest = new Rest(file);
        var read = rest.Takes(Fixed[0]) && rest.KeyId() is { } hint
            && rest.Takes(Fixed[1]) && rest.Base64(MostBytes) is { } payload
            && rest.Takes(Fixed[2]) && rest.Base64(MostSignature) is { } signature
            && rest.Takes(Fixed[3]) && rest.KeyId() is { } keyId
            && rest.Takes(Fixed[4]) && rest.Ends()
                ? new SigstoreBundle(hint, payload, signature, keyId)
                : null;
        (expected, found) = (rest.Expected, rest.Found);
        return read;
    }

    private static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        Base64.EncodeToUtf8(bytes, text, out _, out _);
        return text;
    }

    /// <summary>What is not read yet, and what went wrong first.</summary>
    private ref struct Rest(ReadOnlySpan<byte> file)
    {
        private ReadOnlySpan<byte> _rest = file;

        internal string Expected { get; private set; } = "";

        internal string Found { get; private set; } = "";

        internal bool Takes(ReadOnlySpan<byte> text)
        {
            var same = _rest.CommonPrefixLength(text);
            if (same < text.Length)
            {
                // From the beginning of the line, so that a person sees the field's name.
                var line = text[..same].LastIndexOf((byte)'\n') + 1;
                _rest = _rest[line..];
                return Fail(Shown(text[line..]));
            }

            _rest = _rest[text.Length..];
            return true;
        }

        internal string? KeyId()
        {
            if (_rest.Length < 64 || _rest[..64].ContainsAnyExcept(HexDigits))
            {
                Fail("the 64 lower-case hexadecimal digits of a key");
                return null;
            }

            var id = Encoding.ASCII.GetString(_rest[..64]);
            _rest = _rest[64..];
            return id;
        }

        internal ReadOnlyMemory<byte>? Base64(int most)
        {
            var length = _rest.IndexOf((byte)'"');
            if (length > 0 && Decode(_rest[..length]) is { } bytes && bytes.Length <= most)
            {
                _rest = _rest[length..];
                return bytes;
            }

            Fail($"base64 of 1 to {most} bytes, without white space, filled up with '='");
            return null;
        }

        internal bool Ends() => _rest.IsEmpty || Fail("the end of the file");

        private bool Fail(string expected)
        {
            (Expected, Found) = (expected, _rest.IsEmpty ? "the end of the file" : Shown(_rest));
            return false;
        }

        private static string Shown(ReadOnlySpan<byte> text) =>
            PlainText.Quote(Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostShown)]));

        // The one spelling of these bytes: white space makes the text longer, and odd bits at its end are not those of the last group.
        private static ReadOnlyMemory<byte>? Decode(ReadOnlySpan<byte> text)
        {
            var bytes = new byte[System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(text.Length)];
            if (System.Buffers.Text.Base64.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done
                || System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(length) != text.Length)
            {
                return null;
            }

            // Not copied to the right size: it may be most of what a seal holds.
            return Encode(bytes.AsSpan(((length - 1) / 3 * 3)..length)).AsSpan().SequenceEqual(text[^4..]) ? bytes.AsMemory(0, length) : null;
        }
    }
}
