using System.Collections.Immutable;
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

        Entries = ImmutableArray.Create(sorted);
    }

    /// <summary>The entries in byte order of their paths.</summary>
    public ImmutableArray<TreeEntry> Entries { get; }

    /// <summary>One digest for the whole tree: SHA-256 over <c>kind SP digest SP note SP path NUL</c> of each entry, in order; a note is <c>-</c> where there is none.</summary>
    /// <returns>Equal for two trees exactly when their entries are.</returns>
    public Digest Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in Entries)
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"{entry.Kind} {entry.Content.Hex} {(entry.Note.Length > 0 ? entry.Note.Replace(' ', '-') : "-")} "));
            hash.AppendData(entry.Path.ToBytes());
            hash.AppendData([0]);
        }

        return Contracts.Digest.FromHash(hash.GetHashAndReset());
    }
}
