using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;

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
    internal string Text(string name) => LongText(name, LongestText);

    /// <summary>Takes a required, not empty text of at most so many characters.</summary>
    internal string LongText(string name, int longest)
    {
        var node = Take(name);
        if (node is null)
        {
            Missing(name);
            return "";
        }

        return TextOf(node, name, longest);
    }

    /// <summary>Takes a text that may be left out.</summary>
    internal string OptionalText(string name, int longest = LongestText) => Take(name) is { } node ? TextOf(node, name, longest) : "";

    /// <summary>Takes true or false; false where it is left out.</summary>
    internal bool Flag(string name) => OptionalFlag(name) ?? false;

    /// <summary>Takes true or false; null where it is left out.</summary>
    internal bool? OptionalFlag(string name)
    {
        switch (Take(name))
        {
            case null:
                return null;
            case YamlNode.Scalar { IsPlain: true, Text: "false" }:
                return false;
            case YamlNode.Scalar { IsPlain: true, Text: "true" }:
                return true;
            case var other:
                var found = other is YamlNode.Scalar { Text: var text } ? PlainText.Quote(text) : "neither true nor false";
                Report(other, $"{name} is {found}", "write true or false");
                return null;
        }
    }

    /// <summary>Takes the reader of a mapping; null where it is left out.</summary>
    internal FieldReader? Inner(string name) => Take(name) is { } node ? new FieldReader(_where, node, _problems) : null;

    /// <summary>Takes texts under names of the writer's choice; none where they are left out.</summary>
    internal ImmutableArray<(string Name, string Text, YamlNode At)> Named(string name)
    {
        switch (Take(name))
        {
            case null:
                return [];
            case YamlNode.Mapping mapping:
                return [.. mapping.Fields.Select(field => (field.Key.Text, TextOf(field.Value, field.Key.Text), (YamlNode)field.Key))];
            case var other:
                Report(other, $"{PlainText.Quote(name)} must hold named texts", $"write {name}: {{NAME: TEXT}}");
                return [];
        }
    }

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

    /// <summary>Takes a whole number; an absent one is reported where it is required.</summary>
    internal long? Whole(string name, long min, long max, bool required = true)
    {
        var node = Take(name);
        if (node is null)
        {
            if (required)
            {
                Missing(name);
            }

            return null;
        }

        if (node is YamlNode.Scalar { IsPlain: true, Text: var text }
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
            && text == number.ToString(CultureInfo.InvariantCulture))
        {
            return number;
        }

        var found = node is YamlNode.Scalar { Text: var other } ? PlainText.Quote(other) : "no number";
        Report(node, $"{name} is {found}", string.Create(CultureInfo.InvariantCulture, $"write a whole number from {min} to {max}"));
        return null;
    }

    /// <summary>Takes a list of at most so many items; an absent one is reported where it is required.</summary>
    internal ImmutableArray<YamlNode> Items(string name, bool required, int most)
    {
        switch (Take(name))
        {
            case null:
                if (required)
                {
                    Missing(name, $"add {name}: with a list");
                }

                return [];
            case YamlNode.Sequence { Items: var items } list:
                if (items.Length <= most)
                {
                    return items;
                }

                Report(list, string.Create(CultureInfo.InvariantCulture, $"{name} has {items.Length} items"), string.Create(CultureInfo.InvariantCulture, $"keep at most {most}"));
                return [];
            case var other:
                Report(other, $"{PlainText.Quote(name)} must be a list", $"write {name}: [ONE, TWO]");
                return [];
        }
    }

    /// <summary>Takes a required path within a workspace.</summary>
    internal RelativePath Path(string name)
    {
        var text = Text(name);
        if (text.Length > 0 && !IsInWorkspace(text))
        {
            Report(At(name), $"{PlainText.Quote(text)} is no path within the workspace", "write a relative path without \"..\" and \".git\"");
        }

        return RelativePath.TryParse(text, out var path) ? path : default;
    }

    /// <summary>Whether a text is a path within a workspace, its repository left out.</summary>
    internal static bool IsInWorkspace(string text) => RelativePath.TryParse(text, out var path) && !path.HasComponent(".git");

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

    private string TextOf(YamlNode node, string name, int longest = LongestText)
    {
        if (node is YamlNode.Scalar { Text: { Length: > 0 } text } && text.Length <= longest && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        Report(node, $"{PlainText.Quote(name)} must be a text of 1 to {longest} characters", "write a text");
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
