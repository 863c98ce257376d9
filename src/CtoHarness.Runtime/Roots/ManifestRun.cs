using CtoHarness.Core.Observation;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Roots;

/// <summary>Entries of a manifest in byte order of their paths, one after the other.</summary>
internal abstract class ManifestRun
{
    /// <summary>The bytes of the entry at hand.</summary>
    internal abstract ReadOnlySpan<byte> Record { get; }

    /// <summary>The path of the entry at hand.</summary>
    internal abstract ReadOnlySpan<byte> Path { get; }

    /// <summary>Goes to the next entry.</summary>
    /// <returns>False at the end.</returns>
    internal abstract bool Next();
}

/// <summary>Entries that lie on the disk; a small part of them at a time is in memory.</summary>
internal sealed class FileRun(SafeFileHandle file, long begin, long end) : ManifestRun
{
    private const int BufferBytes = 2 * ManifestEntry.MaxBytes;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private long _at = begin;
    private int _start;
    private int _filled;
    private int _length;
    private int _path;

    internal override ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, _length);

    internal override ReadOnlySpan<byte> Path => _buffer.AsSpan(_start, _path);

    /// <summary>Reads a whole manifest, entry by entry.</summary>
    internal static IEnumerable<ManifestEntry> Entries(string manifest)
    {
        using var file = File.OpenHandle(manifest);
        var run = new FileRun(file, 0, RandomAccess.GetLength(file));
        while (run.Next())
        {
            yield return ManifestEntry.TryRead(run.Record) ?? throw Broken();
        }
    }

    internal override bool Next()
    {
        _start += _length;
        _length = ManifestEntry.Length(_buffer.AsSpan(_start, _filled - _start), out _path);
        if (_length == 0)
        {
            Fill();
            _length = ManifestEntry.Length(_buffer.AsSpan(0, _filled), out _path);
        }

        return _length > 0 || (_filled == 0 && _at == end ? false : throw Broken());
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
        _filled -= _start;
        _start = 0;
        while (_at < end && _filled < BufferBytes)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(_filled, (int)Math.Min(BufferBytes - _filled, end - _at)), _at);
            if (read == 0)
            {
                throw Broken();
            }

            _filled += read;
            _at += read;
        }
    }

    private static IOException Broken() => new("a manifest does not read back as it was written");
}
