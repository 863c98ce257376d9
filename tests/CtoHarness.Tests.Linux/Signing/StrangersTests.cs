using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Signing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Signing;

/// <summary>Seals, checked by programs that nobody here wrote: the packages within npm, and openssl.</summary>
[Trait("Mission", "M20")]
public sealed class StrangersTests : IDisposable
{
    internal static readonly string Modules = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".cache"),
        "cto-harness/npm-npm-11.6.2/node_modules/npm/node_modules");

    private readonly TempRoot _root = new();
    private readonly SigningKey _key;

    public StrangersTests()
    {
        Assert.True(Directory.Exists(Modules), $"{Modules} is not there: run eng/setup test");
        _key = ((Parsed<SigningKey>.Value)new KeyStore(_root.At("keys")).OpenOrCreate("harness")).Result;
        _root.Write("key.pub", _key.Public.ToPem());
        _root.Write("bundle/report.json", "{}\n");
        _root.Write("bundle/fixture/workspace/é è.txt", "two names\n");
        _root.Write("bundle/fixture/workspace/*-odd", "");
        var names = new[] { "fixture/workspace/*-odd", "fixture/workspace/é è.txt", "report.json" };
        var statement = new Statement(
            [.. names.Select(name => new Subject(name, Digest.Of(File.ReadAllBytes(_root.At("bundle/" + name)))))], "urn:test", "{\"subject\":[1]}"u8.ToArray());
        File.WriteAllBytes(Seal, _key.Seal(statement.Write()));
    }

    private string Seal => _root.At("bundle/attestation.sigstore.json");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_packages_within_npm_accept_a_seal_and_sha256sum_its_files()
    {
        Assert.Equal((0, ""), Npm() is var (exit, text) ? (exit, exit == 0 ? "" : text) : default);
        Assert.Contains($"{Digest.Of("{}\n"u8).Hex}  report.json\n", Npm().Text, StringComparison.Ordinal);
        var sums = $"SIGSTORE_MODULES='{Modules}' node {Repository.At("docs", "verify-with-npm.mjs")} {Seal} {_root.At("key.pub")} 2>/dev/null | (cd {_root.At("bundle")} && sha256sum --strict --quiet --check)";
        Tool.Run("/bin/sh", "-c", sums);
        File.AppendAllText(_root.At("bundle/report.json"), " ");
        Assert.NotEqual(0, Tool.Try("/bin/sh", "-c", sums).Exit);
    }

    [Fact]
    public void The_packages_have_no_key_and_no_threshold_but_the_readers()
    {
        Assert.Equal(0, Npm().Exit);
        var others = _root.At("other.pub");
        Tool.Run("/bin/sh", "-c", $"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | openssl pkey -pubout > {others}");
        Assert.Contains("PUBLIC_KEY_ERROR", Npm(others).Text, StringComparison.Ordinal);

        // Another's signature under the trusted key's name.
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Change(json => json["dsseEnvelope"]!["signatures"]![0]!["sig"] = Convert.ToBase64String(
            other.SignData(Dsse.ToSign(Convert.FromBase64String(json["dsseEnvelope"]!["payload"]!.GetValue<string>())), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
        Assert.Contains("SIGNATURE_ERROR", Npm().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("payload")]
    [InlineData("payloadType")]
    [InlineData("sig")]
    [InlineData("hint")]
    [InlineData("mediaType")]
    public void Everybody_refuses_a_changed_seal(string field)
    {
        Change(json => _ = field switch
        {
            "payload" => json["dsseEnvelope"]!["payload"] = OneBit(json["dsseEnvelope"]!["payload"]!),
            "payloadType" => json["dsseEnvelope"]!["payloadType"] = "application/vnd.in-toto+xml",
            "sig" => json["dsseEnvelope"]!["signatures"]![0]!["sig"] = OneBit(json["dsseEnvelope"]!["signatures"]![0]!["sig"]!),
            "hint" => json["verificationMaterial"]!["publicKey"]!["hint"] = new string('0', 64),
            _ => json["mediaType"] = "application/vnd.dev.sigstore.bundle.v9+json",
        });
        Assert.Equal(1, Npm().Exit);
        Assert.IsType<OpenedSeal.Refused>(Core.Attestation.Seal.Open(File.ReadAllBytes(Seal), [_key.Public]));
        if (field is not ("hint" or "mediaType"))
        {
            Assert.Equal(1, OpenSsl().Exit);
        }
    }

    [Fact]
    public void Openssl_accepts_the_signature_over_the_bytes_that_python_puts_together()
    {
        const string program = """
            import base64, json, sys
            envelope = json.load(open(sys.argv[1]))["dsseEnvelope"]
            kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"], validate=True)
            open(sys.argv[2], "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
            open(sys.argv[3], "wb").write(base64.b64decode(envelope["signatures"][0]["sig"], validate=True))
            """;
        Tool.Run("python3", "-c", program, Seal, _root.At("signed"), _root.At("signature"));
        string[] words = ["dgst", "-sha256", "-verify", _root.At("key.pub"), "-signature", _root.At("signature"), _root.At("signed")];
        Assert.Contains("Verified OK", Tool.Run("openssl", words), StringComparison.Ordinal);
        File.AppendAllText(_root.At("signed"), " ");
        Assert.NotEqual(0, Tool.Try("openssl", words).Exit);
    }

    [Fact]
    public void The_script_with_openssl_accepts_a_bundle()
    {
        var (exit, text) = OpenSsl();
        Assert.True(exit == 0, text);
        Assert.Contains($"the signature of {_key.Public.Id} holds, and the 3 files", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo >> report.json", "not the one that was sealed")]
    [InlineData("rm report.json", "missing: report.json")]
    [InlineData("mv report.json other.json", "not sealed: other.json")]
    [InlineData("touch fixture/more", "not sealed: fixture/more")]
    [InlineData("touch .more", "not sealed: .more")]
    [InlineData("mv report.json ../x; ln -s ../x report.json", "neither a file nor a folder")]
    [InlineData("mkfifo pipe", "neither a file nor a folder")]
    [InlineData("touch \"$(printf 'a\\nb')\"", "not sealed: a")]
    [InlineData("rm attestation.sigstore.json", "no attestation.sigstore.json")]
    [InlineData("mv attestation.sigstore.json ../x; ln -s ../x attestation.sigstore.json", "no attestation.sigstore.json")]
    [InlineData("sed -i 's/\"keyid\": \"./&0/' attestation.sigstore.json", "by the key")]
    [InlineData("sed -i 's/^\\( *\\)\"payload\".*/&\\n&/' attestation.sigstore.json", "exactly one \"payload\"")]
    [InlineData("sed -i 's/\\(\"payload\": \"......\\)./\\1x/' attestation.sigstore.json", "not by this key")]
    public void The_script_with_openssl_refuses_a_changed_bundle(string act, string why)
    {
        Tool.Run("/bin/sh", "-c", $"cd {_root.At("bundle")} && {act}");
        var (exit, text) = OpenSsl();
        Assert.Equal(1, exit);
        Assert.Contains(why, text, StringComparison.Ordinal);
    }

    private static string OneBit(JsonNode text)
    {
        var bytes = Convert.FromBase64String(text.GetValue<string>());
        bytes[^1] ^= 1;
        return Convert.ToBase64String(bytes);
    }

    // In the form that seals have: these tests are about what it says.
    private void Change(Action<JsonObject> act)
    {
        var before = File.ReadAllText(Seal);
        var json = JsonNode.Parse(before)!.AsObject();
        act(json);
        var text = json.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
        Assert.NotEqual(before, text);
        File.WriteAllText(Seal, text);
    }

    private (int Exit, string Text) Npm(string? key = null) =>
        Tool.Try("/usr/bin/env", $"SIGSTORE_MODULES={Modules}", "node", Repository.At("docs", "verify-with-npm.mjs"), Seal, key ?? _root.At("key.pub"));

    private (int Exit, string Text) OpenSsl() => Tool.Try(Repository.At("docs", "verify-with-openssl.sh"), _root.At("bundle"), _root.At("key.pub"));
}
