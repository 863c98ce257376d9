using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>The bundle of a run, checked on its reader's side: by the command with no more than a public key, by the packages within npm, and by openssl.</summary>
[Trait("Mission", "M20")]
public sealed class StrangersAndARunTests : IDisposable
{
    private readonly TempRoot _root = new();
    private readonly Bundle _bundle;

    public StrangersAndARunTests()
    {
        _bundle = _root.Run("--nonce", new string('c', 64)).Run().Expect(0).Bundle();
        File.WriteAllBytes(_root.At("harness.pub"), _root.Command("keys", "export").Run().Expect(0).Output);
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Each_of_them_accepts_it_with_the_public_key_alone()
    {
        _root.Command("pack", "latest", "--output", _root.At("run.tar.gz")).Run().Expect(0);
        foreach (var path in new[] { _bundle.Folder, _root.At("run.tar.gz") })
        {
            var told = Stranger("verify", path, "--key", _root.At("harness.pub"), "--nonce", new string('c', 64), "--max-age", "1h").Run().Expect(0);
            Assert.StartsWith("accepted  ", told.Text, StringComparison.Ordinal);
        }

        Assert.Equal(0, Npm().Exit);
        Assert.Equal(0, OpenSsl().Exit);
    }

    [Fact]
    public void Each_of_them_refuses_it_after_a_change_of_a_file()
    {
        File.AppendAllText(_bundle.At("report.md"), "\n");
        Assert.Contains("report.md", Stranger("verify", _bundle.Folder, "--key", _root.At("harness.pub")).Run().Expect(1).Text, StringComparison.Ordinal);
        Assert.Equal(0, Npm().Exit); // it compares no files: sha256sum does, which the documentation asks for
        Assert.NotEqual(0, Tool.Try("/bin/sh", "-c", $"{NpmWords} 2>/dev/null | (cd {_bundle.Folder} && sha256sum --strict --quiet --check)").Exit);
        Assert.NotEqual(0, OpenSsl().Exit);
    }

    [Fact]
    public void Each_of_them_refuses_it_after_a_change_of_the_seal()
    {
        var seal = _bundle.At("attestation.sigstore.json");
        var text = File.ReadAllText(seal);
        var at = text.IndexOf("\"payload\": \"", StringComparison.Ordinal) + 40;
        Assert.True(at > 40);
        File.WriteAllText(seal, string.Concat(text.AsSpan(0, at), text[at] == 'A' ? "B" : "A", text.AsSpan(at + 1)));
        var told = Stranger("verify", _bundle.Folder, "--key", _root.At("harness.pub"), "--json").Run().Expect(1).Json;
        Assert.Equal("seal-signature", told["refusal"]!["check"]!.GetValue<string>());
        Assert.NotEqual(0, Npm().Exit);
        Assert.NotEqual(0, OpenSsl().Exit);
    }

    [Fact]
    public void Whoever_trusts_no_key_is_told_where_to_get_one_and_nothing_is_accepted()
    {
        var told = Stranger("verify", _bundle.Folder).Run().Expect(2);
        Assert.Contains("you trust no key", told.Error, StringComparison.Ordinal);
        Stranger("keys", "trust", _root.At("harness.pub")).Run().Expect(0);
        Stranger("verify", _bundle.Folder).Run().Expect(0);
    }

    // Another home: nothing of whoever made the run is there.
    private HarnessCommand Stranger(params string[] words)
    {
        Directory.CreateDirectory(_root.At("stranger"));
        return _root.Command(words).Set("HOME", _root.At("stranger")).Set("CTO_HARNESS_STATE_DIR", _root.At("stranger/state")).Set("CTO_HARNESS_RUNS_DIR", _root.At("stranger/runs"));
    }

    private string NpmWords => $"SIGSTORE_MODULES='{Signing.StrangersTests.Modules}' node {Repository.At("docs", "verify-with-npm.mjs")} {_bundle.At("attestation.sigstore.json")} {_root.At("harness.pub")}";

    private (int Exit, string Text) Npm()
    {
        var tried = Tool.Try("/bin/sh", "-c", NpmWords);
        return (tried.Exit, tried.Text);
    }

    private (int Exit, string Text) OpenSsl()
    {
        var tried = Tool.Try("/bin/sh", Repository.At("docs", "verify-with-openssl.sh"), _bundle.Folder, _root.At("harness.pub"));
        return (tried.Exit, tried.Text);
    }
}
