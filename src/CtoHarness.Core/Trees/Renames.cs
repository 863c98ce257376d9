using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Trees;

/// <summary>Files that moved: one is gone and another has come with the same content and kind. For people; no judgement rests on it.</summary>
internal static class Renames
{
    /// <summary>Pairs each file that came with one that went, in byte order, each once; empty files tell nothing.</summary>
    /// <param name="changes">Changes at different paths.</param>
    /// <returns>For each path of a pair the other one.</returns>
    internal static Dictionary<RelativePath, RelativePath> Of(IEnumerable<Change> changes)
    {
        var all = changes.OrderBy(c => c.Path).ToList();
        var gone = new Dictionary<(EntryKind, Digest), Queue<RelativePath>>();
        foreach (var change in all.Where(c => c is { Before: not null, After: null } && HasContent(c.Before)))
        {
            var key = KeyOf(change.Before!);
            gone.TryAdd(key, new Queue<RelativePath>());
            gone[key].Enqueue(change.Path);
        }

        var pairs = new Dictionary<RelativePath, RelativePath>();
        foreach (var change in all.Where(c => c is { Before: null, After: not null } && HasContent(c.After)))
        {
            if (gone.TryGetValue(KeyOf(change.After!), out var paths) && paths.TryDequeue(out var old))
            {
                pairs[change.Path] = old;
                pairs[old] = change.Path;
            }
        }

        return pairs;
    }

    // Of empty files any could be any other.
    private static bool HasContent(TreeEntry entry) => entry.Kind != EntryKind.Special && entry.Content != Empty;

    private static Digest Empty { get; } = Digest.Of([]);

    private static (EntryKind Kind, Digest Content) KeyOf(TreeEntry entry) => (entry.Kind, entry.Content);
}
