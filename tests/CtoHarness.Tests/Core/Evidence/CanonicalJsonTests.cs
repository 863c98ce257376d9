using System.Text;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Tests.Core.Evidence;

/// <summary>The canonical form, by the examples of RFC 8785.</summary>
[Trait("Mission", "M20")]
public sealed class CanonicalJsonTests
{
    [Fact]
    public void The_strings_of_section_3_2_2_come_out_as_in_the_RFC() =>
        Becomes(
            """{ "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }""",
            "{\"literals\":[null,true,false],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");

    [Fact]
    public void The_names_of_section_3_2_3_are_sorted_by_UTF_16_units_as_in_the_RFC() =>
        Becomes(
            """
            { "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" }
            """,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
                + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");

    [Theory]
    [InlineData("\"\\b\\t\\n\\f\\r\"", "\"\\b\\t\\n\\f\\r\"")]
    [InlineData("\"\\u0008\\u0009\\u000A\\u000C\\u000D\"", "\"\\b\\t\\n\\f\\r\"")]
    [InlineData("\"\\u0000\\u001F\\u000b\"", "\"\\u0000\\u001f\\u000b\"")]
    [InlineData("\"\\u007f\\u2028\\/<>&'+\"", "\"\u007f\u2028/<>&'+\"")]
    [InlineData("\"\\uD83D\\uDE00\"", "\"\ud83d\ude00\"")]
    public void A_string_escapes_what_it_must_and_nothing_else(string json, string canonical) => Becomes(json, canonical);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-1", "-1")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("-9007199254740992", "-9007199254740992")]
    public void A_whole_number_is_written_plainly(string json, string canonical) => Becomes(json, canonical);

    [Theory]
    [InlineData(" [ ] ", "[]")]
    [InlineData("\t{\r\n}", "{}")]
    [InlineData("[1 , [ {\"b\" : 2 , \"a\" : [ ] } ] ]", "[1,[{\"a\":[],\"b\":2}]]")]
    [InlineData("{\"b\":{\"d\":1,\"c\":2},\"a\":null}", "{\"a\":null,\"b\":{\"c\":2,\"d\":1}}")]
    [InlineData("{\"aa\":1,\"a\":2,\"\":3,\"A\":4}", "{\"\":3,\"A\":4,\"a\":2,\"aa\":1}")]
    public void Space_is_left_out_and_names_are_sorted_at_every_depth(string json, string canonical) => Becomes(json, canonical);

    [Fact]
    public void What_the_harness_writes_itself_comes_out_sorted() =>
        Assert.Equal(
            "{\"a\":[\"\u00e9<\"],\"b\":1}",
            Encoding.UTF8.GetString(CanonicalJson.Of(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("b", 1);
                json.WriteStrings("a", ["\u00e9<"]);
                json.WriteEndObject();
            })));

    [Fact]
    public void What_has_no_canonical_form_is_a_bug_of_the_writer() =>
        Assert.Throws<InvalidOperationException>(() => CanonicalJson.Of(json => json.WriteNumberValue(0.5)));

    private static void Becomes(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(json))!));
}
