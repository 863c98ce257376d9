using System.Text;
using System.Text.Json;
using CtoHarness.Core.Attestation;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Attestation;

[Trait("Mission", "M20")]
public sealed class SealTests : IDisposable
{
    private readonly Signer _signer = new();
    private readonly byte[] _file;

    public SealTests() => _file = _signer.Seal(Signer.Statement.Write());

    private byte[] File => [.. _file];

    private string Whole => Encoding.UTF8.GetString(_file);

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void A_seal_opens_with_its_key()
    {
        var opened = Assert.IsType<OpenedSeal.Opened>(_signer.Open(File));
        Assert.Equal(_signer.Key, opened.Key);
        Assert.Equal(Signer.Statement.Write(), opened.Statement.Write());
    }

    [Fact]
    public void A_seal_is_JSON_as_others_read_it()
    {
        using var document = JsonDocument.Parse(File);
        var json = document.RootElement;
        var signature = Assert.Single(json.GetProperty("dsseEnvelope").GetProperty("signatures").EnumerateArray());
        Assert.Equal("application/vnd.dev.sigstore.bundle.v0.3+json", json.GetProperty("mediaType").GetString());
        Assert.Equal(_signer.Key.Id, json.GetProperty("verificationMaterial").GetProperty("publicKey").GetProperty("hint").GetString());
        Assert.Equal(_signer.Key.Id, signature.GetProperty("keyid").GetString());
        Assert.Equal(Signer.Statement.Write(), json.GetProperty("dsseEnvelope").GetProperty("payload").GetBytesFromBase64());
        Assert.True(_signer.Key.Verify(Dsse.ToSign(Signer.Statement.Write()), signature.GetProperty("sig").GetBytesFromBase64()));
        Assert.Equal('\n', Whole[^1]);
    }

    [Fact]
    public void What_is_signed_has_its_type_and_both_lengths_before_it() =>
        Assert.Equal("DSSEv1 28 application/vnd.in-toto+json 5 said!", Encoding.UTF8.GetString(Dsse.ToSign("said!"u8)));

    [Fact]
    public void Any_one_changed_byte_is_refused()
    {
        var file = File;
        Law.Holds(
            from at in Gen.Choose(0, file.Length - 1)
            from change in Gen.Choose(1, 255)
            select (at, change),
            one => _signer.RefusalOf([.. file[..one.at], (byte)(file[one.at] ^ one.change), .. file[(one.at + 1)..]]) is not null,
            tries: 2000);
        for (var at = 0; at < file.Length; at++)
        {
            file[at] ^= 1;
            Assert.NotNull(_signer.RefusalOf(file));
            file[at] ^= 1;
        }
    }

    [Fact]
    public void Any_byte_less_or_more_is_refused()
    {
        var file = File;
        Law.Holds(Gen.Choose(0, file.Length - 1), at => _signer.RefusalOf([.. file[..at], .. file[(at + 1)..]]) is not null);
        Law.Holds(Gen.Choose(0, file.Length), at => _signer.RefusalOf([.. file[..at], (byte)' ', .. file[at..]]) == "seal-form");
        Law.Holds(Gen.Choose(0, file.Length - 1), at => _signer.RefusalOf(file[..at]) == "seal-form");
        Law.Holds(Some.Bytes, bytes => _signer.RefusalOf(bytes) == "seal-form");
    }

    [Theory]
    [InlineData("bundle.v0.3+json", "bundle.v0.2+json", "\"mediaType\"")]
    [InlineData("vnd.in-toto+json", "vnd.other+json", "\"payloadType\"")]
    [InlineData("\"tlogEntries\": []", "\"tlogEntries\": [{}]", "\"tlogEntries\": []")]
    [InlineData("\"publicKey\"", "\"certificate\"", "\"publicKey\"")]
    [InlineData("  \"mediaType\"", "  \"mediaType\": \"x\",\n  \"mediaType\"", "mediaType")]
    [InlineData("\"payloadType\"", "\"payload\": \"AAAA\",\n    \"payloadType\"", "\"payloadType\"")]
    [InlineData("  \"dsseEnvelope\"", "  \"more\": 1,\n  \"dsseEnvelope\"", "\"dsseEnvelope\"")]
    [InlineData("\"signatures\": [", "\"signatures\": [ ", "\"sig\"")]
    [InlineData("\n", "\r\n", "mediaType")]
    [InlineData("\"keyid\"", "\"\\u006beyid\"", "\"keyid\"")]
    public void Another_form_is_refused_with_what_had_to_stand_there(string part, string instead, string expected)
    {
        var refused = Assert.IsType<OpenedSeal.Refused>(_signer.Open(Encoding.UTF8.GetBytes(Whole.Replace(part, instead, StringComparison.Ordinal))));
        Assert.Equal("seal-form", refused.Check);
        Assert.Contains(expected, refused.Expected, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Found);
    }

    [Fact]
    public void Two_signatures_are_refused_even_where_both_hold()
    {
        var signature = Whole[Whole.IndexOf("      {", StringComparison.Ordinal)..(Whole.IndexOf("      }", StringComparison.Ordinal) + 7)];
        Assert.Equal("seal-form", _signer.RefusalOf(Whole.Replace(signature, signature + ",\n" + signature, StringComparison.Ordinal)));
        Assert.Equal("seal-form", _signer.RefusalOf(Whole.Replace(signature, "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Base64_has_one_spelling()
    {
        var payload = Signer.Statement with { Predicate = "{}"u8.ToArray() };
        for (var more = 0; more < 3; more++)
        {
            var text = Encoding.UTF8.GetString(_signer.Seal((payload with { PredicateType = "urn:x" + new string('y', more) }).Write()));
            var end = text.IndexOf("\",\n    \"payloadType\"", StringComparison.Ordinal);
            Assert.Null(_signer.RefusalOf(text));
            Assert.Equal("seal-form", _signer.RefusalOf(text.Insert(end, "=")));
            Assert.Equal("seal-form", _signer.RefusalOf(text.Insert(end, "====")));
            Assert.Equal("seal-form", _signer.RefusalOf(text.Insert(end, "    ")));
            Assert.Equal("seal-form", _signer.RefusalOf(text.Insert(end - 100, "\\n")));
            Assert.Equal("seal-form", _signer.RefusalOf(text.Insert(end - 100, "-_")));
            var last = end - 1 - text[..end].Reverse().TakeWhile(c => c == '=').Count();
            if (text[end - 1] == '=')
            {
                // The same bytes to a lenient reader: only bits that nobody uses differ.
                var odd = text[..last] + (char)(text[last] + 1) + text[(last + 1)..];
                Assert.Equal("seal-form", _signer.RefusalOf(odd));
                Assert.Equal("seal-form", _signer.RefusalOf(text.Remove(last + 1, end - last - 1)));
            }
        }
    }

    [Fact]
    public void A_key_that_is_not_trusted_opens_nothing_whatever_the_file_says_of_it()
    {
        using var other = new Signer();
        Assert.Equal("seal-key", other.RefusalOf(File));
        Assert.Equal("seal-key", (Seal.Open(File, []) as OpenedSeal.Refused)?.Check);
        Assert.IsType<OpenedSeal.Opened>(Seal.Open(File, [other.Key, _signer.Key]));

        // Another's signature under the name of a trusted key, and the other way round.
        Assert.Equal("seal-signature", other.RefusalOf(Whole.Replace(_signer.Key.Id, other.Key.Id, StringComparison.Ordinal)));
        var hint = Whole.IndexOf(_signer.Key.Id, StringComparison.Ordinal);
        var onlyHint = Whole[..hint] + other.Key.Id + Whole[(hint + 64)..];
        Assert.Equal("seal-key", other.RefusalOf(onlyHint));
        Assert.Equal("seal-key", _signer.RefusalOf(onlyHint));
        var both = Assert.IsType<OpenedSeal.Refused>(Seal.Open(Encoding.UTF8.GetBytes(onlyHint), [_signer.Key, other.Key]));
        Assert.Equal(("seal-key", $"keyid {_signer.Key.Id}"), (both.Check, both.Found));
    }

    [Fact]
    public void A_signature_over_other_bytes_is_refused()
    {
        var other = (Signer.Statement with { PredicateType = "urn:other" }).Write();
        var bare = new SigstoreBundle(_signer.Key.Id, other, _signer.Sign(other), _signer.Key.Id);
        Assert.Equal("seal-signature", _signer.RefusalOf(bare.Write()));
        Assert.Equal("seal-signature", _signer.RefusalOf((bare with { Signature = _signer.Sign(Dsse.ToSign(Signer.Statement.Write())) }).Write()));
        Assert.Null(_signer.RefusalOf((bare with { Signature = _signer.Sign(Dsse.ToSign(other)) }).Write()));
        Assert.Throws<ArgumentException>(() => Seal.Write(other, _signer.Key, _signer.Sign(other)));
    }

    [Fact]
    public void What_a_trusted_key_signed_is_still_read_strictly()
    {
        var refused = Assert.IsType<OpenedSeal.Refused>(_signer.Open(_signer.Seal("{\"_type\": \"\u001b[2J\"}")));
        Assert.Equal("seal-statement", refused.Check);
        Assert.DoesNotContain('\u001b', refused.Found);
        Assert.Equal("seal-statement", _signer.RefusalOf(_signer.Seal(new string('[', 100_000))));
    }

    [Fact]
    public void What_is_found_is_safe_to_show()
    {
        var refused = Assert.IsType<OpenedSeal.Refused>(_signer.Open(Encoding.UTF8.GetBytes(Whole.Replace("mediaType", "\u001b[2Jmedia\u202eType", StringComparison.Ordinal))));
        Assert.Contains(@"\u{1B}[2Jmedia\u{202E}Type", refused.Found, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', refused.Found);
        Assert.DoesNotContain('\u202e', refused.Found);
        Assert.All(
            new byte[] { 0x00, 0x7f, 0x9b, 0xff },
            odd => Assert.DoesNotContain((char)odd, Assert.IsType<OpenedSeal.Refused>(_signer.Open([odd, .. File])).Found));
    }

    [Fact]
    public void A_file_beyond_all_bounds_is_not_read() =>
        Assert.Equal(("seal-form", $"at most {SigstoreBundle.MostBytes} bytes"), _signer.Open(new byte[SigstoreBundle.MostBytes + 1]) is OpenedSeal.Refused one ? (one.Check, one.Expected) : default);
}
