using System.Buffers;
using CtoHarness.Core.Observation;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Roots;

/// <summary>Takes entries in any order and gives them back in byte order of their paths. What does not fit into its memory is sorted piece by piece on the disk.</summary>
/// <param name="spill">The file for what does not fit; it is made when it is needed and has no name afterwards.</param>
/// <param name="most">The most bytes of entries in memory.</param>
internal sealed class ManifestSorter(string spill, int most = ManifestSorter.Usual) : IDisposable
{
    private const int Usual = 2 << 20;
    private const int First = 32 << 10;

    private readonly List<Place> _places = [];
    private readonly List<(long Begin, long End)> _runs = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(First);
    private int _filled;
    private SafeFileHandle? _file;
    private long _written;

    private readonly record struct Place(int Start, int Length, int Path);

    /// <summary>Takes an entry.</summary>
    internal void Add(ReadOnlySpan<byte> path, EntryFacts facts, ReadOnlySpan<byte> detail)
    {
        if (_buffer.Length - _filled < ManifestEntry.MaxBytes)
        {
            MakeRoom();
        }

        var length = ManifestEntry.Write(path, facts, detail, _buffer.AsSpan(_filled));
        _places.Add(new Place(_filled, length, path.Length));
        _filled += length;
    }

    /// <summary>What was taken, in pieces that are in order. Nothing may be added after this.</summary>
    internal IEnumerable<ManifestRun> Runs()
    {
        Sort();
        foreach (var (begin, end) in _runs)
        {
            yield return new FileRun(_file!, begin, end);
        }

        yield return new MemoryRun(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private void MakeRoom()
    {
        if (_buffer.Length < most)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(most, _buffer.Length * 2));
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            Spill();
        }
    }

    private void Spill()
    {
        Sort();
        _file ??= OpenSpill();
        var begin = _written;
        var piece = ArrayPool<byte>.Shared.Rent(64 << 10);
        var filled = 0;
        foreach (var place in _places)
        {
            if (filled + place.Length > piece.Length)
            {
                Write(piece.AsSpan(0, filled));
                filled = 0;
            }

            _buffer.AsSpan(place.Start, place.Length).CopyTo(piece.AsSpan(filled));
            filled += place.Length;
        }

        Write(piece.AsSpan(0, filled));
        ArrayPool<byte>.Shared.Return(piece);
        _runs.Add((begin, _written));
        _places.Clear();
        _filled = 0;
    }

    // Without a name it is gone with the process, however that ends.
    private SafeFileHandle OpenSpill()
    {
        var file = File.OpenHandle(spill, FileMode.CreateNew, FileAccess.ReadWrite);
        File.Delete(spill);
        return file;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file!, bytes, _written);
        _written += bytes.Length;
    }

    private void Sort() => _places.Sort((one, other) =>
        _buffer.AsSpan(one.Start, one.Path).SequenceCompareTo(_buffer.AsSpan(other.Start, other.Path)));

    private sealed class MemoryRun(ManifestSorter sorter) : ManifestRun
    {
        private int _at = -1;

        internal override ReadOnlySpan<byte> Record => sorter._buffer.AsSpan(sorter._places[_at].Start, sorter._places[_at].Length);

        internal override ReadOnlySpan<byte> Path => sorter._buffer.AsSpan(sorter._places[_at].Start, sorter._places[_at].Path);

        internal override bool Next() => ++_at < sorter._places.Count;
    }
}
