using System.Text;
using CtoHarness.Core.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CtoHarness.Documents.Yaml;

/// <summary>Reads one YAML document into <see cref="YamlNode"/>s, within fixed bounds.</summary>
public static class YamlText
{
    /// <summary>The largest document, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxDepth = 32;
    private const int MaxNodes = 50_000;

    /// <summary>Reads a document.</summary>
    /// <param name="where">What to call it in problems.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <returns>Its root, or what is wrong with it. Never throws on what the bytes say.</returns>
    public static Parsed<YamlNode> Read(string where, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return Refused(where, $"{bytes.Length} bytes are too many", $"keep it below {MaxBytes} bytes");
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Refused(where, "it is not UTF-8", "save it as UTF-8");
        }

        Parser? parser = null;
        try
        {
            return Walk(where, parser = new Parser(new StringReader(text.TrimStart('\uFEFF'))));
        }
        catch (YamlException problem)
        {
            return Refused(where, $"it is not sound YAML: {PlainText.Visible(problem.Message, 300)}", "mend the syntax here", problem.Start);
        }
        catch (Exception odd) when (odd is ArgumentException or InvalidOperationException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The parser's own trouble with a text is the text's trouble.
            return Refused(where, "it is not sound YAML", "mend the syntax behind this place", parser?.Current?.End);
        }
    }

    // A stack of open collections instead of recursion: depth is a number, not a stack of ours.
    private static Parsed<YamlNode> Walk(string where, Parser parser)
    {
        var open = new Stack<Open>();
        YamlNode? root = null;
        var nodes = 0;
        var documents = 0;
        while (parser.MoveNext())
        {
            var now = parser.Current!;
            if (now is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                return Refused(where, "anchors and aliases are not read", "write the value out where it is needed", now.Start);
            }

            if (now is NodeEvent { Tag.IsEmpty: false })
            {
                return Refused(where, "tags are not read", "leave the tag out", now.Start);
            }

            if (now is NodeEvent && (++nodes > MaxNodes || open.Count >= MaxDepth))
            {
                return Refused(where, "it has too many values or is nested too deep", $"stay within {MaxNodes} values and {MaxDepth} levels", now.Start);
            }

            YamlNode? done = null;
            switch (now)
            {
                case DocumentStart when ++documents > 1:
                    return Refused(where, "it holds a second document", "keep one document a file", now.Start);
                case Scalar scalar:
                    done = new YamlNode.Scalar(scalar.Value, scalar.Style == ScalarStyle.Plain, (int)scalar.Start.Line, (int)scalar.Start.Column);
                    break;
                case SequenceStart or MappingStart:
                    open.Push(new Open(now is MappingStart, (int)now.Start.Line, (int)now.Start.Column));
                    break;
                case SequenceEnd or MappingEnd:
                    var closed = open.Pop();
                    if (closed.Twice is { } key)
                    {
                        return Refused(where, $"{PlainText.Quote(key.Text)} stands here twice", "keep one of the two", key.Line, key.Column);
                    }

                    if (closed.IsMapping && closed.Items.Count % 2 != 0)
                    {
                        return Refused(where, "a name has no value", "write NAME: VALUE", closed.Line, closed.Column);
                    }

                    if (closed.NoName is { } odd)
                    {
                        return Refused(where, "a name must be plain text", "put the value behind a name", odd.Line, odd.Column);
                    }

                    done = closed.Close();
                    break;
                default:
                    break;
            }

            if (done is not null && open.TryPeek(out var parent))
            {
                parent.Items.Add(done);
            }
            else
            {
                root = done ?? root;
            }
        }

        return root is null
            ? Refused(where, "it is empty", "write the fields that its schema asks for")
            : new Parsed<YamlNode>.Value(root);
    }

    private static Parsed<YamlNode> Refused(string where, string message, string remedy, Mark? at = null) =>
        Refused(where, message, remedy, (int)(at?.Line ?? 0), (int)(at?.Column ?? 0));

    private static Parsed<YamlNode> Refused(string where, string message, string remedy, int line, int column) =>
        new Parsed<YamlNode>.Refused([new Problem(where, message, remedy, line, column)]);

    private sealed record Open(bool IsMapping, int Line, int Column)
    {
        internal List<YamlNode> Items { get; } = [];

        private IEnumerable<YamlNode> Keys => IsMapping ? Items.Where((_, index) => index % 2 == 0) : [];

        internal YamlNode? NoName => Keys.FirstOrDefault(key => key is not YamlNode.Scalar);

        internal YamlNode.Scalar? Twice
        {
            get
            {
                var seen = new HashSet<string>(StringComparer.Ordinal);
                return Keys.OfType<YamlNode.Scalar>().FirstOrDefault(key => !seen.Add(key.Text));
            }
        }

        internal YamlNode Close() => IsMapping
            ? new YamlNode.Mapping([.. Items.Chunk(2).Select(pair => ((YamlNode.Scalar)pair[0], pair[1]))], Line, Column)
            : new YamlNode.Sequence([.. Items], Line, Column);
    }
}
