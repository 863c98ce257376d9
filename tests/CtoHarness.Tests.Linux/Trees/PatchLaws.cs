using System.Globalization;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Workspaces;
using CtoHarness.Tests.Linux.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Linux.Trees;

[Trait("Mission", "M15")]
public sealed class PatchLaws
{
    private static readonly TreeBounds Bounds = new(100_000, 1 << 30, 1 << 28, 128);

    [Fact]
    public void The_patch_applied_to_the_base_gives_the_tree() => Holds(40);

    [Fact]
    [Trait("Tier", "Long")]
    public void The_patch_applied_to_the_base_gives_the_tree_a_thousand_times() => Holds(1000);

    [Fact]
    public void The_patch_of_no_change_is_empty() => Try(5, (at, pair) =>
    {
        pair.Before.Write(at("base"), at("again"));
        var (before, repository) = Base(at);
        var changes = ChangeSet.Between(before, Read(at("again"))).Changes;
        Assert.Empty(changes);
        Assert.Empty(Patch(at, repository, changes));
    });

    [Fact]
    public void Attributes_in_the_base_change_nothing_outside_of_a_repository_and_can_be_turned_off_in_one()
    {
        using var root = new TempRoot();
        var before = DiskTree.Empty.With(".gitattributes", new DiskFile(EntryKind.File, "* text eol=crlf ident\n")).With("a", new DiskFile(EntryKind.File, "one\ntwo\n"));
        before.Write(root.At("base"), root.At("plain"), root.At("obedient"), root.At("exact"));
        before.With("a", new DiskFile(EntryKind.File, "one\n$Id$\n")).Write(root.At("after"));
        var (tree, repository) = Base(root.At);
        var after = Read(root.At("after"));
        File.WriteAllBytes(root.At("patch.diff"), Patch(root.At, repository, ChangeSet.Between(tree, after).Changes));

        PlainGit.Apply(root.At("plain"), root.At("patch.diff"), isRepository: false);
        Assert.Equal(after.Digest(), Read(root.At("plain")).Digest());

        PlainGit.Apply(root.At("obedient"), root.At("patch.diff"), isRepository: true);
        Assert.NotEqual(after.Digest(), Read(root.At("obedient")).Digest());

        PlainGit.Run("init", "-q", root.At("exact"));
        File.WriteAllText(root.At("exact/.git/info/attributes"), "* -text -ident -filter -working-tree-encoding\n");
        PlainGit.Apply(root.At("exact"), root.At("patch.diff"), isRepository: false);
        Assert.Equal(after.Digest(), Read(root.At("exact")).Digest());
    }

    private static void Holds(int tries) => Try(tries, (at, pair) =>
    {
        pair.Before.Write(at("base"), at("plain"), at("repository"));
        pair.After.Write(at("after"));
        var (before, repository) = Base(at);
        var after = Read(at("after"));
        var reviewed = ReviewedChange.Of(ChangeSet.Between(before, after), [], []);
        var judged = reviewed.ApplyTo(before).Digest();
        Assert.True(judged == after.Digest() || after.Entries.Any(entry => entry.Kind == EntryKind.Special));

        File.WriteAllBytes(at("patch.diff"), Patch(at, repository, reviewed.Disallowed));
        if (new FileInfo(at("patch.diff")).Length > 0)
        {
            PlainGit.Apply(at("plain"), at("patch.diff"), isRepository: false);
            PlainGit.Apply(at("repository"), at("patch.diff"), isRepository: true);
        }

        Assert.Equal(judged, Read(at("plain")).Digest());
        Assert.Equal(judged, Read(at("repository")).Digest());
    });

    // What FsCheck throws names the case and the seed to make it again.
    private static void Try(int tries, Action<Func<string, string>, (DiskTree Before, DiskTree After)> law)
    {
        using var root = new TempRoot();
        var number = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(tries).WithQuietOnSuccess(true),
            Prop.ForAll(SomeDiskTrees.Pair.ToArbitrary(), pair =>
            {
                var folder = string.Create(CultureInfo.InvariantCulture, $"{number++}");
                law(name => root.At($"{folder}/{name}"), pair);
                Tool.Run("/bin/rm", "-rf", root.At(folder)); // by rm: .NET cannot name all of it
            }));
    }

    private static (Tree Tree, BaseRepository Repository) Base(Func<string, string> at)
    {
        var tree = Read(at("base"));
        return (tree, BaseRepository.Ensure(at("cache"), at("base"), tree, CancellationToken.None));
    }

    private static Tree Read(string folder)
    {
        var (tree, refusal) = TreeReader.Read(folder, Bounds, leaveGit: true, CancellationToken.None);
        return tree ?? throw new InvalidOperationException(refusal);
    }

    private static byte[] Patch(Func<string, string> at, BaseRepository repository, IEnumerable<Change> changes)
    {
        using var patch = new MemoryStream();
        PatchWriter.Write(at("scratch"), repository, changes, at("after"), patch, 1 << 30, CancellationToken.None);
        return patch.ToArray();
    }
}
