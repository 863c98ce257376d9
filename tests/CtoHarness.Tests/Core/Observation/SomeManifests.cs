using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Observation;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Observation;

/// <summary>Makers of small manifests whose paths often meet.</summary>
internal static class SomeManifests
{
    /// <summary>Paths as bytes, also such as no text has.</summary>
    public static Gen<byte[]> Path { get; } = Gen.Elements("."u8.ToArray(), "a"u8.ToArray(), "a/b"u8.ToArray(), "a-b"u8.ToArray(), "a\nb"u8.ToArray(), [0xff, 0x1b], "é"u8.ToArray());

    public static Gen<EntryFacts> Facts { get; } =
        from kind in Gen.Elements('f', 'f', 'd', 'l', 'p', ManifestEntry.Absent)
        from number in Gen.Choose(0, 3)
        from size in Gen.Elements<long?>(null, 0, 7, long.MaxValue)
        from moment in Gen.Elements<FileMoment?>(null, new FileMoment(0, 0), new FileMoment(-1, 999_999_999), new FileMoment(long.MaxValue, 5))
        select new EntryFacts(kind, (uint)(0x1ED + number), (uint)number, uint.MaxValue, ulong.MaxValue, (ulong)number, size, moment, moment);

    public static Gen<byte[]> Detail { get; } = Gen.Elements(Array.Empty<byte>(), "to here"u8.ToArray(), "a\n b"u8.ToArray());

    /// <summary>A manifest: each path once, in byte order.</summary>
    public static Gen<ImmutableArray<ManifestEntry>> Manifest { get; } =
        (from path in Path from facts in Facts from detail in Detail select Entry(path, facts, detail)).ArrayOf()
        .Select(entries => entries.DistinctBy(entry => Convert.ToHexString(entry.Path)).OrderBy(entry => Convert.ToHexString(entry.Path), StringComparer.Ordinal).ToImmutableArray());

    public static ManifestEntry Entry(byte[] path, EntryFacts facts, byte[] detail) => ManifestEntry.TryRead(Bytes(path, facts, detail))!;

    public static ManifestEntry Entry(string path, EntryFacts facts, string detail = "") => Entry(Encoding.UTF8.GetBytes(path), facts, Encoding.UTF8.GetBytes(detail));

    public static byte[] Bytes(byte[] path, EntryFacts facts, byte[] detail)
    {
        var place = new byte[ManifestEntry.MaxBytes];
        return place[..ManifestEntry.Write(path, facts, detail, place)];
    }
}
