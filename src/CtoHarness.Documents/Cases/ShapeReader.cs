using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cases;

/// <summary>Reads what drawn values look like: a mapping of exactly one field.</summary>
internal static class ShapeReader
{
    private const int MaxDepth = 8;
    private const int MostParts = 1000;
    private static readonly Shape Nothing = new Shape.Constant(new JsonValue.Null());

    /// <summary>Reads a shape. What is reported comes back as a constant of nothing.</summary>
    internal static Shape Read(FieldReader fields, YamlNode node, int depth = 1)
    {
        if (depth > MaxDepth)
        {
            fields.Report(node, "shapes are nested too deep", string.Create(CultureInfo.InvariantCulture, $"stay within {MaxDepth} levels"));
            return Nothing;
        }

        if (node is not YamlNode.Mapping { Fields: [var (kind, inner)] })
        {
            fields.Report(node, "a shape has exactly one field", $"write one of {Known}");
            return Nothing;
        }

        switch (kind.Text)
        {
            case "value":
                return new Shape.Constant(ValueReader.Any(fields, inner));
            case "integer":
                return Integer(fields, inner);
            case "text":
                return Text(fields, inner);
            case "list":
                return List(fields, inner, depth);
            case "map" when inner is YamlNode.Mapping map:
                return new Shape.Map([.. map.Fields.Select(field => (field.Key.Text, Read(fields, field.Value, depth + 1)))]);
            case "one_of" when inner is YamlNode.Sequence { Items: { Length: > 0 } items }:
                return new Shape.OneOf([.. items.Select(item => Read(fields, item, depth + 1))]);
            case "map":
                fields.Report(inner, "\"map\" must be named shapes", "write map: {NAME: SHAPE}");
                return Nothing;
            case "one_of":
                fields.Report(inner, "\"one_of\" must be a list of at least one shape", "write one_of: [SHAPE, SHAPE]");
                return Nothing;
            default:
                fields.Report(kind, $"{PlainText.Quote(kind.Text)} is no shape", $"write one of {Known}");
                return Nothing;
        }
    }

    private const string Known = "value, integer, text, list, map, one_of";

    private static Shape.Whole Integer(FieldReader fields, YamlNode node)
    {
        var inner = new FieldReader(fields.Where, node, fields.Problems);
        var (min, max) = (inner.Whole("min", long.MinValue, long.MaxValue) ?? long.MinValue, inner.Whole("max", long.MinValue, long.MaxValue) ?? long.MaxValue);
        Ordered(inner, min, max);
        inner.Finish();
        return new Shape.Whole(min, max);
    }

    private static Shape.Pieces Text(FieldReader fields, YamlNode node)
    {
        var inner = new FieldReader(fields.Where, node, fields.Problems);
        var items = inner.Items("pieces", required: true, MostParts);
        if (inner.Take("pieces") is YamlNode.Sequence { Items.IsEmpty: true } empty)
        {
            inner.Report(empty, "\"pieces\" names no piece", "name at least one piece of text");
        }

        ImmutableArray<string> parts = [.. items.Select(item => ValueReader.Text(inner, item, "a piece") ?? "")];
        var (min, max) = Counts(inner);
        inner.Finish();
        return new Shape.Pieces(parts, min, max);
    }

    private static Shape.List List(FieldReader fields, YamlNode node, int depth)
    {
        var inner = new FieldReader(fields.Where, node, fields.Problems);
        var item = Nothing;
        if (inner.Take("of") is { } of)
        {
            item = Read(inner, of, depth + 1);
        }
        else
        {
            inner.Missing("of", "add of: SHAPE");
        }

        var (min, max) = Counts(inner);
        inner.Finish();
        return new Shape.List(item, min, max);
    }

    private static (int Min, int Max) Counts(FieldReader fields)
    {
        var (min, max) = (fields.Whole("min", 0, MostParts) ?? 0, fields.Whole("max", 0, MostParts) ?? MostParts);
        Ordered(fields, min, max);
        return ((int)min, (int)max);
    }

    private static void Ordered(FieldReader fields, long min, long max)
    {
        if (min > max)
        {
            fields.Report(fields.At("min"), string.Create(CultureInfo.InvariantCulture, $"min is {min}, which is more than max, {max}"), "make min at most max");
        }
    }
}
