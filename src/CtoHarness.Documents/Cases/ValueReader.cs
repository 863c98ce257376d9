using System.Globalization;
using System.Text;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cases;

/// <summary>Turns YAML into JSON values, after YAML's core schema: what stands in quotes is text, a plain word may be a number, a truth value or nothing.</summary>
internal static class ValueReader
{
    /// <summary>Reads any value. What is reported comes back as nothing.</summary>
    internal static JsonValue Any(FieldReader fields, YamlNode node)
    {
        switch (node)
        {
            case YamlNode.Sequence list:
                return new JsonValue.List([.. list.Items.Select(item => Any(fields, item))]);
            case YamlNode.Mapping map:
                return new JsonValue.Map([.. map.Fields.Select(field => (field.Key.Text, Any(fields, field.Value)))]);
            case YamlNode.Scalar { IsPlain: true } plain when plain.Text is "" or "~" or "null":
                return new JsonValue.Null();
            case YamlNode.Scalar { IsPlain: true } plain when plain.Text is "true" or "false":
                return new JsonValue.Truth(plain.Text == "true");
            case YamlNode.Scalar { IsPlain: true } plain when IsNumber(plain.Text):
                return new JsonValue.Number(plain.Text);
            case YamlNode.Scalar { IsPlain: true } plain when IsDoubtful(plain.Text):
                fields.Report(plain, $"{PlainText.Quote(plain.Text)} is no value of JSON", "write it as JSON does (null, true, false, -1.5e3), or put it in quotes to make it a text");
                return new JsonValue.Null();
            default:
                return new JsonValue.Characters(((YamlNode.Scalar)node).Text);
        }
    }

    /// <summary>Reads a text, which may be empty.</summary>
    internal static string? Text(FieldReader fields, YamlNode node, string what)
    {
        var before = fields.Problems.Count;
        if (Any(fields, node) is JsonValue.Characters { Value: var text })
        {
            return fields.Problems.Count == before ? text : null;
        }

        if (fields.Problems.Count == before)
        {
            fields.Report(node, $"{what} must be a text", "write a text, in quotes where it is empty, a number, true, false or null");
        }

        return null;
    }

    private static bool IsNumber(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] == '-') && JsonValue.TryRead(Encoding.UTF8.GetBytes(text)) is JsonValue.Number { Lexeme: var lexeme } && lexeme == text;

    // What some reader of YAML takes for a number, a truth value or nothing, and another for a text.
    private static bool IsDoubtful(string text)
    {
        var bare = (text[0] is '-' or '+' ? text[1..] : text).ToUpperInvariant();
        return bare is "TRUE" or "FALSE" or "NULL" or ".INF" or ".NAN"
            || bare is ['0', 'X' or 'O' or 'B', _, ..] && bare[2..].All(c => char.IsAsciiHexDigitUpper(c) || c == '_')
            || bare is [('.' or (>= '0' and <= '9')), ..]
                && double.TryParse(bare.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
    }
}
