using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Gateway;

/// <summary>Writes a call as the data of <c>model.called</c>, and reads it again.</summary>
public static class ModelCallJson
{
    /// <summary>Writes the fields.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="call">The call.</param>
    public static void Write(Utf8JsonWriter json, ModelCall call)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(call);
        json.WriteNumber("number", call.Number);
        json.WriteString("model", call.Model);
        json.WriteString("refusal", call.Refusal == CallRefusal.None ? null : Words.Of(call.Refusal));
        json.WriteString("trouble", call.Trouble == ProviderTrouble.None ? null : Words.Of(call.Trouble));
        json.WriteString("detail", call.Detail);
        json.WriteBoolean("abandoned", call.IsAbandoned);
        json.WriteBoolean("streaming", call.IsStreaming);
        json.WriteObserved("status", call.Status);
        json.WriteBoolean("nonce", call.HasNonce);
        json.WriteString("request", call.Request?.ToString());
        json.WriteNumber("request_bytes", call.RequestBytes);
        json.WriteString("response", call.Response?.ToString());
        json.WriteNumber("response_bytes", call.ResponseBytes);
        json.WriteObserved("input_tokens", call.InputTokens);
        json.WriteObserved("output_tokens", call.OutputTokens);
        json.WriteNumber("duration_ms", call.DurationMs);
        json.WriteObserved("first_token_ms", call.FirstTokenMs);
    }

    /// <summary>Reads the fields.</summary>
    /// <param name="data">A value whose names can be read.</param>
    /// <returns>The call, or null unless it is written as exactly this data.</returns>
    public static ModelCall? TryRead(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object || Read(data) is not { } call)
        {
            return null;
        }

        var again = CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            Write(json, call);
            json.WriteEndObject();
        });
        return CanonicalJson.TryFrom(JsonText.Line(data.WriteTo)) is { } given && again.AsSpan().SequenceEqual(given) ? call : null;
    }

    private static ModelCall? Read(JsonElement data) =>
        data.Count("number") is { } number and > 0
        && data.Text("model") is { Length: <= CallText.LongestModel } model && data.Text("detail") is { Length: <= CallText.LongestDetail } detail
        && Word(data, "refusal", CallRefusal.None, Words.Of) is { } refusal && Word(data, "trouble", ProviderTrouble.None, Words.Of) is { } trouble
        && data.Truth("abandoned") is { } abandoned && data.Truth("streaming") is { } streaming && data.Truth("nonce") is { } nonce
        && data.Count("request_bytes") is { } requestBytes && data.Count("response_bytes") is { } responseBytes && data.Count("duration_ms") is { } took
            ? new ModelCall(
                number, model, refusal, trouble, detail, abandoned, streaming, data.Count("status") is { } status and <= 999 ? (int)status : null, nonce,
                Digests(data, "request"), requestBytes, Digests(data, "response"), responseBytes,
                data.Count("input_tokens"), data.Count("output_tokens"), took, data.Count("first_token_ms"))
            : null;

    private static T? Word<T>(JsonElement data, string name, T none, Func<T, string> of)
        where T : struct, Enum =>
        data.Text(name) is { } word ? WordReader.Find(word, of) : none;

    private static Digest? Digests(JsonElement data, string name) =>
        data.Text(name) is { } text && Digest.TryParse(text, out var digest) ? digest : null;
}
