using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Trees;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Observation;

[Trait("Mission", "M12")]
public sealed class ManifestTests
{
    private static readonly EntryFacts File = new('f', 0x1A4, 1000, 1001, 2049, 12, 5, new FileMoment(1_700_000_000, 1), new FileMoment(1_700_000_001, 20));

    [Fact]
    public void An_entry_is_written_in_a_fixed_form() => Assert.Equal(
        "a b\0f 0644 1000 1001 2049 12 5 1700000000.000000001 1700000001.000000020\0\0\n",
        Encoding.UTF8.GetString(SomeManifests.Bytes("a b"u8.ToArray(), File, [])));

    [Fact]
    public void What_is_not_asked_for_is_a_dash() => Assert.Equal(
        "x\0l 7777 0 0 0 0 - - -\0../y\0\n",
        Encoding.UTF8.GetString(SomeManifests.Bytes("x"u8.ToArray(), new EntryFacts('l', 0xFFF, 0, 0, 0, 0, null, null, null), "../y"u8.ToArray())));

    [Fact]
    public void Every_entry_reads_back_and_is_found_among_others() =>
        Law.Holds(from path in SomeManifests.Path from facts in SomeManifests.Facts from detail in SomeManifests.Detail select (path, facts, detail), one =>
        {
            var bytes = SomeManifests.Bytes(one.path, one.facts, one.detail);
            return ManifestEntry.Length([.. bytes, .. bytes], out var length) == bytes.Length && length == one.path.Length
                && ManifestEntry.TryRead(bytes) is { } read && read.Path.SequenceEqual(one.path) && read.IsAbsent == (one.facts.Kind == ManifestEntry.Absent)
                && Enumerable.Range(0, bytes.Length).All(cut => ManifestEntry.Length(bytes.AsSpan(0, cut), out _) == 0 && ManifestEntry.TryRead(bytes.AsSpan(0, cut)) is null);
        });

    [Fact]
    public void Bytes_that_are_no_entry_are_refused() => Law.Ends(Some.Glued("a", "\0", "\n", " ", "f 0644 0 0 0 0 0 0.0 0.0"), bytes => ManifestEntry.TryRead(bytes));

    [Fact]
    public void The_longest_entry_fits()
    {
        var most = new EntryFacts('f', 0xFFF, uint.MaxValue, uint.MaxValue, ulong.MaxValue, ulong.MaxValue, long.MinValue, new FileMoment(long.MinValue, uint.MaxValue), new FileMoment(long.MinValue, uint.MaxValue));
        var bytes = SomeManifests.Bytes([.. Enumerable.Repeat((byte)'a', RelativePath.MaxBytes)], most, [.. Enumerable.Repeat((byte)'b', 4096)]);
        Assert.NotNull(ManifestEntry.TryRead(bytes));
        Assert.InRange(bytes.Length, 1, ManifestEntry.MaxBytes);
    }

    [Fact]
    public void Nothing_differs_from_itself() => Law.Holds(SomeManifests.Manifest, one => ManifestComparison.Between(one, one, 10) is { Lines.IsEmpty: true, Total: 0 });

    [Fact]
    public void Each_path_that_differs_is_named_once_in_order_and_no_other() => Pairs((one, other, comparison) =>
    {
        var paths = one.Concat(other).Select(entry => Convert.ToHexString(entry.Path)).Distinct().Order(StringComparer.Ordinal).ToList();
        var wanted = paths.Where(path => Standing(one, path) is var was && Standing(other, path) is var now && !Same(was, now)).ToList();
        return comparison.Total == wanted.Count
            && comparison.Lines.Select(line => line.Split(' ', 2)[1].Split(": ")[0]).SequenceEqual(
                wanted.Select(path => (Standing(one, path) ?? Standing(other, path))!.ToString()));
    });

    [Fact]
    public void The_way_back_removes_what_the_way_there_adds() => Pairs((one, other, comparison) =>
        ManifestComparison.Between(other, one, 100).Lines.Select(line => line.Split(' ')[0])
            .SequenceEqual(comparison.Lines.Select(line => line.Split(' ')[0] switch { "added" => "removed", "removed" => "added", var same => same })));

    [Fact]
    public void A_bounded_list_is_the_beginning_of_the_whole_and_all_are_counted() => Pairs((one, other, comparison) =>
        ManifestComparison.Between(one, other, 2) is var bounded && bounded.Total == comparison.Total && bounded.Lines.SequenceEqual(comparison.Lines.Take(2)));

    [Fact]
    public void Every_thing_that_can_differ_has_its_name()
    {
        var link = File with { Kind = 'l' };
        Assert.Equal("changed a: kind", Line(File, File with { Kind = 'd' }));
        Assert.Equal("changed a: mode", Line(File, File with { Mode = 0x1ED }));
        Assert.Equal("changed a: owner", Line(File, File with { User = 0 }));
        Assert.Equal("changed a: group", Line(File, File with { Group = 0 }));
        Assert.Equal("changed a: device", Line(File, File with { Device = 1 }));
        Assert.Equal("changed a: inode", Line(File, File with { Inode = 1 }));
        Assert.Equal("changed a: size", Line(File, File with { Size = 6 }));
        Assert.Equal("changed a: mtime", Line(File, File with { Modified = new FileMoment(1_700_000_000, 2) }));
        Assert.Equal("changed a: ctime", Line(File, File with { Changed = null }));
        Assert.Equal("changed a: link target", Line(link, link, "x", "y"));
        Assert.Equal("changed a: mode, content, size, ctime", Line(File, File with { Mode = 0, Size = 0, Changed = null }, "x", "y"));
        Assert.Equal("removed a", Line(File, File with { Kind = ManifestEntry.Absent }));
        Assert.Equal("added a", Line(File with { Kind = ManifestEntry.Absent }, File));
    }

    [Fact]
    public void A_hostile_name_is_shown_in_gits_form_and_a_long_one_is_cut()
    {
        var hostile = SomeManifests.Entry("a\u001b[2J\n", File);
        Assert.Equal("\"a\\033[2J\\n\"", hostile.ToString());
        Assert.InRange(SomeManifests.Entry(new string('a', 4000), File).ToString().Length, 300, 400);
        Assert.Equal(".", SomeManifests.Entry(".", File).ToString());
    }

    private static string Line(EntryFacts before, EntryFacts after, string detail = "", string detailAfter = "") => Assert.Single(
        ManifestComparison.Between([SomeManifests.Entry("a", before, detail)], [SomeManifests.Entry("a", after, detailAfter)], 5).Lines);

    private static ManifestEntry? Standing(IEnumerable<ManifestEntry> entries, string path) =>
        entries.SingleOrDefault(entry => Convert.ToHexString(entry.Path) == path && !entry.IsAbsent);

    private static bool Same(ManifestEntry? one, ManifestEntry? other) => one is null || other is null ? ReferenceEquals(one, other) : one.DifferencesTo(other).IsEmpty;

    private static void Pairs(Func<IReadOnlyList<ManifestEntry>, IReadOnlyList<ManifestEntry>, ManifestComparison, bool> law) => Law.Holds(
        from one in SomeManifests.Manifest from other in SomeManifests.Manifest select (one, other),
        pair => law(pair.one, pair.other, ManifestComparison.Between(pair.one, pair.other, 100)),
        tries: 1000);
}
