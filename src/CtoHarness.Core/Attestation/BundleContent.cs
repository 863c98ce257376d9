using System.Collections.Immutable;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Attestation;

/// <summary>One regular file of a bundle as it was read, once: the bytes that were digested are the bytes that are kept.</summary>
/// <param name="Path">Path within the bundle, with <c>/</c> between names.</param>
/// <param name="Bytes">Its size, in bytes.</param>
/// <param name="Sha256">Digest of its bytes.</param>
/// <param name="Content">Its bytes; null where nothing is read from it (<see cref="BundleFiles.MostBytes"/>) or where it is larger than that.</param>
public sealed record BundleFile(string Path, long Bytes, Digest Sha256, ReadOnlyMemory<byte>? Content);

/// <summary>Everything that lies in a bundle, however it was brought: as a folder or packed.</summary>
/// <param name="Files">The regular files, in ordinal order of their paths.</param>
/// <param name="Odd">A line for each thing that no bundle holds (a link, a device, a name that cannot be shown, a second file of one name): path and what it is, safe to show.</param>
public sealed record BundleContent(ImmutableArray<BundleFile> Files, ImmutableArray<string> Odd)
{
    /// <summary>Finds a file.</summary>
    /// <param name="path">Path within the bundle.</param>
    /// <returns>The file, or null where there is none.</returns>
    public BundleFile? Find(string path)
    {
        var found = Files.AsSpan().BinarySearch(new PathOrder(path));
        return found < 0 ? null : Files[found];
    }

    /// <summary>The same files as parts of a whole.</summary>
    /// <param name="folder">The folder of the whole in which they lie.</param>
    /// <returns>The content with longer paths.</returns>
    public BundleContent Below(string folder) => this with { Files = [.. Files.Select(file => file with { Path = $"{folder}/{file.Path}" })] };

    private readonly struct PathOrder(string path) : IComparable<BundleFile>
    {
        public int CompareTo(BundleFile? other) => string.CompareOrdinal(path, other?.Path);
    }
}
