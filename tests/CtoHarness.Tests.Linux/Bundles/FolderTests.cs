using System.Net.Sockets;
using System.Security.Cryptography;
using CtoHarness.Core.Attestation;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

[Trait("Mission", "M20")]
public sealed class FolderTests
{
    public static TheoryData<string, string, string> OddThings => new()
    {
        { "a link", "ln -s report.json link", "link: a link" },
        { "a link to a device", "ln -s /dev/zero link", "link: a link" },
        { "a link in place of a file", "rm report.json; ln -s /etc/passwd report.json", "report.json: a link" },
        { "a link to a folder", "ln -s / backend/all", "backend/all: a link" },
        { "a FIFO", "mkfifo backend/raw.log", "backend/raw.log: a FIFO" },
        { "an empty folder", "mkdir -p controls/noop", "controls/noop/: an empty folder" },
        { "a name with a line break", "printf x > \"$(printf 'a\\nb')\"", "a\\u{A}b: a name that cannot be shown as it is" },
        { "a name that turns text around", "printf x > \"$(printf 'a\\342\\200\\256b')\"", "a\\u{202E}b: a name that cannot be shown as it is" },
        { "a name that is not UTF-8", "printf x > \"$(printf 'a\\377b')\"", "a\uFFFDb: a name that is not UTF-8" },
        { "a file larger than anybody reads", "truncate -s 65G backend/stderr.log", "its files have more than 68719476736 bytes" },
        { "a file of a terabyte that is read into memory", "truncate -s 15T events.normalized.jsonl", "its files have more than 68719476736 bytes" },
    };

    [Fact]
    public void Every_file_has_its_size_and_digest_and_only_what_is_read_later_is_kept()
    {
        using var bundle = new SomeBundle();
        var content = bundle.Write("backend/raw/00001-big.bin", new byte[300_000]).Read();
        Assert.Empty(content.Odd);
        Assert.Equal(
            ["attestation.sigstore.json", "backend.txt", "backend/raw/00001-big.bin", "backend/stdout.log", "events.normalized.jsonl", "fixture/workspace/a.py", "report.json"],
            content.Files.Select(one => one.Path));
        Assert.All(content.Files, one =>
        {
            var bytes = File.ReadAllBytes(bundle.At(one.Path));
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), ((int)one.Bytes, one.Sha256.Hex));
            Assert.Equal(BundleFiles.MostBytes(one.Path) > 0, one.Content is not null);
            Assert.True(one.Content is not { } kept || kept.Span.SequenceEqual(bytes));
        });
        Assert.Equal(3, content.Files.Count(one => one.Content is not null));
    }

    [Theory]
    [MemberData(nameof(OddThings))]
    public void What_no_bundle_holds_is_named(string what, string script, string line)
    {
        using var bundle = new SomeBundle();
        Tool.Run("/bin/sh", "-c", $"cd \"$1\" && {script}", "sh", bundle.Folder);
        Assert.True(bundle.Read().Odd.SequenceEqual([line]), $"{what}: {string.Join('\n', bundle.Read().Odd)}");
    }

    [Fact]
    public void A_socket_is_named()
    {
        using var bundle = new SomeBundle();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(bundle.At("s")));
        Assert.Equal("s: a socket", Assert.Single(bundle.Read().Odd));
    }

    [RootFact]
    public void A_device_is_named()
    {
        using var bundle = new SomeBundle();
        Tool.Run("/bin/mknod", bundle.At("null"), "c", "1", "3");
        Assert.Equal("null: a device", Assert.Single(bundle.Read().Odd));
    }

    [Fact]
    public void Folders_as_deep_as_a_file_system_allows_are_bounded()
    {
        using var bundle = new SomeBundle();
        Tool.Run("/usr/bin/python3", "-c", "import os, sys\nos.chdir(sys.argv[1])\nfor i in range(2000):\n    os.mkdir('d'); os.chdir('d')\n", bundle.Folder);
        Assert.Contains("a path that is longer than any in a bundle", Assert.Single(bundle.Read().Odd, line => line.Contains("longer", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void More_entries_than_any_bundle_has_end_the_reading()
    {
        using var collector = new BundleCollector(CancellationToken.None);
        Assert.True(Enumerable.Range(0, BundleFiles.MostEntries).All(_ => collector.Meet(10)));
        Assert.False(collector.Meet(10));
        Assert.Equal(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"it has more than {BundleFiles.MostEntries} entries"), Assert.Single(collector.Content().Odd));
    }

    [Fact]
    public void Hundreds_of_odd_things_are_not_all_told()
    {
        using var bundle = new SomeBundle();
        Tool.Run("/usr/bin/python3", "-c", "import os, sys\nos.chdir(sys.argv[1])\nfor i in range(2000):\n    os.symlink('x', str(i))\n", bundle.Folder);
        var odd = bundle.Read().Odd;
        Assert.Equal(501, odd.Length);
        Assert.StartsWith("more than 500 things", odd[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_grows_while_it_is_read_is_named()
    {
        using var bundle = new SomeBundle();
        using var collector = new BundleCollector(CancellationToken.None);
        var calls = 0;
        Assert.False(collector.Take("report.json", 10, into => Filled(into, ++calls == 1 ? 10 : 1)));
        Assert.Empty(collector.Content().Files);
        using var other = new BundleCollector(CancellationToken.None);
        calls = 0;
        Assert.False(other.Take("report.json", 10, into => Filled(into, ++calls == 1 ? 9 : 0)));
        Assert.Empty(other.Content().Files);
    }

    [Fact]
    public void What_can_be_kept_is_bounded_in_all()
    {
        using var collector = new BundleCollector(CancellationToken.None);
        foreach (var name in new[] { "report.json", "baseline/report.json" })
        {
            var left = 60 << 20;
            Assert.True(collector.Take(name, left, into => Filled(into, Math.Min(into.Length, left), ref left)));
        }

        // The first that came is kept: they stand in the order of their paths.
        Assert.Equal([false, true], collector.Content().Files.Select(one => one.Content is not null));
    }

    [Fact]
    public void Files_that_are_too_large_together_end_the_reading()
    {
        using var collector = new BundleCollector(CancellationToken.None) { Most = 100 };
        var left = 60;
        Assert.True(collector.Take("a", 60, into => Filled(into, left, ref left)));
        Assert.False(collector.IsFull);
        collector.Take("b", 41, _ => throw new InvalidOperationException("it is not read"));
        Assert.True(collector.IsFull);
        Assert.Equal("its files have more than 100 bytes", Assert.Single(collector.Content().Odd));
    }

    [Fact]
    public void Reading_ends_when_it_is_interrupted()
    {
        using var bundle = new SomeBundle();
        Tool.Run("/usr/bin/truncate", "-s", "60G", bundle.At("big.log"));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.ThrowsAny<OperationCanceledException>(() => BundleReader.Read(bundle.Folder, soon.Token));
    }

    [Theory]
    [InlineData("ln -s \"$1\" \"$2\"", "is a link, not a bundle: name what it leads to")]
    [InlineData("mkfifo \"$2\"", "is a FIFO, not a bundle")]
    [InlineData("true", "No such file")]
    public void What_is_no_bundle_at_all_cannot_be_read(string script, string why)
    {
        using var bundle = new SomeBundle();
        Tool.Run("/bin/sh", "-c", script, "sh", bundle.Folder, bundle.Pack);
        Assert.Contains(why, Assert.Throws<IOException>(() => bundle.ReadPack()).Message, StringComparison.Ordinal);
        Assert.Contains(why, Assert.Throws<IOException>(() => BundleReader.Read(bundle.Pack + "/", CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/dev/null")]
    [InlineData("/no/such/folder")]
    [InlineData("a\0b")]
    public void Neither_can_other_words(string path) => Assert.Throws<IOException>(() => BundleReader.Read(path, CancellationToken.None));

    private static int Filled(Span<byte> into, int count)
    {
        into[..count].Fill((byte)'x');
        return count;
    }

    private static int Filled(Span<byte> into, int count, ref int left)
    {
        left -= count;
        return Filled(into, count);
    }
}
