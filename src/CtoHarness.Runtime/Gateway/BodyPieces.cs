using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Keeps one body of a call in lines of a bounded size, each with whole characters. How the body comes in pieces makes no difference.</summary>
/// <param name="log">The record.</param>
/// <param name="call">The call's number.</param>
/// <param name="part">Which body it is.</param>
internal sealed class BodyPieces(TrafficLog log, long call, string part)
{
    /// <summary>The most bytes of a body in one line.</summary>
    internal const int MostBytes = 16 << 10;

    private const int LongestCharacter = 4;
    private readonly Redactor[] _redactors = log.Redactors();
    private ArrayBufferWriter<byte>[] _decided = [new(), new()];
    private byte[] _held = [];
    private int _length;

    /// <summary>How many bytes were left out, since too much was kept already.</summary>
    internal long NotKept { get; private set; }

    /// <summary>Takes the next piece.</summary>
    internal void Take(ReadOnlySpan<byte> piece)
    {
        if (NotKept > 0)
        {
            NotKept += piece.Length; // no piece behind one that is left out
            return;
        }

        // A large piece is not held twice.
        while (!piece.IsEmpty && NotKept == 0)
        {
            var count = Math.Min(piece.Length, MostBytes);
            Keep(Redacted(piece[..count], isEnd: false));
            piece = piece[count..];
        }

        NotKept += NotKept > 0 ? piece.Length : 0;
    }

    /// <summary>Ends the body.</summary>
    internal void End()
    {
        if (NotKept == 0)
        {
            Keep(Redacted([], isEnd: true));
            Write(_length);
        }

        Forget();
    }

    private ReadOnlySpan<byte> Redacted(ReadOnlySpan<byte> piece, bool isEnd)
    {
        for (var step = 0; step < _redactors.Length; step++)
        {
            var decided = _decided[step % 2];
            decided.ResetWrittenCount();
            _redactors[step].Take(piece, decided);
            if (isEnd)
            {
                _redactors[step].End(decided);
            }

            piece = decided.WrittenSpan;
        }

        return piece;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            var count = Math.Min(piece.Length, MostBytes - _length);
            if (_held.Length < _length + count)
            {
                Array.Resize(ref _held, Math.Min(MostBytes, Math.Max(_length + count, 2 * _held.Length)));
            }

            piece[..count].CopyTo(_held.AsSpan(_length));
            _length += count;
            piece = piece[count..];
            if (_length == MostBytes)
            {
                Write(Whole(_held.AsSpan(0, _length)));
            }

            if (NotKept > 0)
            {
                Drop(piece.Length);
                return;
            }
        }
    }

    // From here on bytes are counted, and neither held nor looked at.
    private void Drop(int rest)
    {
        NotKept += rest + _length;
        NotKept += Redacted([], isEnd: true).Length;
        Forget();
    }

    // Up to the last character that has begun, where it is not all there.
    private static int Whole(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back < LongestCharacter; back++)
        {
            if (Rune.DecodeFromUtf8(bytes[^back..], out _, out _) == OperationStatus.NeedMoreData)
            {
                return bytes.Length - back;
            }
        }

        return bytes.Length;
    }

    private void Forget() => (_held, _length, _decided) = ([], 0, [new(), new()]);

    private void Write(int count)
    {
        if (count == 0)
        {
            return;
        }

        var bytes = _held.AsMemory(0, count);
        if (log.TryKeep(count))
        {
            var isText = Utf8.IsValid(bytes.Span);
            log.Add(call, part, json =>
            {
                if (isText)
                {
                    json.WriteString("text", bytes.Span);
                }
                else
                {
                    json.WriteBase64String("base64", bytes.Span);
                }
            });
        }
        else
        {
            NotKept += count;
        }

        _held.AsSpan(count, _length - count).CopyTo(_held);
        _length -= count;
    }
}
