using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Gateway;

/// <summary>Writes the data of <c>gateway.closed</c>, and what a report says of the traffic.</summary>
public static class TrafficJson
{
    private const int MostListed = 100;

    /// <summary>Writes the data of <c>gateway.closed</c>: how many calls the events tell, and what they do not.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="traffic">The traffic.</param>
    public static void WriteClosed(Utf8JsonWriter json, ModelTraffic traffic)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(traffic);
        json.WriteNumber("listed", traffic.Calls.Length);
        json.WriteNumber("not_listed", traffic.NotListed);
        json.WriteString("trouble", traffic.Trouble);
    }

    /// <summary>Reads the traffic again.</summary>
    /// <param name="closed">The data of <c>gateway.closed</c>.</param>
    /// <param name="calls">The calls that the events tell, in order.</param>
    /// <returns>The traffic, or null unless the data is written as exactly this, and no two calls have one number.</returns>
    public static ModelTraffic? TryRead(JsonElement closed, ImmutableArray<ModelCall> calls)
    {
        if (closed.Count("not_listed") is not { } notListed || closed.Text("trouble") is not { } trouble)
        {
            return null;
        }

        var traffic = new ModelTraffic(calls, notListed, trouble);
        var again = CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            WriteClosed(json, traffic);
            json.WriteEndObject();
        });
        return CanonicalJson.TryFrom(JsonText.Line(closed.WriteTo)) is { } given && again.AsSpan().SequenceEqual(given)
            && calls.Select(call => call.Number).Distinct().Count() == calls.Length
                ? traffic : null;
    }

    /// <summary>Writes the field <c>model_traffic</c> of a report.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="traffic">The traffic; null where nobody saw any.</param>
    public static void WriteReport(Utf8JsonWriter json, ModelTraffic? traffic)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (traffic is null)
        {
            json.WriteNull("model_traffic");
            return;
        }

        json.WriteStartObject("model_traffic");
        json.WriteNumber("calls", traffic.Forwarded);
        json.WriteNumber("input_tokens", traffic.InputTokens);
        json.WriteNumber("output_tokens", traffic.OutputTokens);
        json.WriteNumber("refused", traffic.Refused);
        json.WriteNumber("response_bytes", traffic.ResponseBytes);
        json.WriteObserved("slowest_first_token_ms", traffic.Calls.Max(call => call.FirstTokenMs));
        json.WriteStartArray("troubles");
        foreach (var call in traffic.Calls.Where(call => call.Trouble != ProviderTrouble.None || !call.IsForwarded).Take(MostListed))
        {
            json.WriteStartObject();
            json.WriteNumber("call", call.Number);
            json.WriteString("refused_for", call.IsForwarded ? null : Words.Of(call.Refusal));
            json.WriteString("provider", call.Trouble == ProviderTrouble.None ? null : Words.Of(call.Trouble));
            json.WriteObserved("status", call.Status);
            json.WriteString("detail", call.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("observer", Words.Of(Events.Observer.Gateway));
        json.WriteEndObject();
    }
}
