using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CtoHarness.Core.Evidence;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Evidence;

[Trait("Mission", "M20")]
public sealed class CanonicalJsonLaws
{
    private static readonly Gen<string> Texts = Some.Text.Select(text => new string([.. text.Where(c => !char.IsSurrogate(c))]));

    [Fact]
    public void Whatever_the_bytes_say_they_are_read_without_trouble()
    {
        Law.Ends(Some.Bytes, bytes => CanonicalJson.TryFrom(bytes), tries: 2000);
        Law.Ends(Pieces, bytes => CanonicalJson.TryFrom(bytes), tries: 10_000);
    }

    [Fact]
    public void A_canonical_text_is_its_own_canonical_form() =>
        Law.Holds(Values(3), value => Canonical(value) is var once && CanonicalJson.TryFrom(once)!.SequenceEqual(once), tries: 1000);

    [Fact]
    public void Glued_pieces_that_are_JSON_are_canonical_after_one_step() =>
        Law.Holds(Pieces, bytes => CanonicalJson.TryFrom(bytes) is not { } once || CanonicalJson.TryFrom(once)!.SequenceEqual(once), tries: 10_000);

    [Fact]
    public void The_canonical_form_says_the_same() =>
        Law.Holds(Values(3), value => JsonNode.DeepEquals(JsonNode.Parse(Canonical(value)), value), tries: 1000);

    [Fact]
    public void Indentation_does_not_matter() =>
        Law.Holds(
            Values(3),
            value => CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(value?.ToJsonString(Indented) ?? "null"))!.SequenceEqual(Canonical(value)),
            tries: 500);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Gen<byte[]> Pieces = Some.Glued(
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "\\u", "\\ud800", "\"\\u0061\"", "1", "-0", "0.5", "true", "null", " ", "\n", "\u00e9");

    private static byte[] Canonical(JsonNode? value) => CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(value?.ToJsonString() ?? "null"))!;

    private static Gen<JsonNode?> Values(int depth)
    {
        var leaf = Gen.OneOf(
            Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
            Gen.Choose(int.MinValue, int.MaxValue).Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Elements<JsonNode?>([null]),
            Gen.Elements(true, false).Select(truth => (JsonNode?)JsonValue.Create(truth)));
        if (depth == 0)
        {
            return leaf;
        }

        var list = Gen.Choose(0, 4).SelectMany(many => Values(depth - 1).ArrayOf(many)).Select(items => (JsonNode?)new JsonArray(items));
        var map =
            from names in Texts.ArrayOf()
            from values in Values(depth - 1).ArrayOf(4)
            select (JsonNode?)new JsonObject(names.Distinct().Zip(values, KeyValuePair.Create));
        return Gen.OneOf(leaf, list, map);
    }
}
