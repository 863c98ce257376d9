using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>A folder that looks like a bundle as far as reading and packing goes, and a place beside it.</summary>
internal sealed class SomeBundle : IDisposable
{
    public const string Run = "20260601T025817Z-r1-string-slugify-2907822";

    private static int _number;

    public SomeBundle()
    {
        Around = string.Create(CultureInfo.InvariantCulture, $"/var/tmp/cto-linux-bundle-{Environment.ProcessId}-{Interlocked.Increment(ref _number)}");
        Directory.CreateDirectory(Folder);
        Write(BundleNames.Report, $"{{\"schema\":\"cto-harness/report/v1\",\"run_id\":\"{Run}\"}}\n");
        Write(BundleFiles.Seal, "{}");
        Write("events.normalized.jsonl", "{\"seq\":1}\n{\"seq\":2}\n");
        Write("backend/stdout.log", "");
        Write("backend.txt", "it stands before backend/ in a listing of paths");
        Write("fixture/workspace/a.py", "print(1)\n");
    }

    public string Around { get; }

    public string Folder => Path.Combine(Around, Run);

    public string Pack => Path.Combine(Around, "bundle.tar.gz");

    public string At(string name) => Path.Combine(Folder, name);

    public SomeBundle Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public SomeBundle Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return this;
    }

    public BundleContent Read() => BundleReader.Read(Folder, CancellationToken.None);

    public BundleContent ReadPack() => BundleReader.Read(Pack, CancellationToken.None);

    /// <summary>Packs it, which must succeed.</summary>
    public byte[] Packed()
    {
        var packed = BundlePacker.Pack(Folder, Pack, replace: true, CancellationToken.None);
        Assert.True(packed is Parsed<PackedBundle>.Value, packed is Parsed<PackedBundle>.Refused refused ? string.Join('\n', refused.Problems) : "");
        return File.ReadAllBytes(Pack);
    }

    /// <summary>All of a content as text, to be compared.</summary>
    public static string Told(BundleContent content) => string.Join('\n', content.Files
        .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Path} {one.Bytes} {one.Sha256} {(one.Content is { } bytes ? Convert.ToHexString(bytes.Span) : "not kept")}"))
        .Concat(content.Odd));

    public void Dispose() => Tool.Try("/bin/rm", "-rf", "--one-file-system", Around);
}
