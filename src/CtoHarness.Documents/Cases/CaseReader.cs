using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cases;

/// <summary>Reads the cases that are written down.</summary>
internal static class CaseReader
{
    private const int LongestType = 200;
    private const int LongestIdentifier = 256;
    private const string Drawn = "drawn-";

    /// <summary>Reads one case, of a function or of a command.</summary>
    internal static VerificationCase Read(FieldReader fields, YamlNode node, bool isCommand)
    {
        var name = fields.Text("name");
        if (name.Length > 0 && (!TaskId.TryParse(name, out _) || name.StartsWith(Drawn, StringComparison.Ordinal)))
        {
            fields.Report(fields.At("name"), $"name is {PlainText.Quote(name)}", $"use lower-case letters, digits and hyphens, at most 64; names that begin with {Drawn} are given to drawn cases");
        }

        var result = isCommand
            ? new VerificationCase(name, CommandInput(fields), CommandAnswer(fields), IsDrawn: false)
            : new VerificationCase(name, FunctionInput(fields), FunctionAnswer(fields, node), IsDrawn: false);
        fields.Finish();
        return result;
    }

    /// <summary>Whether a text can name a function or an argument.</summary>
    internal static bool IsIdentifier(string text) =>
        text.Length is > 0 and <= LongestIdentifier && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>Takes the named values or shapes of <c>keywords</c>.</summary>
    internal static ImmutableArray<(string Name, T Value)> Keywords<T>(FieldReader fields, string what, Func<YamlNode, T> read)
    {
        switch (fields.Take("keywords"))
        {
            case null:
                return [];
            case YamlNode.Mapping map:
                foreach (var (key, _) in map.Fields.Where(field => !IsIdentifier(field.Key.Text)))
                {
                    fields.Report(key, $"{PlainText.Quote(key.Text)} can name no argument", "use letters, digits and underscores, a digit not first");
                }

                return [.. map.Fields.Select(field => (field.Key.Text, read(field.Value)))];
            case var other:
                fields.Report(other, "\"keywords\" must be named values", $"write keywords: {{NAME: {what}}}");
                return [];
        }
    }

    private static JsonValue.Map FunctionInput(FieldReader fields)
    {
        var arguments = new JsonValue.List([.. fields.Items("arguments", required: true, CaseSet.MostCases).Select(item => ValueReader.Any(fields, item))]);
        var keywords = Keywords(fields, "VALUE", value => ValueReader.Any(fields, value));
        return new JsonValue.Map(keywords.IsEmpty ? [("arguments", arguments)] : [("arguments", arguments), ("keywords", new JsonValue.Map(keywords))]);
    }

    private static Answer? FunctionAnswer(FieldReader fields, YamlNode node)
    {
        var (expected, raises) = (fields.Take("expected"), fields.OptionalText("raises"));
        if (expected is null == (raises.Length == 0) && (expected is not null || fields.Take("raises") is null))
        {
            fields.Report(node, "a case has either \"expected\" or \"raises\"", "write what the function must return, or the name of the error that it must raise");
        }

        if (raises.Length > LongestType)
        {
            fields.Report(fields.At("raises"), "\"raises\" is too long", string.Create(CultureInfo.InvariantCulture, $"write the name of an error's type, at most {LongestType} characters"));
        }

        return expected is not null ? new Answer.Returned(ValueReader.Any(fields, expected)) : new Answer.Raised(raises);
    }

    private static JsonValue.Map CommandInput(FieldReader fields)
    {
        var words = fields.Items("arguments", required: false, CaseSet.MostCases).Select(JsonValue (item) => Argument(fields, item)).ToImmutableArray();
        var input = fields.Take("stdin") is { } node ? ValueReader.Text(fields, node, "\"stdin\"") ?? "" : "";
        return new JsonValue.Map([("arguments", new JsonValue.List(words)), ("stdin", new JsonValue.Characters(input))]);
    }

    private static JsonValue.Characters Argument(FieldReader fields, YamlNode node)
    {
        var text = ValueReader.Text(fields, node, "an argument of a command") ?? "";
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            fields.Report(node, "an argument of a command holds NUL", "leave it out: no program can be given it");
        }

        return new JsonValue.Characters(text);
    }

    private static Answer.Returned CommandAnswer(FieldReader fields)
    {
        var output = "";
        long? code = 0;
        if (fields.Take("expected") is not { } node)
        {
            fields.Missing("expected", "add expected: {stdout: TEXT, exit_code: 0}");
        }
        else
        {
            var inner = new FieldReader(fields.Where, node, fields.Problems);
            if (inner.Take("stdout") is { } text)
            {
                output = ValueReader.Text(inner, text, "\"stdout\"") ?? "";
            }
            else
            {
                inner.Missing("stdout", "add stdout: TEXT, \"\" where nothing may be printed");
            }

            code = inner.Whole("exit_code", 0, 255);
            inner.Finish();
        }

        var lexeme = (code ?? 0).ToString(CultureInfo.InvariantCulture);
        return new Answer.Returned(new JsonValue.Map([("stdout", new JsonValue.Characters(output)), ("exit_code", new JsonValue.Number(lexeme))]));
    }
}
