using CtoHarness.Core.Trees;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Withholding;

/// <summary>Refuses changes in which a withheld value stands where it could not be replaced: in a name, or where git packs it.</summary>
internal static class ChangedFiles
{
    // git takes a file for text unless a byte 0 is among so many of the first.
    private const int LookedAt = 8000;
    private const int PieceBytes = 64 << 10;

    /// <summary>Looks at the names and contents of what changed.</summary>
    /// <param name="site">The run.</param>
    /// <param name="changes">The changes.</param>
    /// <exception cref="IOException">One of them holds a value.</exception>
    internal static void RefuseHidden(RunSite site, IReadOnlyCollection<Change> changes)
    {
        var withheld = site.Bundle.Withheld;
        if (withheld.IsEmpty || changes.Count == 0)
        {
            return;
        }

        // A workspace that is gone has no file.
        using var now = changes.Any(change => IsFile(change.After)) ? new ContentReader(site.Folders.Subject.Workspace) : null;
        using var before = new ContentReader(site.Pristine);
        foreach (var change in changes)
        {
            if (withheld.FirstIn(change.Path.Bytes) is { } named)
            {
                throw LastLook.Refusal(named, "the name of a file that the backend left, and so in several files");
            }

            if (IsFile(change.After) && Holds(now!, change.After!, withheld) is { } held && (IsPacked(now!, change.After!) || (IsFile(change.Before) && IsPacked(before, change.Before!))))
            {
                throw LastLook.Refusal(held, "patch.diff, packed by git within a binary file that the backend left, as part");
            }
        }
    }

    private static bool IsFile(TreeEntry? entry) => entry?.Kind is EntryKind.File or EntryKind.Executable;

    private static string? Holds(ContentReader contents, TreeEntry entry, ValueSearch withheld)
    {
        using var bytes = Bytes(contents, entry);
        return LastLook.In(bytes, withheld, new byte[PieceBytes]);
    }

    private static bool IsPacked(ContentReader contents, TreeEntry entry)
    {
        using var bytes = Bytes(contents, entry);
        return bytes.GetBuffer().AsSpan(0, (int)Math.Min(LookedAt, bytes.Length)).Contains((byte)0);
    }

    // What changed in all is bounded before.
    private static MemoryStream Bytes(ContentReader contents, TreeEntry entry)
    {
        var bytes = new MemoryStream();
        contents.CopyTo(entry, bytes);
        bytes.Position = 0;
        return bytes;
    }
}
