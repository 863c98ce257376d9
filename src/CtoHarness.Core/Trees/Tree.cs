using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Trees;

/// <summary>Every entry below a root, in byte order of the paths.</summary>
public sealed record Tree
{
    /// <summary>Takes the entries in any order.</summary>
    /// <param name="entries">Entries, no two at the same path.</param>
    /// <exception cref="ArgumentException">Two entries have one path.</exception>
    public Tree(IEnumerable<TreeEntry> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, static (a, b) => a.Path.CompareTo(b.Path));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Path == sorted[i - 1].Path)
            {
                throw new ArgumentException($"two entries at {sorted[i].Path}", nameof(entries));
            }
        }

        Entries = ImmutableCollectionsMarshal.AsImmutableArray(sorted);
    }

    /// <summary>The entries in byte order of their paths.</summary>
    public ImmutableArray<TreeEntry> Entries { get; }

    /// <summary>One digest for the whole tree: SHA-256 over <c>kind SP digest SP note SP path NUL</c> of each entry, in order; a note is <c>-</c> where there is none.</summary>
    /// <returns>Equal for two trees exactly when their entries are.</returns>
    public Digest Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> content = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[2 * SHA256.HashSizeInBytes];
        foreach (var entry in Entries)
        {
            hash.AppendData(WordOf(entry.Kind));
            entry.Content.CopyTo(content);
            Convert.TryToHexStringLower(content, hex, out _);
            hash.AppendData(hex);
            hash.AppendData(" "u8);
            hash.AppendData(entry.Note.Length > 0 ? Encoding.ASCII.GetBytes(entry.Note.Replace(' ', '-')) : "-"u8);
            hash.AppendData(" "u8);
            hash.AppendData(entry.Path.Bytes);
            hash.AppendData([0]);
        }

        return Contracts.Digest.FromHash(hash.GetHashAndReset());
    }

    private static ReadOnlySpan<byte> WordOf(EntryKind kind) => kind switch
    {
        EntryKind.File => "File "u8,
        EntryKind.Executable => "Executable "u8,
        EntryKind.Link => "Link "u8,
        _ => "Special "u8,
    };
}
