using System.Collections.Immutable;
using CtoHarness.Core.Problems;

namespace CtoHarness.Documents.Yaml;

/// <summary>Takes the fields of one mapping by name, and gathers every problem on the way.</summary>
internal sealed class FieldReader
{
    private const int LongestText = 4096;
    private readonly string _where;
    private readonly List<Problem> _problems;
    private readonly YamlNode _node;
    private readonly Dictionary<string, YamlNode> _fields = new(StringComparer.Ordinal);
    private readonly List<YamlNode.Scalar> _unread = [];
    private readonly List<string> _known = [];

    internal FieldReader(string where, YamlNode node, List<Problem> problems)
    {
        _where = where;
        _problems = problems;
        _node = node;
        if (node is not YamlNode.Mapping mapping)
        {
            Report(node, "named fields are expected here", "write NAME: VALUE lines");
            return;
        }

        foreach (var (key, value) in mapping.Fields)
        {
            _fields[key.Text] = value;
            _unread.Add(key);
        }
    }

    internal List<Problem> Problems => _problems;

    internal string Where => _where;

    /// <summary>The value of a field, to report a problem at; the whole where there is none.</summary>
    internal YamlNode At(string name) => _fields.GetValueOrDefault(name) ?? _node;

    internal void Report(YamlNode at, string message, string remedy) =>
        _problems.Add(new Problem(_where, message, remedy, at.Line, at.Column));

    internal YamlNode? Take(string name)
    {
        if (!_known.Contains(name))
        {
            _known.Add(name);
        }

        _unread.RemoveAll(key => key.Text == name);
        return _fields.GetValueOrDefault(name);
    }

    /// <summary>Takes a required, not empty text.</summary>
    internal string Text(string name)
    {
        var node = Take(name);
        if (node is null)
        {
            Missing(name);
            return "";
        }

        return TextOf(node, name);
    }

    /// <summary>Takes a text that may be left out.</summary>
    internal string OptionalText(string name) => Take(name) is { } node ? TextOf(node, name) : "";

    /// <summary>Takes a list of texts; an absent one is reported where it is required.</summary>
    internal ImmutableArray<(string Text, YamlNode At)> Texts(string name, bool required)
    {
        switch (Take(name))
        {
            case null:
                if (required)
                {
                    Missing(name);
                }

                return [];
            case YamlNode.Sequence sequence:
                return [.. sequence.Items.Select(item => (TextOf(item, name), item))];
            case var other:
                Report(other, $"{PlainText.Quote(name)} must be a list", $"write {name}: [ONE, TWO]");
                return [];
        }
    }

    /// <summary>Takes the schema's name, which must be exactly this.</summary>
    internal void Schema(string expected)
    {
        var found = Text("schema");
        if (found.Length > 0 && found != expected)
        {
            Report(_fields["schema"], $"schema is {PlainText.Quote(found)}", $"this version reads {expected}");
        }
    }

    /// <summary>Reports every field that nobody took.</summary>
    internal void Finish()
    {
        foreach (var key in _unread)
        {
            Report(key, $"{PlainText.Quote(key.Text)} is no field here", $"known are: {string.Join(", ", _known)}");
        }
    }

    private string TextOf(YamlNode node, string name)
    {
        if (node is YamlNode.Scalar { Text: { Length: > 0 and <= LongestText } text } && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        Report(node, $"{PlainText.Quote(name)} must be a text of 1 to {LongestText} characters", "write a text");
        return "";
    }

    /// <summary>Reports a field that is not there, unless nothing here is a field at all.</summary>
    internal void Missing(string name, string remedy = "")
    {
        if (_node is YamlNode.Mapping)
        {
            Report(_node, $"{PlainText.Quote(name)} is missing", remedy.Length > 0 ? remedy : $"add {name}: …");
        }
    }
}
