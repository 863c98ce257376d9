using System.Security.Cryptography;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Runtime.Roots;

/// <summary>Writes a manifest from pieces that are in order, and digests its bytes meanwhile.</summary>
internal static class ManifestWriter
{
    private const int PieceBytes = 64 << 10;

    private static readonly Comparer<ManifestRun> ByPath = Comparer<ManifestRun>.Create((one, other) => one.Path.SequenceCompareTo(other.Path));

    /// <summary>Writes it.</summary>
    /// <param name="path">The file, which must not exist yet.</param>
    /// <param name="runs">The pieces.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>The SHA-256 of the file.</returns>
    internal static Digest Write(string path, IEnumerable<ManifestRun> runs, CancellationToken interrupt)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        var filled = 0;
        var next = new PriorityQueue<ManifestRun, ManifestRun>(runs.Where(run => run.Next()).Select(run => (run, run)), ByPath);
        while (next.TryDequeue(out var run, out _))
        {
            if (filled + run.Record.Length > PieceBytes)
            {
                interrupt.ThrowIfCancellationRequested();
                Flush(piece.AsSpan(0, filled), file, hash);
                filled = 0;
            }

            run.Record.CopyTo(piece.AsSpan(filled));
            filled += run.Record.Length;
            if (run.Next())
            {
                next.Enqueue(run, run);
            }
        }

        Flush(piece.AsSpan(0, filled), file, hash);
        return Digest.FromHash(hash.GetHashAndReset());
    }

    private static void Flush(ReadOnlySpan<byte> bytes, FileStream file, IncrementalHash hash)
    {
        file.Write(bytes);
        hash.AppendData(bytes);
    }
}
