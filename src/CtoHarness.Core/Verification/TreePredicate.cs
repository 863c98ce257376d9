using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Verification;

/// <summary>Something that must hold of the tree that a backend left: the pristine fixture with its allowed changes.</summary>
public abstract record TreePredicate
{
    private TreePredicate()
    {
    }

    /// <summary>No file stands at a path.</summary>
    /// <param name="Path">The path.</param>
    public sealed record Absent(RelativePath Path) : TreePredicate;

    /// <summary>A file stands at a path.</summary>
    /// <param name="Path">The path.</param>
    public sealed record Present(RelativePath Path) : TreePredicate;

    /// <summary>A text occurs in no file that a pattern covers.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Files">The pattern.</param>
    public sealed record Nowhere(string Text, PathPattern Files) : TreePredicate;

    /// <summary>A text occurs in at least one file that a pattern covers.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Files">The pattern.</param>
    public sealed record Somewhere(string Text, PathPattern Files) : TreePredicate;

    /// <summary>The change is at most so big.</summary>
    /// <param name="Files">The most files that differ from the pristine fixture.</param>
    /// <param name="Bytes">The most bytes that those files have together.</param>
    public sealed record AtMost(long Files, long Bytes) : TreePredicate;

    /// <summary>What it asks for, in words.</summary>
    /// <returns>One line.</returns>
    public string Describe() => this switch
    {
        Absent absent => $"no file at {absent.Path}",
        Present present => $"a file at {present.Path}",
        Nowhere nowhere => $"{Problems.PlainText.Quote(nowhere.Text)} in no file of {nowhere.Files}",
        Somewhere somewhere => $"{Problems.PlainText.Quote(somewhere.Text)} in a file of {somewhere.Files}",
        AtMost most => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at most {most.Files} changed file(s) of {most.Bytes} bytes"),
        _ => "",
    };

    /// <summary>Looks at the tree.</summary>
    /// <param name="tree">The pristine fixture with the allowed changes.</param>
    /// <param name="change">Those changes.</param>
    /// <param name="read">Gives the bytes of a regular file of the tree.</param>
    /// <returns>Whether it holds.</returns>
    public bool Holds(Tree tree, ChangeSet change, Func<TreeEntry, ReadOnlyMemory<byte>> read)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(read);
        return this switch
        {
            Absent absent => tree.Entries.All(entry => entry.Path != absent.Path),
            Present present => tree.Entries.Any(entry => entry.Path == present.Path && IsRegular(entry)),
            Nowhere nowhere => !Occurs(tree, nowhere.Text, nowhere.Files, read),
            Somewhere somewhere => Occurs(tree, somewhere.Text, somewhere.Files, read),
            AtMost most => change.Changes.Length <= most.Files && change.Changes.Sum(one => one.After?.Bytes ?? 0) <= most.Bytes,
            _ => false,
        };
    }

    private static bool Occurs(Tree tree, string text, PathPattern files, Func<TreeEntry, ReadOnlyMemory<byte>> read)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return tree.Entries.Any(entry => IsRegular(entry) && files.Covers(entry.Path) && read(entry).Span.IndexOf(bytes) >= 0);
    }

    private static bool IsRegular(TreeEntry entry) => entry.Kind is EntryKind.File or EntryKind.Executable;
}
