using System.Buffers.Binary;
using System.Globalization;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Writes a bundle as one <c>.tar.gz</c>, of which there is one form only: the same bundle gives the same bytes wherever and by whomever.</summary>
/// <remarks>Regular files alone, the seal first, then by path, below one folder with the run's name; no owner, mode 0644, the time in the
/// run's name; gzip without name and time, one member, one block; two zero blocks at the end and nothing behind.</remarks>
internal sealed class PackWriter
{
    private static readonly byte[] GzipHeader = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    private readonly Stream _output;
    private readonly RunId _run;
    private readonly long _time;
    private readonly Deflater _deflater;
    private readonly Crc32 _sum = new();
    private string? _path;
    private long _size;
    private uint _length; // modulo 2^32, as gzip has it

    internal PackWriter(Stream output, RunId run)
    {
        _output = output;
        _run = run;
        _time = TimeOf(run);
        _deflater = new Deflater(output);
        output.Write(GzipHeader);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its path within the bundle.</param>
    /// <param name="size">How many bytes will follow.</param>
    /// <exception cref="NotAPackException">It does not stand behind the file before it.</exception>
    internal void Begin(string path, long size)
    {
        if (_path is not null && BundleNames.Compare(_path, path) >= 0)
        {
            throw new NotAPackException($"{BundleNames.Shown(path)} does not stand where a pack has it");
        }

        (_path, _size) = (path, size);
        Add(TarHeader.Of($"{_run}/{path}", size, _time));
    }

    /// <summary>Writes bytes of the file that was begun.</summary>
    internal void Write(ReadOnlySpan<byte> bytes) => Add(bytes);

    /// <summary>Ends the file.</summary>
    internal void End() => Add(stackalloc byte[TarHeader.Padding(_size)]);

    /// <summary>Ends the pack.</summary>
    internal void Finish()
    {
        Add(new byte[2 * TarHeader.Block]);
        _deflater.Finish();
        Span<byte> end = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(end, _sum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(end[4..], _length);
        _output.Write(end);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        _sum.Add(bytes);
        _length = unchecked(_length + (uint)bytes.Length);
        _deflater.Write(bytes);
    }

    // What a header cannot say is 1970.
    private static long TimeOf(RunId run)
    {
        const long most = 0x1_FFFF_FFFF;
        return DateTimeOffset.TryParseExact(
            run.ToString()[..16], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.ToUnixTimeSeconds() is >= 0 and <= most and var seconds ? seconds : 0;
    }
}
