using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Reads the next bytes of a file.</summary>
/// <param name="into">Takes them.</param>
/// <returns>How many there were; 0 at its end.</returns>
internal delegate int NextBytes(Span<byte> into);

/// <summary>Gathers what lies in a bundle, within bounds: digests every file through one small buffer, and keeps the few that are read later.</summary>
internal sealed class BundleCollector(CancellationToken interrupt) : IDisposable
{
    /// <summary>The most bytes that are read of all files together.</summary>
    internal const long MostBytes = 64L << 30;

    /// <summary>The most bytes that all paths may have together.</summary>
    internal const long MostPathBytes = 24 << 20;

    private const int MostOdd = 500;
    private const int BufferBytes = 131_072;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly List<BundleFile> _files = [];
    private readonly List<string> _odd = [];
    private long _entries;
    private long _pathBytes;
    private long _bytes;
    private long _kept;

    /// <summary>How many bytes this one reads of all files together.</summary>
    internal long Most { get; init; } = MostBytes;

    /// <summary>How many bytes this one keeps of all files together.</summary>
    internal long MostKept { get; init; } = BundleFiles.MostKept;

    /// <summary>Where every file is written to as well, while it is read.</summary>
    internal PackWriter? Copy { get; set; }

    /// <summary>Takes out some of the files, while they are read.</summary>
    internal Extraction? Into { get; set; }

    /// <summary>Whether a bound was reached; nothing more is read then, and a line says so.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>What was gathered.</summary>
    internal BundleContent Content()
    {
        _files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new BundleContent([.. _files], [.. _odd]);
    }

    /// <summary>Notes a thing that no bundle holds.</summary>
    /// <param name="shown">Where it is, safe to show; empty for the bundle as a whole.</param>
    /// <param name="what">What it is.</param>
    internal void Odd(string shown, string what)
    {
        _odd.Add(shown.Length > 0 ? $"{shown}: {what}" : what);
        if (_odd.Count == MostOdd && !IsFull)
        {
            Fill($"more than {Text(MostOdd)} things that no bundle holds; what follows was not looked at");
        }
    }

    /// <summary>Counts an entry.</summary>
    /// <param name="pathBytes">How long its path is.</param>
    /// <returns>Whether it may be read.</returns>
    internal bool Meet(int pathBytes)
    {
        _pathBytes += pathBytes;
        if (++_entries > BundleFiles.MostEntries)
        {
            Fill($"it has more than {Text(BundleFiles.MostEntries)} entries");
        }
        else if (_pathBytes > MostPathBytes)
        {
            Fill($"its paths have more than {Text(MostPathBytes)} bytes");
        }

        return !IsFull;
    }

    /// <summary>Reads a file to its end.</summary>
    /// <param name="path">Its path within the bundle, which was checked.</param>
    /// <param name="size">The size that it is said to have.</param>
    /// <param name="next">Reads it.</param>
    /// <returns>Whether it had that size.</returns>
    internal bool Take(string path, long size, NextBytes next)
    {
        if (size > Most - _bytes)
        {
            Fill($"its files have more than {Text(Most)} bytes");
            return true;
        }

        Copy?.Begin(path, size);
        Into?.Begin(path);
        var kept = Place(path, size);
        long at = 0;
        for (int read; (read = next(_buffer)) > 0;)
        {
            interrupt.ThrowIfCancellationRequested();
            if (read > size - at)
            {
                _hash.GetHashAndReset(stackalloc byte[SHA256.HashSizeInBytes]);
                return false;
            }

            var part = _buffer.AsSpan(0, read);
            _hash.AppendData(part);
            Copy?.Write(part);
            Into?.Write(part);
            if (kept is not null)
            {
                part.CopyTo(kept.AsSpan((int)at));
            }

            at += read;
        }

        _bytes += at;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        if (at != size)
        {
            return false;
        }

        Copy?.End();
        Into?.End();
        _files.Add(new BundleFile(path, size, Digest.FromHash(hash), kept is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(kept)));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private byte[]? Place(string path, long size)
    {
        var most = BundleFiles.MostBytes(path);
        if (most == 0 || size > most || size > MostKept - _kept)
        {
            return null;
        }

        _kept += size;
        return new byte[size];
    }

    private void Fill(string why)
    {
        IsFull = true;
        _odd.Add(why);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
