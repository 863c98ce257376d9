using System.Collections.Immutable;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Verification;

/// <summary>Puts a fixture's predicates to a folder.</summary>
internal static class TreeLook
{
    private const long MostBytes = 64 << 20;

    internal static ImmutableArray<(TreePredicate Predicate, bool Holds)> Holds(
        ImmutableArray<TreePredicate> predicates, Tree tree, ChangeSet change, string folder)
    {
        using var contents = new ContentReader(folder);
        return [.. predicates.Select(predicate => (predicate, predicate.Holds(tree, change, entry => Read(contents, entry))))];
    }

    private static ReadOnlyMemory<byte> Read(ContentReader contents, TreeEntry entry)
    {
        if (entry.Bytes > MostBytes)
        {
            throw new IOException($"{entry.Path} has {entry.Bytes} bytes, more than a predicate looks through");
        }

        using var bytes = new MemoryStream();
        contents.CopyTo(entry, bytes);
        return bytes.ToArray();
    }
}
