using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Verification;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Verification;

[Trait("Mission", "M15")]
public sealed class DrawingTests
{
    private static readonly Shape Any = new Shape.Whole(long.MinValue, long.MaxValue);

    private static readonly Generator Everything = new(
        6,
        [
            new Shape.Pieces(["a", " ", "\u00e9", "\ud83d\ude00"], 0, 12),
            new Shape.Whole(-3, 9),
            Any,
            new Shape.List(new Shape.Map([("name", new Shape.Pieces(["x", "y"], 1, 3)), ("count", new Shape.Whole(0, 9))]), 0, 3),
            new Shape.OneOf([new Shape.Constant(new JsonValue.Null()), new Shape.Constant(new JsonValue.Number("1.50")), new Shape.Constant(new JsonValue.Truth(true))]),
        ],
        [("limit", new Shape.OneOf([new Shape.Constant(new JsonValue.Null()), new Shape.Whole(0, 5)]))],
        null);

    [Fact]
    public void What_a_seed_gives_stays_the_same_for_ever() => Approved.Matches("drawn.cases", Lines(Set(Everything).Draw("a seed that nobody knew")));

    [Fact]
    public void The_same_seed_gives_the_same_cases_and_another_seed_others()
    {
        Law.Holds(
            SomeValues.Shape.SelectMany(_ => Some.Text, (shape, seed) => (Shape: shape, Seed: seed)),
            drawn => Lines(Set(Of(3, drawn.Shape)).Draw(drawn.Seed)) == Lines(Set(Of(3, drawn.Shape)).Draw(drawn.Seed)));
        Assert.NotEqual(Lines(Set(Everything).Draw("one")), Lines(Set(Everything).Draw("other")));
        Assert.NotEqual(Lines(Set(Of(1, Any)).Draw("")), Lines(Set(Of(1, Any)).Draw(" ")));
    }

    [Fact]
    public void Every_value_fits_its_shape() => Law.Holds(
        SomeValues.Shape, shape => Set(Of(20, shape)).Draw("seed").All(one => one.IsDrawn && one.Expected is null && Fits(shape, Argument(one))), tries: 1000);

    [Fact]
    public void Anybody_can_draw_the_same_from_the_seed()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("seed:0")).Concat(SHA256.HashData(Encoding.UTF8.GetBytes("seed:1"))).ToArray();
        var expected = Enumerable.Range(0, 8).Select(i => unchecked((long)(BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(i * 8)) + (ulong)long.MinValue)));
        Assert.Equal(expected, Numbers(Set(Of(8, Any)).Draw("seed")));
    }

    [Fact]
    public void Whole_numbers_come_from_their_whole_range_and_from_nothing_else()
    {
        Assert.All(Numbers(Set(Of(100, new Shape.Whole(long.MaxValue, long.MaxValue))).Draw("s")), number => Assert.Equal(long.MaxValue, number));
        Assert.Equal([long.MinValue, long.MinValue + 1], Numbers(Set(Of(100, new Shape.Whole(long.MinValue, long.MinValue + 1))).Draw("s")).Distinct().Order());
        Assert.Equal(Enumerable.Range(-5, 11).Select(i => (long)i), Numbers(Set(Of(1000, new Shape.Whole(-5, 5))).Draw("s")).Distinct().Order());
        var any = Numbers(Set(Of(1000, Any)).Draw("s")).ToList();
        Assert.Contains(any, number => number < long.MinValue / 2);
        Assert.Contains(any, number => number > long.MaxValue / 2);
        Assert.Equal(1000, any.Distinct().Count());
    }

    [Fact]
    public void Each_of_several_shapes_is_about_as_likely_as_the_others()
    {
        var shapes = Enumerable.Range(0, 5).Select(Shape (i) => new Shape.Constant(new JsonValue.Number(i.ToString(CultureInfo.InvariantCulture))));
        var counts = Numbers(Set(Of(1000, new Shape.OneOf([.. shapes]))).Draw("s")).CountBy(number => number).Select(pair => pair.Value).ToList();
        Assert.Equal(5, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 140, 260));
    }

    [Fact]
    public void A_text_never_grows_without_bound()
    {
        var text = Assert.IsType<JsonValue.Characters>(Argument(Set(Of(1, new Shape.Pieces([new string('x', 1000)], 1000, 1000))).Draw("s")[0]));
        Assert.InRange(text.Value.Length, 20_000, 21_000);
    }

    [Fact]
    public void The_fixed_cases_come_first_and_all_are_expected()
    {
        var written = new VerificationCase("fixed", new JsonValue.Map([("arguments", new JsonValue.List([]))]), new Answer.Raised("E"), IsDrawn: false);
        var set = Set(Of(2, Any)) with { Cases = [written], Predicates = [new TreePredicate.Present(Sample.At("a"))] };
        Assert.Equal(["fixed", "drawn-1", "drawn-2"], set.Draw("s").Select(one => one.Name));
        Assert.Equal(4, set.Expected);
        Assert.Same(written, Assert.Single((set with { Generator = null }).Draw("s")));
    }

    [Fact]
    public void A_function_is_given_keywords_only_where_there_are_some_and_a_command_always_its_standard_input()
    {
        Assert.Equal(["arguments"], Names(Set(Of(1, Any)).Draw("s")[0]));
        Assert.Equal(["arguments", "keywords"], Names(Set(Everything).Draw("s")[0]));
        var command = Set(new Generator(1, [], [], null)) with { Target = new CaseTarget.Command(["cat"]) };
        Assert.Equal(["arguments", "stdin"], Names(command.Draw("s")[0]));
        Assert.Equal(new JsonValue.Characters(""), command.Draw("s")[0].Input.Find("stdin"));
        var fed = command with { Generator = command.Generator! with { Input = new Shape.Constant(new JsonValue.Characters("in")) } };
        Assert.Equal(new JsonValue.Characters("in"), fed.Draw("s")[0].Input.Find("stdin"));
    }

    private static bool Fits(Shape shape, JsonValue value) => (shape, value) switch
    {
        (Shape.Constant constant, _) => constant.Value.SameAs(value),
        (Shape.Whole whole, JsonValue.Number { IsWhole: true, Lexeme: var lexeme }) => long.TryParse(lexeme, CultureInfo.InvariantCulture, out var number) && number >= whole.Min && number <= whole.Max,
        (Shape.Pieces pieces, JsonValue.Characters text) => IsJoined(pieces.Parts, text.Value, pieces.Min, pieces.Max),
        (Shape.List list, JsonValue.List items) => items.Items.Length >= list.Min && items.Items.Length <= list.Max && items.Items.All(item => Fits(list.Item, item)),
        (Shape.Map map, JsonValue.Map fields) => fields.Fields.Select(field => field.Name).SequenceEqual(map.Fields.Select(field => field.Name))
            && map.Fields.All(field => Fits(field.Shape, fields.Find(field.Name)!)),
        (Shape.OneOf one, _) => one.Shapes.Any(each => Fits(each, value)),
        _ => false,
    };

    private static bool IsJoined(ImmutableArray<string> parts, string text, int min, int max)
    {
        IEnumerable<string> reached = [""];
        for (var count = 0; count <= max; count++)
        {
            if (count >= min && reached.Contains(text))
            {
                return true;
            }

            reached = [.. reached.SelectMany(start => parts, (start, part) => start + part).Where(start => text.StartsWith(start, StringComparison.Ordinal)).Distinct()];
        }

        return false;
    }

    private static Generator Of(int count, Shape shape) => new(count, [shape], [], null);

    private static CaseSet Set(Generator generator) => new(new CaseTarget.Callable(Sample.At("a.py"), "a"), CaseLimits.Default, [], generator, []);

    private static JsonValue Argument(VerificationCase one) => ((JsonValue.List)one.Input.Find("arguments")!).Items[0];

    private static IEnumerable<long> Numbers(ImmutableArray<VerificationCase> cases) =>
        cases.Select(one => long.Parse(((JsonValue.Number)Argument(one)).Lexeme, CultureInfo.InvariantCulture));

    private static IEnumerable<string> Names(VerificationCase one) => one.Input.Fields.Select(field => field.Name);

    private static string Lines(ImmutableArray<VerificationCase> cases) =>
        string.Concat(cases.Select(one => $"{one.Name} {Encoding.UTF8.GetString(JsonText.Line(one.Input.WriteTo))}\n"));
}
