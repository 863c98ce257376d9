using System.Text;
using CtoHarness.Core.Verification;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Verification;

[Trait("Mission", "M15")]
public sealed class JsonValueTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1.00")]
    [InlineData("1.0", "1e0")]
    [InlineData("1.5e3", "1500.0")]
    [InlineData("0.1", "0.10000000000000001")]
    [InlineData("1e400", "1e400")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("""{"a":1,"b":[2]}""", """{"b":[2],"a":1}""")]
    [InlineData("\"\\u00e9\"", "\"é\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("null", "null")]
    public void These_are_the_same(string one, string other) => Assert.True(Same(one, other));

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "1e0")]
    [InlineData("100", "1e2")]
    [InlineData("0", "-0")]
    [InlineData("0.0", "-0.0")]
    [InlineData("1e400", "1e401")]
    [InlineData("1e400", "-1e400")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("9007199254740992.0", "9007199254740994.0")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891")]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "true")]
    [InlineData("0", "false")]
    [InlineData("null", "false")]
    [InlineData("null", "\"\"")]
    [InlineData("[]", "{}")]
    [InlineData("[]", "null")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[1]", "[1,1]")]
    [InlineData("""{"a":1}""", """{"A":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":null}""", """{"b":null}""")]
    [InlineData("\"\\u00e9\"", "\"e\\u0301\"")]
    [InlineData("\"a\"", "\"a\\u0000\"")]
    [InlineData("\"a\"", "\"a\\u200b\"")]
    [InlineData("\"a\"", "\"A\"")]
    public void These_are_not(string one, string other) => Assert.False(Same(one, other));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1 2")]
    [InlineData("[1],")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1}x")]
    [InlineData("// a\n1")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("'a'")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ude00\\ud83d\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""[{"b":{"a":1,"a":2}}]""")]
    [InlineData("\ufeff1")]
    public void A_text_that_is_no_such_value_gives_nothing(string json) => Assert.Null(JsonValue.TryRead(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_no_UTF8_give_nothing()
    {
        Assert.Null(JsonValue.TryRead(new byte[] { (byte)'"', 0xff, (byte)'"' }));
        Assert.Null(JsonValue.TryRead(new byte[] { (byte)'"', 0xed, 0xa0, 0x80, (byte)'"' }));
    }

    [Fact]
    public void As_many_levels_as_the_bound_are_read_and_one_more_is_not()
    {
        Assert.NotNull(JsonValue.TryRead(Nested(JsonValue.MaxDepth)));
        Assert.Null(JsonValue.TryRead(Nested(JsonValue.MaxDepth + 1)));
        Assert.Null(JsonValue.TryRead(Nested(1_000_000)));
    }

    [Fact]
    public void A_value_is_the_same_as_itself_and_as_what_is_read_of_it() => Law.Holds(
        SomeValues.Value, value => value.SameAs(value) && JsonValue.TryRead(SomeValues.Write(value)) is { } read && read.SameAs(value) && value.SameAs(read), tries: 2000);

    [Fact]
    public void Two_values_agree_on_whether_they_are_the_same() => Law.Holds(
        SomeValues.Value.SelectMany(_ => SomeValues.Value, (one, other) => (One: one, Other: other)), pair => pair.One.SameAs(pair.Other) == pair.Other.SameAs(pair.One), tries: 2000);

    [Fact]
    public void A_value_with_any_one_change_is_another() => Law.Holds(
        SomeValues.Value, value => Changed(value).All(other => !value.SameAs(other) && !other.SameAs(value)), tries: 1000);

    [Fact]
    public void Whatever_stands_on_a_line_is_read_without_trouble()
    {
        Law.Ends(Some.Bytes, bytes => JsonValue.TryRead(bytes), tries: 2000);
        Law.Ends(Some.Glued("{", "}", "[", "]", "\"a\"", "\"\\ud800\"", ":", ",", "1", "-", "e9", ".", "null", "true", "\\", "\"", " ", "\u00e9", "\0"), bytes => JsonValue.TryRead(bytes), tries: 5000);
    }

    [Fact]
    public void A_number_is_written_as_it_was_read() =>
        Assert.Equal("[1e400,-0,1.50,9007199254740993]", Encoding.UTF8.GetString(SomeValues.Write(SomeValues.Read("[1e400, -0, 1.50, 9007199254740993]"))));

    private static bool Same(string one, string other)
    {
        var (a, b) = (SomeValues.Read(one), SomeValues.Read(other));
        Assert.Equal(a.SameAs(b), b.SameAs(a));
        return a.SameAs(b);
    }

    private static byte[] Nested(int levels) => Encoding.UTF8.GetBytes(new string('[', levels) + new string(']', levels));

    private static IEnumerable<JsonValue> Changed(JsonValue value) => value switch
    {
        JsonValue.Null => [new JsonValue.Truth(false), new JsonValue.Characters("")],
        JsonValue.Truth truth => [new JsonValue.Truth(!truth.Value), new JsonValue.Number(truth.Value ? "1" : "0")],
        JsonValue.Number number => [new JsonValue.Number(number.Lexeme.StartsWith('-') ? number.Lexeme[1..] : "-" + number.Lexeme), new JsonValue.Characters(number.Lexeme)],
        JsonValue.Characters text => [new JsonValue.Characters(text.Value + " "), new JsonValue.Null()],
        JsonValue.List list => list.Items.Select(JsonValue (_, index) => new JsonValue.List(list.Items.RemoveAt(index)))
            .Concat(list.Items.SelectMany((item, index) => Changed(item).Select(other => new JsonValue.List(list.Items.SetItem(index, other)))))
            .Append(new JsonValue.List(list.Items.Add(new JsonValue.Null()))),
        JsonValue.Map map => map.Fields.Select(JsonValue (_, index) => new JsonValue.Map(map.Fields.RemoveAt(index)))
            .Concat(map.Fields.SelectMany((field, index) => Changed(field.Value).Select(other => new JsonValue.Map(map.Fields.SetItem(index, (field.Name, other))))))
            .Concat(map.Fields.Select((field, index) => new JsonValue.Map(map.Fields.SetItem(index, (field.Name + " new", field.Value)))))
            .Append(new JsonValue.Map(map.Fields.Add(("a new name", new JsonValue.Null())))),
        _ => [],
    };
}
