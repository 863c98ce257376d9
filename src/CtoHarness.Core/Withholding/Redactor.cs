using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace CtoHarness.Core.Withholding;

/// <summary>Takes a stream piece by piece and gives it without the values in it. How it is cut into pieces makes no difference.</summary>
/// <param name="search">What is searched for.</param>
public sealed class Redactor(ValueSearch search)
{
    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);
    private byte[] _held = [];
    private int _length;

    // So many of the held bytes belong to a value whose mark is written already.
    private int _covered;

    /// <summary>The names of the values that were replaced.</summary>
    public ImmutableArray<string> Found => [.. _found];

    /// <summary>Takes the next piece.</summary>
    /// <param name="piece">Any bytes.</param>
    /// <param name="output">Takes what is decided; what may be the start of a value is held back.</param>
    public void Take(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (search.IsEmpty)
        {
            output.Write(piece);
            return;
        }

        if (_held.Length < _length + piece.Length)
        {
            Array.Resize(ref _held, Math.Max(_length + piece.Length, 2 * _held.Length));
        }

        piece.CopyTo(_held.AsSpan(_length));
        _length += piece.Length;
        Go(output, isWhole: false);
    }

    /// <summary>Ends the stream.</summary>
    /// <param name="output">Takes what was held back.</param>
    public void End(IBufferWriter<byte> output) => Go(output, isWhole: true);

    /// <summary>Redacts a whole text.</summary>
    internal static byte[] Whole(ValueSearch search, ReadOnlySpan<byte> text)
    {
        var output = new ArrayBufferWriter<byte>();
        var redactor = new Redactor(search);
        redactor.Take(text, output);
        redactor.End(output);
        return output.WrittenSpan.ToArray();
    }

    private void Go(IBufferWriter<byte> output, bool isWhole)
    {
        ReadOnlySpan<byte> text = _held.AsSpan(0, _length);
        var written = _covered;
        var at = search.Next(text, 0);
        for (; at <= text.Length - search.Window; at = search.Next(text, at + 1))
        {
            var (name, length) = search.At(text, at, isWhole);
            if (length < 0)
            {
                break;
            }

            if (length == 0)
            {
                continue;
            }

            // Values that overlap are one gap: what is left of either could be read otherwise.
            if (at >= written)
            {
                output.Write(text[written..at]);
                output.Write(Encoding.UTF8.GetBytes(search.Mark(name)));
                _found.Add(name);
            }

            written = Math.Max(written, at + length);
        }

        // Only what a value may begin with waits for more: whoever reads along sees the rest at once.
        at = isWhole ? text.Length : search.Open(text, at);
        if (written < at)
        {
            output.Write(text[written..at]);
            written = at;
        }

        _covered = written - at;
        _length = text.Length - at;
        text[at..].CopyTo(_held);
    }
}
