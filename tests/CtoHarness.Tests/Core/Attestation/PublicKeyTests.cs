using System.Security.Cryptography;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;

namespace CtoHarness.Tests.Core.Attestation;

[Trait("Mission", "M20")]
public sealed class PublicKeyTests : IDisposable
{
    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string Pem => _pair.ExportSubjectPublicKeyInfoPem();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void A_key_is_read_and_written_as_the_platform_writes_it()
    {
        var key = Signer.Read(Pem);
        Assert.Equal(Pem + "\n", key.ToPem());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_pair.ExportSubjectPublicKeyInfo())), key.Id);
        Assert.Equal(key, Signer.Read("\r\n" + key.ToPem().ReplaceLineEndings("\r\n") + "\r\n"));
    }

    [Fact]
    public void A_private_key_is_refused_as_one_in_every_form()
    {
        Assert.Contains("private key", Refusal(_pair.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("private key", Refusal(_pair.ExportECPrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("private key", Refusal(Pem + "\n" + _pair.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("private key", Refusal("-----BEGIN OPENSSH PRIVATE KEY-----\ntorn"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_curve_or_kind_is_refused()
    {
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var other = RSA.Create(2048);
        Assert.Contains("P-256", Refusal(larger.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
        Assert.Contains("P-256", Refusal(other.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
        Assert.Contains("\"RSA PUBLIC KEY\"", Refusal(other.ExportRSAPublicKeyPem()), StringComparison.Ordinal);
        Assert.Contains("\"CERTIFICATE\"", Refusal("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_that_does_not_lie_on_the_curve_is_refused()
    {
        var info = _pair.ExportSubjectPublicKeyInfo();
        info[^1] ^= 1;
        Assert.Null(PublicKey.FromInfo(info));
        Assert.Contains("P-256", Refusal(PemEncoding.WriteString("PUBLIC KEY", info)), StringComparison.Ordinal);
        info.AsSpan(27).Clear();
        Assert.Null(PublicKey.FromInfo(info));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEYS-----")]
    public void What_is_no_key_is_refused(string text) => Assert.NotEmpty(Refusal(text));

    [Fact]
    public void Two_keys_words_around_one_and_a_huge_text_are_refused()
    {
        Assert.Contains("exactly one", Refusal(Pem + "\n" + Pem), StringComparison.Ordinal);
        Assert.Contains("exactly one", Refusal("trust this:\n" + Pem), StringComparison.Ordinal);
        Assert.Contains("exactly one", Refusal(Pem + "\n# mine"), StringComparison.Ordinal);
        Assert.Contains("8192", Refusal(Pem + new string('\n', 10_000_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_in_short_or_a_byte_too_many_is_refused()
    {
        var info = _pair.ExportSubjectPublicKeyInfo();
        byte[] shortened = [0x30, 0x39, .. info[2..24], 0x22, 0x00, 0x02, .. info[27..59]];
        Assert.Null(PublicKey.FromInfo(shortened));
        Assert.Null(PublicKey.FromInfo([.. info, 0]));
        Assert.Null(PublicKey.FromInfo(info.AsSpan(1)));
        Law.Holds(Some.Bytes, bytes => PublicKey.FromInfo(bytes) is null);
    }

    [Fact]
    public void A_signature_holds_for_its_bytes_and_its_key_alone()
    {
        using var other = new Signer();
        var key = Signer.Read(Pem);
        var signature = _pair.SignData("said"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.True(key.Verify("said"u8, signature));
        Assert.False(key.Verify("Said"u8, signature));
        Assert.False(other.Key.Verify("said"u8, signature));
        Assert.False(key.Verify("said"u8, _pair.SignData("said"u8, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
        Assert.False(key.Verify("said"u8, _pair.SignData("said"u8, HashAlgorithmName.SHA512, DSASignatureFormat.Rfc3279DerSequence)));
    }

    [Fact]
    public void No_bytes_throw_and_a_signature_has_one_spelling()
    {
        var key = Signer.Read(Pem);
        var signature = _pair.SignData("said"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.False(key.Verify("said"u8, [.. signature, 0]));
        Assert.False(key.Verify("said"u8, [0x30, 0x81, .. signature[1..]]));
        Assert.False(key.Verify("said"u8, [0x30, (byte)(signature[1] + 1), 0x02, (byte)(signature[3] + 1), 0, .. signature[4..]]));
        Assert.False(key.Verify("said"u8, [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]));
        Assert.False(key.Verify("said"u8, [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]));
        Assert.False(key.Verify("said"u8, []));
        Law.Holds(Some.Bytes, bytes => !key.Verify("said"u8, bytes));
    }

    private static string Refusal(string text) => Assert.Single(((Parsed<PublicKey>.Refused)PublicKey.Read("auditor.pub", text)).Problems).ToString();
}
