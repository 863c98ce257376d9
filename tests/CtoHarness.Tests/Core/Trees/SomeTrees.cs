using CtoHarness.Core.Trees;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Trees;

/// <summary>Makers of small trees whose paths often meet: few names, few contents.</summary>
internal static class SomeTrees
{
    public static Gen<RelativePath> Path { get; } =
        from parts in Gen.Elements("a", "b", "a.b", "a-b", "\u00e9", "\ud83d\ude00", ".x").NonEmptyListOf()
        select Sample.At(string.Join('/', parts.Take(3)));

    public static Gen<TreeEntry> Entry { get; } =
        from path in Path
        from kind in Gen.Elements(EntryKind.File, EntryKind.File, EntryKind.Executable, EntryKind.Link, EntryKind.Special)
        from content in Gen.Elements("", "one", "two")
        select Sample.Entry(path.ToString(), kind == EntryKind.Special && content.Length == 0 ? "fifo" : content, kind) with { Path = path };

    public static Gen<Tree> Tree { get; } =
        Entry.ArrayOf().Select(entries => new Tree(entries.DistinctBy(entry => entry.Path)));
}
