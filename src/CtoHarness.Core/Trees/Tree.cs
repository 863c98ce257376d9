using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
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

    /// <summary>One digest for the whole tree: SHA-256 over its bytes as <see cref="TreeFile"/> writes them.</summary>
    /// <returns>Equal for two trees exactly when their entries are.</returns>
    public Digest Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TreeFile.Write(this, part => hash.AppendData(part));
        return Contracts.Digest.FromHash(hash.GetHashAndReset());
    }
}
