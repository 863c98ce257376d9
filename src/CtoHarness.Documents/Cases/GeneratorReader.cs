using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cases;

/// <summary>Reads what draws further inputs.</summary>
internal static class GeneratorReader
{
    private const int MostArguments = 100;

    internal static Generator Read(FieldReader fields, YamlNode node, bool isCommand)
    {
        var before = fields.Problems.Count;
        var count = fields.Whole("count", 1, CaseSet.MostCases) ?? 1;
        var arguments = fields.Items("arguments", required: false, MostArguments).Select(item => Argument(fields, item, isCommand)).ToImmutableArray();
        ImmutableArray<(string Name, Shape Shape)> keywords = isCommand ? [] : CaseReader.Keywords(fields, "SHAPE", value => ShapeReader.Read(fields, value));
        var input = isCommand && fields.Take("stdin") is { } stdin ? Input(fields, stdin) : null;
        fields.Finish();
        var shapes = arguments.Concat(keywords.Select(field => field.Shape)).Concat(input is null ? [] : [input]).ToList();
        if (fields.Problems.Count == before)
        {
            Bounded(fields, node, shapes);
        }

        return new Generator((int)count, arguments, keywords, input);
    }

    private static void Bounded(FieldReader fields, YamlNode node, List<Shape> shapes)
    {
        if (shapes.Count == 0)
        {
            fields.Report(node, "the generator draws nothing", "add arguments: [SHAPE], or leave the generator out");
        }
        else if (!shapes.All(ShapeBounds.FitsText))
        {
            fields.Report(node, "the generator may draw a text that is too long", string.Create(CultureInfo.InvariantCulture, $"keep max times the longest piece within {ShapeBounds.LongestText} characters"));
        }
        else if (shapes.Sum(ShapeBounds.Characters) > ShapeBounds.MostCharacters)
        {
            fields.Report(node, "the generator may draw a case that is too large", string.Create(CultureInfo.InvariantCulture, $"make lists and texts shorter: all values of a case together within {ShapeBounds.MostCharacters} characters"));
        }
    }

    private static Shape Argument(FieldReader fields, YamlNode node, bool isCommand)
    {
        var (before, shape) = (fields.Problems.Count, ShapeReader.Read(fields, node));
        if (isCommand && fields.Problems.Count == before && !ShapeBounds.GivesText(shape, asArgument: true))
        {
            fields.Report(node, "an argument of a command must be drawn as text without NUL", "write text: {…}, or a value or one_of that gives text");
        }

        return shape;
    }

    private static Shape Input(FieldReader fields, YamlNode node)
    {
        var (before, shape) = (fields.Problems.Count, ShapeReader.Read(fields, node));
        if (fields.Problems.Count == before && !ShapeBounds.GivesText(shape, asArgument: false))
        {
            fields.Report(node, "\"stdin\" must be drawn as text", "write text: {…}, or a value or one_of that gives text");
        }

        return shape;
    }
}
