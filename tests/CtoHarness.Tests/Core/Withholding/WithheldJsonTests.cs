using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Events;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Tests.Core.Withholding;

[Trait("Mission", "M20")]
public sealed class WithheldJsonTests
{
    private const string Hmac = "hmac-sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    [Theory]
    [InlineData("[]", true)]
    [InlineData("""[{"name":"A","hmac":"H"},{"name":"B","exempt":"why"}]""", true)]
    [InlineData("""[{"name":"B","hmac":"H"},{"name":"A","exempt":"why"}]""", false)]
    [InlineData("""[{"name":"A","hmac":"H"},{"name":"A","exempt":"why"}]""", false)]
    [InlineData("""[{"name":"A","hmac":"H","exempt":"why"}]""", false)]
    [InlineData("""[{"name":"A"}]""", false)]
    [InlineData("""[{"name":"","hmac":"H"}]""", false)]
    [InlineData("""[{"name":"A","hmac":"sha256:00"}]""", false)]
    [InlineData("""[{"name":"A","exempt":""}]""", false)]
    [InlineData("""["A"]""", false)]
    [InlineData("{}", false)]
    public void The_list_is_read_only_in_exactly_its_form_and_order(string list, bool isRead) =>
        Assert.Equal(isRead, WithheldJson.TryRead(Parse($$"""{"withheld":{{list.Replace("\"H\"", $"\"{Hmac}\"", StringComparison.Ordinal)}}}""")) is not null);

    [Fact]
    public void Where_values_were_replaced_is_read_again()
    {
        var line = JsonText.Line(json =>
        {
            json.WriteStartObject();
            WithheldJson.WriteReplaced(json, [new ReplacedValues("backend/stdout.log", ["A", "B"])]);
            json.WriteEndObject();
        });
        var read = Assert.Single(WithheldJson.TryReadReplaced(Parse(Encoding.UTF8.GetString(line)))!.Value);
        Assert.Equal(("backend/stdout.log", "A B"), (read.File, string.Join(' ', read.Names)));
        Assert.Null(WithheldJson.TryReadReplaced(Parse("""{"files":[{"path":"x","names":[]}]}""")));
        Assert.Null(WithheldJson.TryReadReplaced(Parse("{}")));
    }

    [Fact]
    public void An_event_has_its_digest_of_what_is_left_without_values()
    {
        var search = ValueSearch.Of([new WithheldValue("MY_KEY", Encoding.UTF8.GetBytes("a+b\"c/d\u00e9 f"))]);
        var time = DateTimeOffset.UnixEpoch;
        var withValue = Event("found a+b\"c/d\u00e9 f there", search);
        Assert.Equal(Event("found [withheld:MY_KEY] there", null).ToLine(), withValue.ToLine());
        Assert.Contains("[withheld:MY_KEY]", JsonNode.Parse(withValue.ToLine())!["data"]!["list"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(Event("nothing", null).Digest, Event("nothing", search).Digest);

        RunEvent Event(string text, ValueSearch? values) => new EventSequencer(Sample.FakeRun.Identity.Run).Next(time, "x", Observer.Harness, json =>
        {
            json.WriteStrings("list", [text]);
            json.WriteNumber("count", 5);
            json.WriteNull("nothing");
        }, values);
    }

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
