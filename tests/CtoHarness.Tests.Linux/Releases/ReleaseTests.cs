using System.Runtime.InteropServices;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Releases;

/// <summary>The published program, in a root that holds nothing but it and the C library.</summary>
[Trait("Mission", "M20")]
[Trait("Tier", "Long")]
public sealed class ReleaseTests(MadeRelease release) : IClassFixture<MadeRelease>
{
    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("keys", "list")]
    [InlineData("keys", "create", "--keys-dir", "/tmp/keys")]
    [InlineData("runs")]
    [InlineData("challenge", "--state-dir", "/tmp/state")]
    [InlineData("pack", "/brought/bundle", "--output", "/tmp/p.tar.gz")]
    [InlineData("verify", "/brought/bundle", "--key", "/brought/harness.pub")]
    [InlineData("verify", "/brought/bundle.tar.gz", "--key", "/brought/harness.pub")]
    public void One_file_is_enough_on_an_empty_machine(params string[] words)
    {
        var (exit, text) = release.InEmptyRoot(words);
        Assert.True(exit == 0, $"{string.Join(' ', words)}: {exit} {text}");
        Assert.NotEmpty(text);
    }

    [Fact]
    public void It_refuses_there_too()
    {
        var (exit, text) = release.InEmptyRoot("verify", "/brought/changed", "--key", "/brought/harness.pub");
        Assert.True(exit == 1, text);
        Assert.Contains("refused", text, StringComparison.Ordinal);
        Assert.Equal(1, release.InEmptyRoot("verify", "/cto-harness", "--key", "/brought/harness.pub").Exit);
    }

    // Neither is there anything of .NET or OpenSSL in that root, nor can it be reached from there.
    [Fact]
    public void Control_that_machine_is_empty()
    {
        Assert.Equal(["brought", "cto-harness", "dev", "lib", "lib64", "proc", "tmp"], Directory.GetFileSystemEntries(release.EmptyRoot).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles(release.EmptyRoot, "*", SearchOption.AllDirectories), path => path.Contains("libssl", StringComparison.Ordinal) || path.Contains("libcrypto", StringComparison.Ordinal) || path.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public void Strangers_can_check_the_release_by_its_attestation()
    {
        Tool.Run(Repository.At("docs", "verify-with-openssl.sh"), release.Folder, release.PublicKey);
        Tool.Run("/bin/sh", "-c", "cd \"$1\" && sha256sum --strict --quiet --check SHA256SUMS", "sh", release.Folder);
        File.AppendAllText(Path.Combine(release.Folder, "licences", "cto-harness.txt"), "\n");
        Assert.Equal(1, Tool.Try(Repository.At("docs", "verify-with-openssl.sh"), release.Folder, release.PublicKey).Exit);
    }

    [Fact]
    public void With_sandbox_init_beside_it_it_makes_runs()
    {
        using var root = new TempRoot();
        var command = root.Run() with { Program = Path.Combine(release.Folder, release.Machine, "cto-harness") };
        var bundle = command.Run().Expect(0).Bundle().Expect("pass");
        Assert.Matches("^sha256:[0-9a-f]{64}$", bundle.Report["freshness"]!["digests"]!["harness"]!.GetValue<string>());
        root.Command("verify", bundle.Folder).Run().Expect(0);
    }
}

/// <summary>A release, made once for all tests of the class, and an empty root with the program in it.</summary>
public sealed class MadeRelease : IDisposable
{
    // What the program is linked with: the C library, the C++ library and the compiler's.
    private const string Fill = """
        set -e
        for library in $(ldd "$1/cto-harness" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p') $(ldd "$1/cto-harness" | sed -n 's/^\t\(\/lib64\/[^ ]*\|\/lib\/ld[^ ]*\) .*/\1/p'); do
            mkdir -p "$1$(dirname "$library")"
            cp -L "$library" "$1$library"
        done
        mkdir -p "$1/lib64" "$1/proc" "$1/dev" "$1/tmp"
        """;

    private readonly TempRoot _root = new();

    public MadeRelease()
    {
        Tool.Run(TimeSpan.FromMinutes(25), "/bin/sh", "-c", "XDG_CONFIG_HOME=$1 timeout 1500 \"$2\" --only \"$3\" >\"$1/release.log\" 2>&1 || { cat \"$1/release.log\"; exit 1; }", "sh", _root.At("tmp"), Repository.At("release"), Machine);
        Tool.Run("/bin/cp", "-R", Directory.GetDirectories(Repository.At("artifacts", "release")).Single(path => Path.GetFileName(path)[0] != '.'), Folder);
        File.WriteAllText(PublicKey, _root.Command("keys", "export", "release", "--keys-dir", _root.At("tmp/cto-harness/keys")).Run().Expect(0).Text);

        var bundle = _root.Run().Run().Expect(0).Bundle();
        Directory.CreateDirectory(Path.Combine(EmptyRoot, "brought"));
        File.Copy(Path.Combine(Folder, Machine, "cto-harness"), Path.Combine(EmptyRoot, "cto-harness"));
        Tool.Run("/bin/sh", "-c", Fill, "sh", EmptyRoot);
        Tool.Run("/bin/cp", "-R", bundle.Folder, Path.Combine(EmptyRoot, "brought", "bundle"));
        Tool.Run("/bin/cp", "-R", bundle.Folder, Path.Combine(EmptyRoot, "brought", "changed"));
        File.AppendAllText(Path.Combine(EmptyRoot, "brought", "changed", "patch.diff"), "\n");
        File.WriteAllText(Path.Combine(EmptyRoot, "brought", "harness.pub"), _root.Command("keys", "export").Run().Expect(0).Text);
        _root.Command("pack", bundle.Folder, "--output", Path.Combine(EmptyRoot, "brought", "bundle.tar.gz")).Run().Expect(0);
    }

    internal string Machine { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    internal string Folder => _root.At("release");

    internal string PublicKey => _root.At("release.pub");

    internal string EmptyRoot => _root.At("empty");

    public void Dispose() => _root.Dispose();

    /// <summary>Runs the program where there is nothing else: no network, no variable, no home.</summary>
    internal (int Exit, string Text) InEmptyRoot(params string[] words) => Tool.Try(
        "/usr/bin/bwrap",
        ["--unshare-all", "--die-with-parent", "--clearenv", "--ro-bind", EmptyRoot, "/", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev", "--", "/cto-harness", .. words]);
}
