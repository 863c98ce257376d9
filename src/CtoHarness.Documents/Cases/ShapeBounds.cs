using CtoHarness.Core.Evidence;
using CtoHarness.Core.Verification;

namespace CtoHarness.Documents.Cases;

/// <summary>What can be said of every value that a shape gives.</summary>
internal static class ShapeBounds
{
    /// <summary>The most characters that a drawn case may have.</summary>
    internal const long MostCharacters = 100_000;

    /// <summary>The longest text that may be drawn.</summary>
    internal const long LongestText = 20_000;

    private const long Mark = 4;

    /// <summary>About how many characters the largest value has; more than <see cref="MostCharacters"/> is all the same.</summary>
    internal static long Characters(Shape shape) => Math.Min(MostCharacters + 1, shape switch
    {
        Shape.Constant constant => JsonText.Line(constant.Value.WriteTo).Length,
        Shape.Whole => 20,
        Shape.Pieces text => LengthOf(text) + Mark,
        Shape.List list => (list.Max * (Characters(list.Item) + Mark)) + Mark,
        Shape.Map map => map.Fields.Sum(field => field.Name.Length + Characters(field.Shape) + Mark) + Mark,
        Shape.OneOf one => one.Shapes.Max(Characters),
        _ => 0,
    });

    /// <summary>Whether every text within it is drawn whole.</summary>
    internal static bool FitsText(Shape shape) => shape switch
    {
        Shape.Pieces text => LengthOf(text) <= LongestText,
        Shape.List list => FitsText(list.Item),
        Shape.Map map => map.Fields.All(field => FitsText(field.Shape)),
        Shape.OneOf one => one.Shapes.All(FitsText),
        _ => true,
    };

    /// <summary>Whether every value is a text that a program can be given.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="asArgument">Whether NUL is forbidden too.</param>
    internal static bool GivesText(Shape shape, bool asArgument) => shape switch
    {
        Shape.Constant { Value: JsonValue.Characters { Value: var text } } => !asArgument || !HasNul(text),
        Shape.Pieces text => !asArgument || !text.Parts.Any(HasNul),
        Shape.OneOf one => one.Shapes.All(each => GivesText(each, asArgument)),
        _ => false,
    };

    private static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);

    private static long LengthOf(Shape.Pieces text) => text.Max * text.Parts.Select(part => (long)part.Length).DefaultIfEmpty(0).Max();
}
