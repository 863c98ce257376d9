using System.Security.Cryptography;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Signing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Signing;

[Trait("Mission", "M20")]
public sealed class KeyStoreTests : IDisposable
{
    private readonly TempRoot _root = new();
    private readonly KeyStore _store;

    public KeyStoreTests() => _store = new KeyStore(_root.At("keys"));

    private string Key => _root.At("keys/own/harness.key");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_first_use_draws_a_key_for_its_owner_alone_and_the_next_uses_it()
    {
        var first = Value(_store.OpenOrCreate("harness"));
        var second = Value(_store.OpenOrCreate("harness"));
        Assert.Equal(first.Public, second.Public);
        Assert.True(second.Public.Verify("said"u8, first.Sign("said"u8)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
        foreach (var folder in new[] { "keys", "keys/own" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_root.At(folder)));
        }

        Assert.Equal([Key], Directory.GetFiles(_root.At("keys"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Many_who_draw_it_at_once_get_the_same()
    {
        for (var round = 0; round < 10; round++)
        {
            using var start = new Barrier(8);
            var name = $"key-{round}";
            var ids = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).WithExecutionMode(ParallelExecutionMode.ForceParallelism).Select(_ =>
            {
                start.SignalAndWait(TimeSpan.FromSeconds(30));
                return Value(_store.OpenOrCreate(name)).Public.Id;
            }).ToList();
            Assert.Single(ids.Distinct());
            Assert.Equal(ids[0], Value(_store.Open(name)).Public.Id);
        }

        Assert.Equal(10, Directory.GetFileSystemEntries(_root.At("keys/own")).Length);
    }

    [Theory]
    [InlineData("chmod 644 keys/own/harness.key", "chmod 600")]
    [InlineData("chmod 620 keys/own/harness.key", "chmod 600")]
    [InlineData("chmod 601 keys/own/harness.key", "chmod 600")]
    [InlineData("chmod 770 keys/own", "chmod 700")]
    [InlineData("chmod 707 keys", "chmod 700")]
    [InlineData("mv keys/own/harness.key x; ln -s ../../x keys/own/harness.key", "link")]
    [InlineData("rm keys/own/harness.key; ln -s nowhere keys/own/harness.key", "link")]
    [InlineData("mv keys/own x; ln -s ../x keys/own", "--keys-dir")]
    [InlineData("rm -r keys/own; : > keys/own", "--keys-dir")]
    [InlineData("echo > keys/own/harness.key", "P-256")]
    [InlineData("cat keys/own/harness.key keys/own/harness.key > x; cat x > keys/own/harness.key", "P-256")]
    [InlineData("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 > x 2>/dev/null; cat x > keys/own/harness.key", "P-256")]
    [InlineData("openssl pkey -in keys/own/harness.key -pubout > x; cat x > keys/own/harness.key", "P-256")]
    public void A_key_that_somebody_could_have_exchanged_or_read_signs_nothing(string act, string remedy)
    {
        _ = Value(_store.OpenOrCreate("harness"));
        Tool.Run("/bin/sh", "-c", $"cd {_root.Folder} && {act}");
        Assert.Contains(remedy, Refusal(_store.OpenOrCreate("harness")), StringComparison.Ordinal);
        Assert.Contains(remedy, Refusal(_store.Open("harness")), StringComparison.Ordinal);
        Assert.Contains(remedy, string.Join('\n', _store.List().Problems), StringComparison.Ordinal);
        Assert.Empty(_store.ListTrusted().Keys);
    }

    [RootFact]
    public void What_belongs_to_another_user_is_refused()
    {
        _ = Value(_store.OpenOrCreate("harness"));
        Tool.Run("/bin/chown", "1234", Key);
        Assert.Contains("the user 1234", Refusal(_store.OpenOrCreate("harness")), StringComparison.Ordinal);
        Tool.Run("/bin/chown", "-R", "1234", _root.At("keys"));
        Assert.Contains("the user 1234", Refusal(_store.OpenOrCreate("harness")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_at_all_ends_in_a_fault_and_does_not_hang()
    {
        _ = Value(_store.OpenOrCreate("harness"));
        Tool.Run("/bin/sh", "-c", $"rm {Key}; mkfifo -m 600 {Key}");
        Assert.Throws<IOException>(() => _store.OpenOrCreate("harness"));
        Tool.Run("/bin/sh", "-c", $"rm {Key}; (umask 077; head -c 10000000 /dev/zero > {Key})");
        Assert.Throws<IOException>(() => _store.OpenOrCreate("harness"));
    }

    [Fact]
    public void A_retired_key_signs_nothing_and_the_next_use_draws_another()
    {
        var old = Value(_store.OpenOrCreate("harness")).Public;
        var retired = Value(_store.Retire("harness"));
        Assert.Equal((KeyUse.Retired, old), (retired.Use, retired.Key));
        Assert.Contains("keys create", Refusal(_store.Open("harness")), StringComparison.Ordinal);
        Assert.Empty(_store.ListTrusted().Keys);
        Assert.Equal(retired, Assert.Single(_store.List().Keys));
        Assert.NotEqual(old, Value(_store.OpenOrCreate("harness")).Public);
        Assert.DoesNotContain(old, _store.ListTrusted().Keys);
    }

    [Fact]
    public void A_key_that_others_could_read_is_retired_once_they_cannot_and_another_is_no_hindrance()
    {
        var read = Value(_store.OpenOrCreate("harness")).Public;
        _ = Value(_store.Create("second"));
        File.SetUnixFileMode(Key, (UnixFileMode)0b110_100_100);
        Assert.Equal(2, Assert.IsType<Parsed<KeptKey>.Refused>(_store.Retire("harness")).Problems.Length);
        _ = Value(_store.Retire("second"));
        File.SetUnixFileMode(Key, (UnixFileMode)0b110_000_000);
        Assert.Equal(read, Value(_store.Retire("harness")).Key);
        Assert.NotEqual(read, Value(_store.OpenOrCreate("harness")).Public);
    }

    [Fact]
    public void A_trusted_key_is_trusted_until_it_is_retired_and_may_be_again()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Value(Core.Attestation.PublicKey.Read("here", other.ExportSubjectPublicKeyInfoPem()));
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(("vendor", KeyUse.Trusted), Value(_store.Trust("vendor", key)) is var kept ? (kept.Name, kept.Use) : default);
            Assert.Equal("vendor", Value(_store.Trust("vendor-again", key)).Name);
            Assert.Equal(key, Assert.Single(_store.ListTrusted().Keys));
            _ = Value(_store.Retire("vendor"));
            Assert.Empty(_store.ListTrusted().Keys);
        }

        Assert.Contains("no key", Refusal(_store.Retire("vendor")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_given_to_one_key()
    {
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var two = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var first = Value(_store.Trust("vendor", Value(Core.Attestation.PublicKey.Read("here", one.ExportSubjectPublicKeyInfoPem()))));
        Assert.Contains("another key is trusted", Refusal(_store.Trust("vendor", Value(Core.Attestation.PublicKey.Read("here", two.ExportSubjectPublicKeyInfoPem())))), StringComparison.Ordinal);
        Assert.Equal(first.Key, Assert.Single(_store.ListTrusted().Keys));
        _ = Value(_store.Create("mine"));
        Assert.Contains("already", Refusal(_store.Create("mine")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chmod 620 keys/trusted/vendor.pub")]
    [InlineData("chmod 770 keys/trusted")]
    [InlineData("mv keys/trusted/vendor.pub x; ln -s ../../x keys/trusted/vendor.pub")]
    [InlineData("cat keys/own/harness.key > keys/trusted/vendor.pub")]
    [InlineData("cp keys/own/harness.key keys/trusted/vendor.key; rm keys/trusted/vendor.pub")]
    public void A_key_that_somebody_could_have_put_there_is_not_trusted(string act)
    {
        var own = Value(_store.OpenOrCreate("harness")).Public;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _ = Value(_store.Trust("vendor", Value(Core.Attestation.PublicKey.Read("here", other.ExportSubjectPublicKeyInfoPem()))));
        Tool.Run("/bin/sh", "-c", $"cd {_root.Folder} && {act}");
        var (keys, problems) = _store.ListTrusted();
        Assert.DoesNotContain(keys, key => key != own);
        Assert.Single(problems);
    }

    private static T Value<T>(Parsed<T> parsed) => parsed is Parsed<T>.Value one ? one.Result : throw new InvalidOperationException(string.Join('\n', ((Parsed<T>.Refused)parsed).Problems));

    private static string Refusal<T>(Parsed<T> parsed) => Assert.Single(((Parsed<T>.Refused)parsed).Problems).ToString();
}
