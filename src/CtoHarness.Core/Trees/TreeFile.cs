using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Trees;

/// <summary>The written form of a tree: <c>kind SP digest SP note SP path NUL</c> for each entry, in order; a note has <c>-</c> for each space, and is <c>-</c> where there is none. Its SHA-256 is the tree's digest.</summary>
public static class TreeFile
{
    private const int LongestNote = 200;

    /// <summary>Takes a part of what is written.</summary>
    /// <param name="part">The bytes; not to be kept.</param>
    public delegate void Sink(ReadOnlySpan<byte> part);

    /// <summary>Writes a tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="sink">Takes the bytes, part by part.</param>
    public static void Write(Tree tree, Sink sink)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(sink);
        Span<byte> content = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[2 * SHA256.HashSizeInBytes];
        foreach (var entry in tree.Entries)
        {
            sink(WordOf(entry.Kind));
            entry.Content.CopyTo(content);
            Convert.TryToHexStringLower(content, hex, out _);
            sink(hex);
            sink(" "u8);
            sink(entry.Note.Length > 0 ? Encoding.ASCII.GetBytes(entry.Note.Replace(' ', '-')) : "-"u8);
            sink(" "u8);
            sink(entry.Path.Bytes);
            sink([0]);
        }
    }

    /// <summary>How long the written form of a tree is.</summary>
    /// <param name="tree">The tree.</param>
    /// <returns>Bytes.</returns>
    public static long Length(Tree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return tree.Entries.Sum(entry => (long)WordOf(entry.Kind).Length + (2 * SHA256.HashSizeInBytes) + Math.Max(1, entry.Note.Length) + entry.Path.Length + 3);
    }

    /// <summary>Reads a tree.</summary>
    /// <param name="file">Any bytes.</param>
    /// <returns>The tree, or null unless its written form is exactly these bytes. No size is written: every entry's is 0.</returns>
    public static Tree? TryRead(ReadOnlyMemory<byte> file)
    {
        var entries = new List<TreeEntry>();
        for (var rest = file.Span; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)0);
            if (end < 0 || Entry(rest[..end]) is not { } entry || (entries.Count > 0 && entries[^1].Path >= entry.Path))
            {
                return null;
            }

            entries.Add(entry);
            rest = rest[(end + 1)..];
        }

        return new Tree(entries);
    }

    private static TreeEntry? Entry(ReadOnlySpan<byte> line)
    {
        EntryKind? found = null;
        foreach (var kind in Enum.GetValues<EntryKind>())
        {
            found = line.StartsWith(WordOf(kind)) ? kind : found;
        }

        if (found is not { } known)
        {
            return null;
        }

        var rest = line[WordOf(known).Length..];
        var hexEnd = rest.IndexOf((byte)' ');
        var noteEnd = hexEnd < 0 ? -1 : rest[(hexEnd + 1)..].IndexOf((byte)' ');
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (noteEnd is <= 0 or > LongestNote || hexEnd != 2 * hash.Length || rest[..hexEnd].ContainsAnyInRange((byte)'A', (byte)'F')
            || Convert.FromHexString(rest[..hexEnd], hash, out _, out var written) != System.Buffers.OperationStatus.Done || written != hash.Length)
        {
            return null;
        }

        var note = rest.Slice(hexEnd + 1, noteEnd);
        return IsPlain(note) && RelativePath.TryFromBytes(rest[(hexEnd + noteEnd + 2)..], out var path) && (known == EntryKind.Special) != note.SequenceEqual("-"u8)
            ? new TreeEntry(path, known, 0, Digest.FromHash(hash), known == EntryKind.Special ? Encoding.ASCII.GetString(note).Replace('-', ' ') : "")
            : null;
    }

    private static bool IsPlain(ReadOnlySpan<byte> note) => note.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;

    private static ReadOnlySpan<byte> WordOf(EntryKind kind) => kind switch
    {
        EntryKind.File => "File "u8,
        EntryKind.Executable => "Executable "u8,
        EntryKind.Link => "Link "u8,
        _ => "Special "u8,
    };
}
