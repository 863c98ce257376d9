using System.Globalization;
using CtoHarness.Runtime.Workspaces;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Trees;

/// <summary>The collector alone, on what no backend could make in its sandbox.</summary>
[Trait("Mission", "M18")]
public sealed class CollectorTests
{
    private static readonly TreeBounds Bounds = new(1000, 1 << 20, 1 << 20, 16);

    [RootFact]
    public void Devices_are_seen_and_never_opened()
    {
        using var root = new TempRoot();
        var folder = Directory.CreateDirectory(root.At("devices")).FullName;
        Tool.Run("mknod", Path.Combine(folder, "zero"), "c", "1", "5");
        Tool.Run("mknod", Path.Combine(folder, "disk"), "b", "7", "200");
        Assert.Equal(["disk Special device", "zero Special device"], Read(folder));
    }

    [RootFact]
    public void Control_a_careless_reader_reads_such_a_device_without_end()
    {
        using var root = new TempRoot();
        Tool.Run("mknod", root.At("zero"), "c", "1", "5");
        Assert.Equal(124, Tool.Try("timeout", "2", "python3", "-c", "import sys\nwith open(sys.argv[1], 'rb') as file:\n    while file.read(65536): pass", root.At("zero")).Exit);
    }

    [Fact]
    public void A_file_of_a_terabyte_is_refused_unread()
    {
        using var root = new TempRoot();
        var folder = Directory.CreateDirectory(root.At("sparse")).FullName;
        Tool.Run("truncate", "-s", "1T", Path.Combine(folder, "huge"));
        Assert.Equal((null, "a file has more than 1048576 bytes: huge"), TreeReader.Read(folder, Bounds, leaveGit: true, CancellationToken.None));
    }

    [Fact]
    public void Control_a_careless_reader_reads_it_for_hours()
    {
        using var root = new TempRoot();
        Tool.Run("truncate", "-s", "1T", root.At("huge"));
        Assert.Equal(124, Tool.Try("timeout", "2", "python3", "-c", "import sys\nwith open(sys.argv[1], 'rb') as file:\n    while file.read(65536): pass", root.At("huge")).Exit);
    }

    [Fact]
    public void A_hard_link_to_a_file_outside_is_a_file_like_any_other_and_only_its_own_bytes_count()
    {
        using var root = new TempRoot();
        var folder = Directory.CreateDirectory(root.At("links")).FullName;
        root.Write("outside", "one");
        Tool.Run("ln", root.At("outside"), Path.Combine(folder, "a"));
        Tool.Run("ln", root.At("outside"), Path.Combine(folder, "b"));
        Assert.Equal(["a File ", "b File "], Read(folder));
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void The_bound_of_entries_is_exact_and_folders_count(int entries, bool taken)
    {
        using var root = new TempRoot();
        var folder = Directory.CreateDirectory(root.At("many/sub")).Parent!.FullName;
        Directory.CreateDirectory(Path.Combine(folder, ".git"));
        for (var i = 1; i < entries; i++)
        {
            File.WriteAllText(Path.Combine(folder, i % 2 == 0 ? "sub" : ".", i.ToString(CultureInfo.InvariantCulture)), "");
        }

        var (tree, refusal) = TreeReader.Read(folder, Bounds, leaveGit: true, CancellationToken.None);
        Assert.Equal((taken, taken ? "" : "it has more than 1000 entries"), (tree is not null, refusal));
        Assert.Equal(taken ? entries - 1 : 0, tree?.Entries.Length ?? 0);
    }

    private static IEnumerable<string> Read(string folder) =>
        TreeReader.Read(folder, Bounds, leaveGit: true, CancellationToken.None).Tree!.Entries.Select(entry => $"{entry.Path} {entry.Kind} {entry.Note}");
}
