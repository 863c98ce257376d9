using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Trees;

namespace CtoHarness.Tests.Core.Trees;

[Trait("Mission", "M20")]
public sealed class TreeTests
{
    private static readonly Tree Base = new([Sample.Entry("a/b", "x"), Sample.Entry("c", "y")]);

    [Fact]
    public void The_digest_of_a_known_tree_can_be_computed_by_hand()
    {
        var text = $"File {Digest.Of("x"u8).Hex} - a/b\0File {Digest.Of("y"u8).Hex} - c\0";
        Assert.Equal(Digest.FromHash(SHA256.HashData(Encoding.UTF8.GetBytes(text))), Base.Digest());
    }

    [Fact]
    public void The_order_in_which_entries_were_found_does_not_matter() =>
        Assert.Equal(Base.Digest(), new Tree(Base.Entries.Reverse()).Digest());

    [Fact]
    public void An_empty_tree_has_the_digest_of_nothing() => Assert.Equal(Digest.Of([]), new Tree([]).Digest());

    [Fact]
    public void Every_single_difference_gives_another_digest()
    {
        Tree[] others =
        [
            new([Sample.Entry("a/b", "X"), Sample.Entry("c", "y")]),
            new([Sample.Entry("a/b", "x"), Sample.Entry("d", "y")]),
            new([Sample.Entry("a/b", "x")]),
            new([Sample.Entry("a/b", "x"), Sample.Entry("c", "y", EntryKind.Executable)]),
            new([Sample.Entry("a/b", "x"), Sample.Entry("c", "y", EntryKind.Link)]),
            new([Sample.Entry("a/b", "x"), Sample.Entry("c", "fifo", EntryKind.Special)]),
            new([Sample.Entry("a/b", "x"), Sample.Entry("c", "socket", EntryKind.Special)]),
            new([Sample.Entry("a/b", "x"), Sample.Entry("c", "y"), Sample.Entry("d", "")]),
            Base,
        ];
        Assert.Equal(others.Length, others.Select(tree => tree.Digest()).Distinct().Count());
    }

    [Fact]
    public void Entries_stand_in_byte_order_of_their_paths()
    {
        string[] names = ["\u00e9", "\uff5e", "a", "a-b", "a.b", "a/b", "b", "\ud83d\ude00", "B"];
        var sorted = new Tree(names.Select(name => Sample.Entry(name, ""))).Entries.Select(entry => entry.Path.ToString());
        Assert.Equal(["B", "a", "a-b", "a.b", "a/b", "b", "\u00e9", "\uff5e", "\ud83d\ude00"], sorted);
    }

    [Fact]
    public void Two_entries_at_one_path_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Tree([Sample.Entry("a", "1"), Sample.Entry("b", ""), Sample.Entry("a", "2")]));
}
