namespace CtoHarness.Core.Observation;

/// <summary>Finds in any bytes what may name a path: as it stands, and behind up to three layers of escapes. The work grows with the length alone.</summary>
/// <param name="terms">What words may stand for.</param>
/// <param name="take">Takes each word that was found; the same one may come again.</param>
public sealed class PathSearch(PathTerms terms, Action<PathWord> take)
{
    private const int PartBytes = 1 << 20;
    private const int CarryBytes = 1 << 16;
    private const int OverlapBytes = 1 << 14;
    private const int LongestWord = 8192; // twice the kernel's longest path
    private const int LongestValue = 512;
    private const int Layers = 3;

    private readonly PathReader _reader = new(terms, take);
    private readonly byte[] _word = new byte[LongestWord];
    private byte[] _part = new byte[4096];
    private int _filled;
    private bool _within;

    /// <summary>Goes on with a text.</summary>
    /// <param name="bytes">Its next bytes.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes = WithoutRuns(bytes);
        while (bytes.Length > 0)
        {
            var count = Math.Min(bytes.Length, PartBytes - _filled);
            if (_part.Length < _filled + count)
            {
                Array.Resize(ref _part, Math.Min(PartBytes, Math.Max(_filled + count, _part.Length * 2)));
            }

            bytes[..count].CopyTo(_part.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
            if (_filled == PartBytes)
            {
                Cut();
            }
        }
    }

    // Any number of slashes says no more than three, and must not push apart what stands on both sides of them.
    private static ReadOnlySpan<byte> WithoutRuns(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf("////"u8) < 0)
        {
            return bytes;
        }

        var kept = new byte[bytes.Length];
        int length = 0, run = 0;
        foreach (var one in bytes)
        {
            run = one == (byte)'/' ? run + 1 : 0;
            kept[length] = one;
            length += run > 3 ? 0 : 1;
        }

        return kept.AsSpan(0, length);
    }

    /// <summary>Ends a text; the next one may begin.</summary>
    public void End()
    {
        Scan(_part.AsSpan(0, _filled), _within);
        _reader.Begin();
        _filled = 0;
        _within = false;
    }

    // Where no escape and no word can stand across; where there is no such place, the last bytes are looked at twice.
    private void Cut()
    {
        var part = _part.AsSpan(0, _filled);
        var end = part[^CarryBytes..].LastIndexOf((byte)'\n');
        var cut = end >= 0 && (end == 0 || part[^CarryBytes..][end - 1] != (byte)'\\') ? PartBytes - CarryBytes + end + 1 : PartBytes;
        Scan(part[..cut], _within);
        var keep = cut == PartBytes ? OverlapBytes : PartBytes - cut;
        part[^keep..].CopyTo(_part);
        _filled = keep;
        _within = cut == PartBytes;
    }

    private void Scan(ReadOnlySpan<byte> text, bool within)
    {
        Words(text, within);
        var layer = text;
        for (var count = 0; count < Layers && EscapedText.Undo(layer) is { } undone; count++)
        {
            Words(undone, within);
            layer = undone;
        }

        // Texts of two or four bytes for each letter.
        if (text.Contains((byte)0))
        {
            Words(WithoutZeros(text), within);
        }
    }

    private static ReadOnlySpan<byte> WithoutZeros(ReadOnlySpan<byte> text)
    {
        var kept = new byte[text.Length];
        var length = 0;
        foreach (var one in text)
        {
            kept[length] = one;
            length += one == 0 ? 0 : 1;
        }

        return kept.AsSpan(0, length);
    }

    private void Words(ReadOnlySpan<byte> text, bool within)
    {
        _reader.TakeLiterals(text);
        var at = 0;
        while (within && at < text.Length && !PathMarks.IsHard(text[at]) && !PathMarks.IsSoft(text[at]))
        {
            at++;
        }

        var value = !within; // whether the next word begins a line or a line's value
        while (at < text.Length)
        {
            if (PathMarks.IsHard(text[at]))
            {
                value = text[at] == (byte)'\n' || (value && text[at] is (byte)' ' or (byte)'\t');
                if (text[at] is (byte)'"' or (byte)'\'' or (byte)'`')
                {
                    TakeQuoted(text, at);
                }

                at++;
                continue;
            }

            var start = at;
            var word = Word(text, ref at);
            if (word.IndexOfAny("/~$"u8) >= 0)
            {
                _reader.Take(word, start == 0 || !PathMarks.GoesOn(text[start - 1]));
                if (value && at < text.Length && text[at] == (byte)' ')
                {
                    TakeValue(text[start..], at - start);
                }
            }

            value = word.Length > 0 && word[^1] is (byte)'=' or (byte)':';
        }
    }

    // One word, without slashes that say nothing. What is longer than any path is passed over up to the next mark.
    private ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text, ref int at)
    {
        var length = 0;
        for (; at < text.Length && !PathMarks.IsHard(text[at]); at++)
        {
            if (text[at] == (byte)'$' && Variable(text[at..]) is > 0 and var size && length + size <= LongestWord)
            {
                text.Slice(at, size).CopyTo(_word.AsSpan(length));
                length += size;
                at += size - 1;
            }
            else if (length == LongestWord)
            {
                if (PathMarks.IsSoft(text[at]))
                {
                    break;
                }
            }
            else if (!(text[at] == (byte)'/' && _word.AsSpan(0, length).EndsWith("///"u8)))
            {
                _word[length++] = text[at];
            }
        }

        return _word.AsSpan(0, length);
    }

    // ${NAME...} and $(NAME): marks within it end nothing.
    private static int Variable(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || text[1] is not ((byte)'{' or (byte)'('))
        {
            return 0;
        }

        var end = text[..Math.Min(text.Length, LongestValue)].IndexOf(text[1] == (byte)'{' ? (byte)'}' : (byte)')');
        return end > 2 && (text[1] == (byte)'{' || text[2..end].IndexOfAnyExcept(PathReader.NameBytes) < 0) ? end + 1 : 0;
    }

    // What stands between quotes may be a name with spaces in it.
    private void TakeQuoted(ReadOnlySpan<byte> text, int at)
    {
        var inner = text[(at + 1)..Math.Min(text.Length, at + 1 + LongestValue)];
        var end = PathMarks.Begins(inner) ? inner.IndexOf(text[at]) : -1;
        if (end > 0)
        {
            _reader.TakeWhole(inner[..end]);
        }
    }

    // So may the rest of a line that begins with a path, or whose value does.
    private void TakeValue(ReadOnlySpan<byte> line, int word)
    {
        var from = line[..word].LastIndexOfAny("=:"u8) + 1;
        line = line[from..Math.Min(line.Length, from + LongestValue)];
        var end = line.IndexOfAny("\n\r\""u8);
        if (PathMarks.Begins(line))
        {
            _reader.TakeWhole((end < 0 ? line : line[..end]).TrimEnd((byte)' '));
        }
    }
}
