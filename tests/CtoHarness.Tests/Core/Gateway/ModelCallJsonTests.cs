using System.Text.Json;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Tests.Core.Gateway;

public sealed class ModelCallJsonTests
{
    public static TheoryData<ModelCall> Calls =>
    [
        Sample.Call,
        Sample.Call with { Refusal = CallRefusal.Model, Status = null, Response = null, Detail = "model \"x\"", FirstTokenMs = null, InputTokens = null, OutputTokens = null },
        Sample.Call with { Trouble = ProviderTrouble.CutOff, IsAbandoned = true, Request = null, Number = long.MaxValue >> 11 },
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public void What_is_written_is_read_again(ModelCall call) => Assert.Equal(call, ModelCallJson.TryRead(Data(json => ModelCallJson.Write(json, call))));

    [Fact]
    public void Every_word_is_its_own()
    {
        Assert.Distinct(Enum.GetValues<CallRefusal>().Select(Words.Of));
        Assert.Distinct(Enum.GetValues<ProviderTrouble>().Select(Words.Of));
    }

    [Theory]
    [InlineData("number", "0")]
    [InlineData("model", "7")]
    [InlineData("refusal", "\"because\"")]
    [InlineData("trouble", "\"none\"")]
    [InlineData("abandoned", "null")]
    [InlineData("status", "1000")]
    [InlineData("status", "-1")]
    [InlineData("request", "\"sha256:12\"")]
    [InlineData("input_tokens", "1.5")]
    [InlineData("more", "1")]
    public void Whatever_else_stands_there_is_refused(string field, string value)
    {
        var text = JsonText.Line(json =>
        {
            json.WriteStartObject();
            ModelCallJson.Write(json, Sample.Call);
            json.WriteEndObject();
        });
        using var sound = JsonDocument.Parse(text);
        var fields = sound.RootElement.EnumerateObject().Where(one => one.Name != field).Select(one => $"\"{one.Name}\":{one.Value.GetRawText()}").Append($"\"{field}\":{value}");
        using var changed = JsonDocument.Parse("{" + string.Join(',', fields) + "}");
        Assert.Null(ModelCallJson.TryRead(changed.RootElement));
    }

    [Fact]
    public void The_end_counts_the_calls_and_no_number_stands_twice()
    {
        var closed = Data(json => TrafficJson.WriteClosed(json, Sample.Traffic));
        Assert.NotNull(TrafficJson.TryRead(closed, Sample.Traffic.Calls));
        Assert.Null(TrafficJson.TryRead(closed, [Sample.Call]));
        Assert.Null(TrafficJson.TryRead(closed, [Sample.Call, Sample.Call]));
        Assert.Null(TrafficJson.TryRead(Data(json => json.WriteNumber("listed", 2)), Sample.Traffic.Calls));
    }

    private static JsonElement Data(Action<Utf8JsonWriter> write)
    {
        using var document = JsonDocument.Parse(JsonText.Line(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }));
        return document.RootElement.Clone();
    }
}
