using System.Text;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Verification;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Verification;

/// <summary>Makers of JSON values and of shapes, small enough to meet often.</summary>
internal static class SomeValues
{
    private static readonly Gen<string> Text = Gen.Elements("", "a", "b", "a b", "\u00e9", "e\u0301", "\ud83d\ude00", "\0", "\n", "\"", "1", "null");

    private static readonly Gen<JsonValue> Leaf = Gen.OneOf(
        Gen.Constant<JsonValue>(new JsonValue.Null()),
        Gen.Elements(true, false).Select(JsonValue (value) => new JsonValue.Truth(value)),
        Gen.Elements("0", "-0", "1", "1.0", "-0.0", "0.0", "1e2", "100", "1e400", "9007199254740993", "123456789012345678901234567890").Select(JsonValue (lexeme) => new JsonValue.Number(lexeme)),
        Text.Select(JsonValue (text) => new JsonValue.Characters(text)));

    public static Gen<JsonValue> Value { get; } = ValueOf(3);

    public static Gen<Shape> Shape { get; } = ShapeOf(3);

    public static JsonValue Read(string json) => JsonValue.TryRead(Encoding.UTF8.GetBytes(json)) ?? throw new ArgumentException($"no value: {json}", nameof(json));

    public static byte[] Write(JsonValue value) => JsonText.Line(value.WriteTo);

    private static Gen<JsonValue> ValueOf(int depth) => depth == 0
        ? Leaf
        : Gen.OneOf(
            Leaf,
            from items in Gen.ListOf(ValueOf(depth - 1))
            select (JsonValue)new JsonValue.List([.. items.Take(4)]),
            from names in Gen.ListOf(Text)
            from values in Gen.ListOf(ValueOf(depth - 1), 4)
            select (JsonValue)new JsonValue.Map([.. names.Distinct().Zip(values)]));

    private static Gen<Shape> ShapeOf(int depth)
    {
        var whole =
            from ends in Gen.ListOf(Gen.Elements(long.MinValue, long.MinValue + 1, -7, -1, 0, 1, 9, long.MaxValue - 1, long.MaxValue), 2)
            select (Shape)new Shape.Whole(ends.Min(), ends.Max());
        var text =
            from parts in Text.NonEmptyListOf()
            from ends in Gen.ListOf(Gen.Choose(0, 6), 2)
            select (Shape)new Shape.Pieces([.. parts], ends.Min(), ends.Max());
        var constant = Leaf.Select(Shape (value) => new Shape.Constant(value));
        if (depth == 0)
        {
            return Gen.OneOf(whole, text, constant);
        }

        var list =
            from item in ShapeOf(depth - 1)
            from ends in Gen.ListOf(Gen.Choose(0, 4), 2)
            select (Shape)new Shape.List(item, ends.Min(), ends.Max());
        var map =
            from names in Gen.ListOf(Text)
            from shapes in Gen.ListOf(ShapeOf(depth - 1), 3)
            select (Shape)new Shape.Map([.. names.Distinct().Zip(shapes)]);
        var one =
            from shapes in Gen.ListOf(ShapeOf(depth - 1), 3)
            select (Shape)new Shape.OneOf([.. shapes]);
        return Gen.OneOf(whole, text, constant, list, map, one);
    }
}
