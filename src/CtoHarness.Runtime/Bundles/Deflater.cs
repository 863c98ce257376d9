using System.Buffers.Binary;
using System.Numerics;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Compresses as RFC 1951 has it, in one block with the fixed codes: the same bytes on every machine, for ever, which no library promises.</summary>
/// <remarks>What it writes depends on the bytes alone, not on how they are cut into calls.</remarks>
internal sealed class Deflater(Stream output)
{
    private const int Window = 32_768;
    private const int Longest = 258;
    private const int Shortest = 4;
    private const int MostTries = 12;
    private const int HashBits = 15;
    private const int EndOfBlock = 256;

    private readonly BitWriter _bits = new(output);
    private readonly byte[] _buffer = new byte[4 * Window];

    // By the hash of four bytes, and by place: where in all bytes the last such four began, plus one; 0 for nowhere.
    private readonly long[] _last = new long[1 << HashBits];
    private readonly long[] _before = new long[Window];
    private long _base; // how many bytes lie before the buffer
    private int _at; // of the next byte to be written
    private int _end;
    private bool _begun;

    /// <summary>Compresses more bytes.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_end == _buffer.Length)
            {
                Encode(_end - Longest);
                Slide();
            }

            var part = bytes[..Math.Min(bytes.Length, _buffer.Length - _end)];
            part.CopyTo(_buffer.AsSpan(_end));
            _end += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Writes what is left and the end of the block.</summary>
    internal void Finish()
    {
        Encode(_end);
        Put(FixedCodes.Of(EndOfBlock));
        _bits.Finish();
    }

    private void Slide()
    {
        var gone = _at - Window;
        _buffer.AsSpan(gone, _end - gone).CopyTo(_buffer);
        _base += gone;
        _at -= gone;
        _end -= gone;
    }

    private void Encode(int limit)
    {
        if (!_begun)
        {
            _begun = true;
            _bits.Put(0b011, 3); // the last block, with the fixed codes
        }

        while (_at < limit)
        {
            var (length, distance) = Match();
            if (length < Shortest)
            {
                Put(FixedCodes.Of(_buffer[_at]));
                length = 1;
            }
            else
            {
                PutLength(length);
                PutDistance(distance);
            }

            // Inside of what repeats at length nothing new is to be found.
            var known = length < 64 ? length : 1;
            for (var i = 0; i < known; i++)
            {
                Remember(_at + i);
            }

            _at += length;
        }
    }

    private (int Length, int Distance) Match()
    {
        var most = Math.Min(Longest, _end - _at);
        if (most < Shortest)
        {
            return (0, 0);
        }

        var here = _base + _at;
        var best = (Length: 0, Distance: 0);
        var found = _last[HashAt(_at)];
        for (var tries = 0; tries < MostTries && found > 0 && here - (found - 1) <= Window; tries++)
        {
            var distance = (int)(here - (found - 1));
            var length = _buffer.AsSpan(_at, most).CommonPrefixLength(_buffer.AsSpan(_at - distance, most));
            if (length > best.Length)
            {
                best = (length, distance);
            }

            if (length == most)
            {
                break;
            }

            var next = _before[(found - 1) % Window];
            if (next >= found)
            {
                break;
            }

            found = next;
        }

        return best;
    }

    private void Remember(int at)
    {
        if (_end - at < Shortest)
        {
            return;
        }

        var hash = HashAt(at);
        var here = _base + at;
        _before[here % Window] = _last[hash];
        _last[hash] = here + 1;
    }

    private int HashAt(int at) =>
        (int)(unchecked(BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(at)) * 2_654_435_761u) >> (32 - HashBits));

    private void PutLength(int length)
    {
        var value = length - 3;
        var log = value < 4 ? 0 : BitOperations.Log2((uint)value);
        var extra = value < 8 || length == Longest ? 0 : log - 2;
        var symbol = length == Longest ? 285
            : value < 4 ? 257 + value
            : 257 + (4 * (log - 1)) + ((value >> (log - 2)) & 3);
        Put(FixedCodes.Of(symbol));
        _bits.Put((uint)(value & ((1 << extra) - 1)), extra);
    }

    private void PutDistance(int distance)
    {
        var value = distance - 1;
        var log = value < 4 ? 0 : BitOperations.Log2((uint)value);
        var extra = value < 4 ? 0 : log - 1;
        Put(FixedCodes.OfDistance(value < 4 ? value : (2 * log) + ((value >> (log - 1)) & 1)));
        _bits.Put((uint)(value & ((1 << extra) - 1)), extra);
    }

    private void Put(FixedCode code) => _bits.Put(code.Bits, code.Length);
}
