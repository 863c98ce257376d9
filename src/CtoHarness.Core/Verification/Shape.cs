using System.Collections.Immutable;

namespace CtoHarness.Core.Verification;

/// <summary>What a drawn value looks like.</summary>
public abstract record Shape
{
    private Shape()
    {
    }

    /// <summary>Always the same value.</summary>
    /// <param name="Value">The value.</param>
    public sealed record Constant(JsonValue Value) : Shape;

    /// <summary>A whole number.</summary>
    /// <param name="Min">The least.</param>
    /// <param name="Max">The greatest.</param>
    public sealed record Whole(long Min, long Max) : Shape;

    /// <summary>Pieces of text, one behind the other.</summary>
    /// <param name="Parts">What each piece is drawn from.</param>
    /// <param name="Min">The fewest pieces.</param>
    /// <param name="Max">The most pieces.</param>
    public sealed record Pieces(ImmutableArray<string> Parts, int Min, int Max) : Shape;

    /// <summary>A list of values of one shape.</summary>
    /// <param name="Item">The shape of each item.</param>
    /// <param name="Min">The fewest items.</param>
    /// <param name="Max">The most items.</param>
    public sealed record List(Shape Item, int Min, int Max) : Shape;

    /// <summary>Named values.</summary>
    /// <param name="Fields">The shape of each.</param>
    public sealed record Map(ImmutableArray<(string Name, Shape Shape)> Fields) : Shape;

    /// <summary>One of several shapes, each as likely as the others.</summary>
    /// <param name="Shapes">The shapes.</param>
    public sealed record OneOf(ImmutableArray<Shape> Shapes) : Shape;
}
