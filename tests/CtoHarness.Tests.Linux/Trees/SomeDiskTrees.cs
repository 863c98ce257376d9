using CtoHarness.Core.Trees;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Linux.Trees;

/// <summary>Makers of small trees whose names and contents are what patches stumble over, and of edits to them.</summary>
internal static class SomeDiskTrees
{
    private static readonly string[] Names =
    [
        "a", "A", "b", "a.b", "a-b", "-rf", " ", "a b ", "a\tb", "n\nl", "\r", "\u001b[31m", "\"q\"", "a\\b", "\u00ff\u00fe", "\u00c3\u00a9", ".gitignore", ".github", "git~2",
        "a -> b", "dev", "null", new string('x', 200),
    ];

    private static readonly string[] Refused = [".git", ".GIT", "git~1", ".git . ", "a\\.git", ".git:x", ".g\u00e2\u0080\u008cit"];

    private static readonly string[] Contents =
    [
        "", "\n", "one\n", "one", "one\ntwo\nthree\n", "one\nTWO\nthree\n", "one\ntwo\nthree", "one\r\ntwo\r\n", "one\r\ntwo\n", "\r", "\0", "a\0b\n\u00ff", "\u00ff\u00fe\n", "$Id$\n",
        "-- \n+++ b/a\n--- a/a\n@@ -1 +1 @@\n", "diff --git a/a b/a\ndeleted file mode 100644\n", "\\ No newline at end of file\n", " \t \n\n\n", "GIT binary patch\nliteral 0\n",
        string.Concat(Enumerable.Repeat("line\n", 300)), string.Concat(Enumerable.Repeat("line\n", 150)) + "odd\n" + string.Concat(Enumerable.Repeat("line\n", 149)),
    ];

    private static readonly string[] Targets = ["a", "../outside", "/etc/passwd", "\u00ff\n", "a\r", " ", new string('t', 300)];

    private static readonly Gen<DiskFile> PlainFile =
        from kind in Gen.Elements(EntryKind.File, EntryKind.File, EntryKind.Executable)
        from content in Gen.Elements(Contents)
        select new DiskFile(kind, content);

    private static readonly Gen<DiskFile> File = Gen.OneOf(
        PlainFile, PlainFile, PlainFile, Gen.Elements(Targets).Select(target => new DiskFile(EntryKind.Link, target)));

    private static readonly Gen<string> Path =
        from parts in Gen.Elements(Names).NonEmptyListOf()
        select string.Join('/', parts.Take(3));

    // A fixture holds nothing special.
    private static readonly Gen<string> PlainPath = Path.Where(path => !path.Contains(" /", StringComparison.Ordinal));

    // A fixture holds no links. Were there some, git could refuse a patch that makes a folder of one, by what its target is called.
    private static readonly Gen<DiskTree> Tree =
        from paths in PlainPath.ArrayOf()
        from files in PlainFile.ArrayOf(paths.Length)
        select paths.Zip(files).Aggregate(DiskTree.Empty, (tree, one) => tree.With(one.First, one.Second));

    /// <summary>A tree and what became of it.</summary>
    public static Gen<(DiskTree Before, DiskTree After)> Pair { get; } =
        from before in Tree
        from edits in Edit.NonEmptyListOf()
        select (before, edits.Aggregate(before, (tree, edit) => edit(tree)));

    // Each takes any tree: an edit of a file that is not there is none.
    private static Gen<Func<DiskTree, DiskTree>> Edit => Gen.OneOf(
        from path in Path from file in File select (Func<DiskTree, DiskTree>)(tree => tree.With(path, file)),
        from path in Path from name in Gen.Elements(Refused) from file in File
        from below in Gen.Elements("", "/x") from rare in Gen.Choose(0, 3)
        select (Func<DiskTree, DiskTree>)(tree => rare > 0 ? tree : tree.With($"{path}/{name}{below}", file)),
        from pick in Gen.Choose(0, 99) from file in File select Picked(pick, (tree, path) => tree.With(path, file)),
        from pick in Gen.Choose(0, 99) select Picked(pick, (tree, path) => tree.Without(path)),
        from pick in Gen.Choose(0, 99) from to in Path select Picked(pick, (tree, path) => tree.Without(path).With(to, tree.Files[path])),
        from pick in Gen.Choose(0, 99) select Picked(pick, (tree, path) => tree.Without(path).With(OtherCase(path), tree.Files[path])),
        from pick in Gen.Choose(0, 99) from name in Path from file in File select Picked(pick, (tree, path) => tree.With($"{path}/{name}", file)),
        from pick in Gen.Choose(0, 99) from file in File
        select Picked(pick, (tree, path) => path.Contains('/', StringComparison.Ordinal) ? tree.With(path[..path.IndexOf('/', StringComparison.Ordinal)], file) : tree));

    private static Func<DiskTree, DiskTree> Picked(int pick, Func<DiskTree, string, DiskTree> edit) =>
        tree => tree.Files.IsEmpty ? tree : edit(tree, tree.Files.Keys.ElementAt(pick % tree.Files.Count));

    private static string OtherCase(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : c));
}
