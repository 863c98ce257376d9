using System.Globalization;
using System.Text;
using CtoHarness.Core.Trees;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>Writes the stream that git's fast-import reads: exact bytes, no filter, no attribute, no name that could be an option.</summary>
internal static class FastImport
{
    /// <summary>The branch that a stream writes.</summary>
    internal const string Branch = "refs/heads/main";

    // Fixed, so that the same workspace gives the same commit everywhere.
    private const string Author = "CTO Harness <fixture@cto-harness.invalid> 1767225600 +0000";

    /// <summary>Writes one commit.</summary>
    /// <param name="stream">git's standard input; it is flushed, not closed.</param>
    /// <param name="parent">The commit before; empty for a first one.</param>
    /// <param name="message">The commit's message.</param>
    /// <param name="changes">What it changes; special entries are left out, since no tree of git can hold them.</param>
    /// <param name="folder">Where the new contents stand.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static void Write(Stream stream, string parent, string message, IEnumerable<Change> changes, string folder, CancellationToken interrupt)
    {
        Line(stream, $"commit {Branch}");
        Line(stream, $"author {Author}");
        Line(stream, $"committer {Author}");
        Line(stream, $"data {Encoding.UTF8.GetByteCount(message).ToString(CultureInfo.InvariantCulture)}");
        Line(stream, message);
        if (parent.Length > 0)
        {
            Line(stream, $"from {parent}");
        }

        // What is gone goes first: a file may have become a folder.
        var listed = changes.ToList();
        foreach (var change in listed.Where(c => c.Before is not null && !IsStorable(c.After)))
        {
            Line(stream, $"D {change.Path.ToQuoted()}");
        }

        WriteContents(stream, listed.Where(c => IsStorable(c.After)).Select(c => c.After!).ToList(), folder, interrupt);
        Line(stream, "done");
        stream.Flush();
    }

    private static void WriteContents(Stream stream, List<TreeEntry> entries, string folder, CancellationToken interrupt)
    {
        if (entries.Count == 0)
        {
            return; // the folder itself may be gone
        }

        using var contents = new ContentReader(folder);
        foreach (var entry in entries)
        {
            interrupt.ThrowIfCancellationRequested();
            Line(stream, $"M {ModeOf(entry.Kind)} inline {entry.Path.ToQuoted()}");
            Line(stream, $"data {entry.Bytes.ToString(CultureInfo.InvariantCulture)}");
            contents.CopyTo(entry, stream);
            Line(stream, "");
        }
    }

    private static bool IsStorable(TreeEntry? entry) => entry is not null && entry.Kind != EntryKind.Special;

    private static string ModeOf(EntryKind kind) => kind switch
    {
        EntryKind.Executable => "100755",
        EntryKind.Link => "120000",
        _ => "100644",
    };

    private static void Line(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
}
