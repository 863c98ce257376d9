using System.IO.Compression;
using CtoHarness.Core.Attestation;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Tests.Linux.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Linux.Bundles;

[Trait("Mission", "M20")]
public sealed class PackTests
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("a-folder-with-a-name-of-36-characters/", 8));

    public static TheoryData<string> Paths =>
    [
        "x", new string('n', 254), Deep + "file", Deep + new string('n', 200), "fixture/workspace/" + new string('n', 100), "fixture/workspace/ä€😀 b.txt",
        string.Concat(Enumerable.Repeat("0123456789/", 92)) + "0123456789", string.Concat(Enumerable.Repeat("ä/", 300)) + "x",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_pack_holds_what_the_folder_holds_whatever_the_names_are(string path)
    {
        using var bundle = new SomeBundle();
        bundle.Write(path, "some text").Write(path + "2", new byte[100_000]).Packed();
        Assert.Equal(SomeBundle.Told(bundle.Read()), SomeBundle.Told(bundle.ReadPack()));
        Assert.Empty(bundle.ReadPack().Odd);
    }

    [Fact]
    public void Any_bundle_comes_back_as_it_was()
    {
        var some = Gen.Choose(0, 200_000).SelectMany(size => Gen.Choose(0, 3).Select(kind => (size, kind))).ListOf();
        Holds(
            some,
            files =>
            {
                using var bundle = new SomeBundle();
                for (var number = 0; number < files.Count; number++)
                {
                    bundle.Write($"backend/raw/{number}", Filled(files[number].size, files[number].kind));
                }

                bundle.Packed();
                return SomeBundle.Told(bundle.Read()) == SomeBundle.Told(bundle.ReadPack()) && bundle.ReadPack().Odd.IsEmpty;
            },
            tries: 40);
    }

    [Fact]
    public void Other_programs_unpack_it()
    {
        using var bundle = new SomeBundle();
        bundle.Write(Deep + "file", "deep").Write("fixture/workspace/ä.bin", Filled(150_000, 2)).Packed();
        Directory.CreateDirectory(Path.Combine(bundle.Around, "out"));
        Tool.Run("/bin/tar", "-xzf", bundle.Pack, "-C", Path.Combine(bundle.Around, "out"));
        Assert.Equal(SomeBundle.Told(bundle.Read()), SomeBundle.Told(BundleReader.Read(Path.Combine(bundle.Around, "out", SomeBundle.Run), CancellationToken.None)));
        var listed = Tool.Run("/usr/bin/python3", "-c", "import sys, tarfile\nfor m in tarfile.open(sys.argv[1]): print(m.name, oct(m.mode), m.uid, m.gid, m.mtime, m.isreg(), repr(m.uname))", bundle.Pack).Split('\n');
        Assert.StartsWith($"{SomeBundle.Run}/{BundleFiles.Seal} 0o644 0 0 1780282697 True ''", listed[0], StringComparison.Ordinal);
        Assert.All(listed.SkipLast(1), line => Assert.EndsWith(" 0o644 0 0 1780282697 True ''", line, StringComparison.Ordinal));
        Tool.Run("/bin/gzip", "-t", bundle.Pack);
    }

    [Fact]
    public void The_same_bundle_gives_the_same_bytes_whoever_it_belongs_to_and_however_it_was_copied()
    {
        using var bundle = new SomeBundle();
        using var other = new SomeBundle();
        bundle.Write("backend/raw/1", Filled(100_000, 1)).Write("backend/raw/2", "2");
        other.Write("backend/raw/2", "2").Write("backend/raw/1", Filled(100_000, 1));
        Tool.Run("/bin/sh", "-c", "chmod 600 \"$1\"/*.json; touch -d 2001-01-01 \"$1\"/report.json", "sh", other.Folder);
        Assert.Equal(bundle.Packed(), other.Packed());
    }

    // The packer must give these bytes for ever: a pack is compared with what it gives.
    [Fact]
    public void The_bytes_are_those_of_the_first_version()
    {
        using var bundle = new SomeBundle();
        bundle.Write(Deep + new string('n', 200), "long").Write("backend/raw/1", Filled(200_000, 1)).Write("backend/raw/2", Filled(200_000, 2)).Packed();
        Assert.Equal("bb80521f", Tool.Run("/usr/bin/sha256sum", bundle.Pack)[..8]);
    }

    [Fact]
    public void A_file_of_more_than_eight_gigabytes_has_its_size_in_a_header_of_pax()
    {
        var header = TarHeader.Of("a/b", 9_000_000_000, 0);
        Assert.Equal(3 * TarHeader.Block, header.Length);
        var first = TarHeader.Read(header)!.Value;
        var second = TarHeader.Read(header.AsSpan(2 * TarHeader.Block))!.Value;
        Assert.Equal(9_000_000_000, TarHeader.Lay(header.AsSpan(TarHeader.Block, (int)first.Size), second)!.Value.Size);
    }

    [Fact]
    public void Text_becomes_much_smaller()
    {
        using var bundle = new SomeBundle();
        bundle.Write("backend/stdout.log", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"seq\":{i},\"event\":\"plan.updated\"}}\n")));
        Assert.True(bundle.Packed().Length < new FileInfo(bundle.At("backend/stdout.log")).Length / 4);
    }

    [Fact]
    public void Any_one_changed_byte_is_refused()
    {
        using var bundle = new SomeBundle();
        var packed = bundle.Packed();
        for (var at = 0; at < packed.Length; at++)
        {
            foreach (var change in new byte[] { 1, 0x80, 0xFF })
            {
                Assert.True(IsRefused(bundle, [.. packed[..at], (byte)(packed[at] ^ change), .. packed[(at + 1)..]]), $"byte {at}, change {change}");
            }
        }
    }

    [Fact]
    public void A_pack_that_is_cut_short_or_goes_on_is_refused()
    {
        using var bundle = new SomeBundle();
        var packed = bundle.Packed();
        for (var length = 0; length < packed.Length; length++)
        {
            Assert.True(IsRefused(bundle, packed[..length]), $"{length} bytes");
        }

        Assert.True(IsRefused(bundle, [.. packed, 0]));
        Assert.True(IsRefused(bundle, [.. packed, .. packed]));
        Assert.True(IsRefused(bundle, [.. packed, .. packed[..10]]));
        Assert.False(IsRefused(bundle, packed));
    }

    [Fact]
    public void Any_bytes_at_all_end_in_a_refusal()
    {
        using var bundle = new SomeBundle();
        var packed = bundle.Packed();
        var changes = Gen.Choose(0, packed.Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(value => (at, value))).ListOf().Where(list => list.Count > 0);
        Holds(
            changes,
            list =>
            {
                var bytes = packed.ToArray();
                list.ToList().ForEach(one => bytes[one.at] = (byte)one.value);
                return bytes.AsSpan().SequenceEqual(packed) || IsRefused(bundle, bytes);
            },
            tries: 2000);
        Holds(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), bytes => IsRefused(bundle, bytes), tries: 500);
    }

    [Theory]
    [InlineData("tar --sort=name --owner=0 --group=0 --mode=0644 --format=ustar -cf - \"$1\" | gzip -n")]
    [InlineData("gzip -dc \"$2\" | gzip -n")]
    [InlineData("gzip -dc \"$2\"")]
    [InlineData("true")]
    [InlineData("head -c 100000 /dev/zero | gzip -n")]
    [InlineData("head -c 1000000 /dev/zero")]
    public void What_another_program_packed_is_refused(string script)
    {
        using var bundle = new SomeBundle();
        bundle.Packed();
        Tool.Run("/bin/sh", "-c", $"cd \"$3\" && ({script}) > other && mv other \"$2\"", "sh", SomeBundle.Run, bundle.Pack, bundle.Around);
        Assert.NotEmpty(bundle.ReadPack().Odd);
    }

    public static TheoryData<string, string[]> Liars => new()
    {
        { "a path up", ["../x"] },
        { "a path up inside", ["a/../../x"] },
        { "a path from the root", ["/etc/passwd"] },
        { "no name", [""] },
        { "a dot", ["./report.json"] },
        { "a path that ends in a slash", ["a/"] },
        { "one name twice", ["a", "a"] },
        { "another order", ["b", "a"] },
        { "the seal later", ["a", "attestation.sigstore.json"] },
        { "a file that is a folder too", ["a", "a/b"] },
        { "a file that is a folder too, with others between", ["a", "a-b", "a/b"] },
        { "a line break", ["a\nb"] },
        { "another run's folder", ["report.json"] },
    };

    // Written by the packer itself, so that it is the content alone that is odd.
    [Theory]
    [MemberData(nameof(Liars))]
    public void A_pack_of_what_no_folder_can_hold_is_refused(string what, string[] paths)
    {
        using var bundle = new SomeBundle();
        using (var file = File.Create(bundle.Pack))
        {
            var entries = paths.Select(path => (Name: $"{SomeBundle.Run}{(paths is ["report.json"] ? "-2" : "")}/{path}", Bytes: path == "report.json" ? File.ReadAllBytes(bundle.At(path)) : [1]));
            Raw(file, [.. entries]);
        }

        var content = bundle.ReadPack();
        Assert.True(content.Odd.Length > 0, what);
        Assert.DoesNotContain(content.Files, one => one.Path.Contains("..", StringComparison.Ordinal) || one.Path.StartsWith('/'));
    }

    [Fact]
    public void Headers_that_claim_terabytes_take_no_memory()
    {
        using var bundle = new SomeBundle();
        foreach (var type in new[] { 'x', '0', 'L', 'g', 'S' })
        {
            var header = TarHeader.Of($"{SomeBundle.Run}/report.json", 8_000_000_000, 0);
            header[156] = (byte)type;
            using (var file = File.Create(bundle.Pack))
            using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            {
                gzip.Write(header);
                gzip.Write(new byte[1 << 20]);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(bundle.ReadPack().Odd);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        }
    }

    private static void Holds<T>(Gen<T> values, Func<T, bool> holds, int tries) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tries).WithQuietOnSuccess(true), Prop.ForAll(values.ToArbitrary(), holds));

    private static bool IsRefused(SomeBundle bundle, byte[] bytes)
    {
        File.WriteAllBytes(bundle.Pack, bytes);
        return !bundle.ReadPack().Odd.IsEmpty;
    }

    private static void Raw(FileStream file, (string Name, byte[] Bytes)[] entries)
    {
        var deflater = new Deflater(file);
        var sum = new Crc32();
        uint length = 0;
        file.Write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]);
        foreach (var (name, bytes) in entries)
        {
            Add(TarHeader.Of(name, bytes.Length, 1_780_282_697));
            Add(bytes);
            Add(new byte[TarHeader.Padding(bytes.Length)]);
        }

        Add(new byte[2 * TarHeader.Block]);
        deflater.Finish();
        file.Write(BitConverter.GetBytes(sum.Value));
        file.Write(BitConverter.GetBytes(length));

        void Add(byte[] bytes)
        {
            sum.Add(bytes);
            deflater.Write(bytes);
            length += (uint)bytes.Length;
        }
    }

    private static byte[] Filled(int size, int kind)
    {
        var bytes = new byte[size];
        var state = 1u;
        for (var at = 0; at < size && kind > 0; at++)
        {
            state = unchecked((state * 1_664_525) + 1_013_904_223);
            bytes[at] = kind switch
            {
                1 => (byte)"the quick brown fox "[(int)((state >> 28) + (uint)(at % 5))],
                2 => (byte)(state >> 24),
                _ => (byte)(at / 70_000),
            };
        }

        return bytes;
    }
}
