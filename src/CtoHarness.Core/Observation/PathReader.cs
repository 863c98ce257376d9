using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace CtoHarness.Core.Observation;

/// <summary>Reads one word in every way in which it may name a path.</summary>
internal sealed class PathReader(PathTerms terms, Action<PathWord> take)
{
    /// <summary>The bytes of a variable's name.</summary>
    internal static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    // Addresses of other machines: what follows the machine's name is no path of this one.
    private static readonly ImmutableArray<string> Web = ["http", "https", "ws", "wss", "ftp", "ftps"];

    private const int MostKept = 50_000;
    private const int LongestKept = 256;

    private readonly PathExpansion _expansion = new(terms);

    // Texts say the same again and again.
    private readonly HashSet<(string Text, bool IsPlain)> _taken = [];

    // Names that words cannot show as a whole, because of a space or a mark in them.
    private readonly ImmutableArray<(byte[] Bytes, string Text)> _literals =
        [.. terms.Targets.Select(target => (Encoding.UTF8.GetBytes(target), target)).Where(pair => pair.Item1.Any(one => PathMarks.IsHard(one) || PathMarks.IsSoft(one)))];

    /// <summary>Finds targets whose names hold spaces or marks, written as they are.</summary>
    internal void TakeLiterals(ReadOnlySpan<byte> text)
    {
        foreach (var (bytes, target) in _literals)
        {
            for (var at = 0; text[at..].IndexOf(bytes) is >= 0 and var found;)
            {
                var (before, after) = (at + found - 1, at + found + bytes.Length);
                at = after;
                var begins = before < 0 || !(PathMarks.IsOfName(text[before]) || text[before] == (byte)'/');
                var ends = after == text.Length || !PathMarks.IsOfName(text[after])
                    || (text[after] == (byte)'.' && (after + 1 == text.Length || !PathMarks.IsOfName(text[after + 1])));
                if (begins && ends)
                {
                    take(new PathWord(target, true));
                }
            }
        }
    }

    /// <summary>Forgets what was taken: the next text is another.</summary>
    internal void Begin() => _taken.Clear();

    /// <summary>Reads a word.</summary>
    /// <param name="word">Without the marks around it.</param>
    /// <param name="begins">Whether a path may begin with it.</param>
    internal void Take(ReadOnlySpan<byte> word, bool begins)
    {
        for (int colon; (colon = word.IndexOf("://"u8)) > 0;)
        {
            var start = colon;
            while (start > 0 && (char.IsAsciiLetterOrDigit((char)word[start - 1]) || word[start - 1] is (byte)'+' or (byte)'-' or (byte)'.'))
            {
                start--;
            }

            if (start == colon)
            {
                break;
            }

            TakePieces(word[..start], begins);
            var rest = word[(colon + 3)..];
            var end = rest.IndexOfAny(",="u8);
            TakeAddress(Encoding.ASCII.GetString(word[start..colon]), end < 0 ? rest : rest[..end]);
            word = end < 0 ? [] : rest[(end + 1)..];
            begins = true;
        }

        TakePieces(word, begins);
    }

    /// <summary>Reads a text that is a path as a whole, if it is one.</summary>
    internal void TakeWhole(ReadOnlySpan<byte> text) => TakeText(text, plain: false);

    private void TakeAddress(string scheme, ReadOnlySpan<byte> rest)
    {
        var slash = rest.IndexOf((byte)'/');
        if (slash >= 0 && !Web.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            TakePiece(rest[slash..], scheme.EndsWith("file", StringComparison.OrdinalIgnoreCase));
        }
    }

    private void TakePieces(ReadOnlySpan<byte> word, bool begins)
    {
        var soft = word.IndexOfAny("=:,@"u8);
        TakePiece(word, begins && soft < 0);
        for (var first = true; soft >= 0; first = false)
        {
            TakePiece(word[..soft], begins || !first);
            word = word[(soft + 1)..];
            soft = word.IndexOfAny("=:,@"u8);
            if (soft < 0)
            {
                TakePiece(word, true);
            }
        }
    }

    private void TakePiece(ReadOnlySpan<byte> piece, bool plain)
    {
        if (piece.Length == 0)
        {
            return;
        }

        TakeText(piece, plain);

        // -I/place, +/place of a difference, %/place
        if (piece[0] is (byte)'-' or (byte)'+' or (byte)'%' && piece.IndexOfAny("/~$"u8) is > 0 and var path)
        {
            TakeText(piece[path..], plain);
            var up = piece.IndexOf("../"u8);
            if (up > 0)
            {
                TakeText(piece[up..], plain: false);
            }
        }

        // The end of a sentence is no part of a name, or it may be.
        var bare = piece.TrimEnd(".*"u8);
        if (bare.Length is > 0 and var length && length < piece.Length && !(piece.EndsWith("/.."u8) || piece.SequenceEqual(".."u8)))
        {
            TakeText(bare, plain);
        }
    }

    private void TakeText(ReadOnlySpan<byte> bytes, bool plain)
    {
        var text = Encoding.UTF8.GetString(bytes).Replace((char)EscapedText.SpaceInName, ' ');
        if (text.Length <= LongestKept && !_taken.Add((text, plain)))
        {
            return;
        }

        if (_taken.Count > MostKept)
        {
            _taken.Clear();
        }

        if (text[0] == '~')
        {
            foreach (var (path, named) in _expansion.Home(text))
            {
                take(new PathWord(path, named && plain));
            }
        }

        foreach (var path in text.Contains('$', StringComparison.Ordinal) ? _expansion.Variables(text) : [])
        {
            foreach (var one in path.Contains(':', StringComparison.Ordinal) ? [path, .. path.Split(':')] : new[] { path })
            {
                TakePath(one, plain: false);
            }
        }

        TakePath(text, plain);
    }

    private void TakePath(string text, bool plain)
    {
        if (text.StartsWith('/') || LeadsUp(text) || FromTop(text))
        {
            take(new PathWord(text, plain && text[0] == '/'));
        }
    }

    private static bool LeadsUp(string text) =>
        text.StartsWith("../", StringComparison.Ordinal) || text.Contains("/../", StringComparison.Ordinal) || text.EndsWith("/..", StringComparison.Ordinal);

    // srv/target, which leads there for whoever stands in the root folder.
    private bool FromTop(string text)
    {
        var from = text.StartsWith("./", StringComparison.Ordinal) ? 2 : 0;
        var slash = text.IndexOf('/', from);
        return slash > from && terms.Tops.Contains(text[from..slash]);
    }
}
