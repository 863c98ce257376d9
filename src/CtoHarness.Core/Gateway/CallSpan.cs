using System.Globalization;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Gateway;

/// <summary>What a span says of a call of a model, in OpenTelemetry's names for generative AI.</summary>
public static class CallSpan
{
    private const string Operation = "chat";
    private const int FirstError = 400;

    /// <summary>The span's name.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The operation, and the model where it is known.</returns>
    public static string NameOf(ModelCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Model.Length > 0 ? $"{Operation} {call.Model}" : Operation;
    }

    /// <summary>Writes the attributes.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="call">The call.</param>
    /// <param name="provider">The provider's name.</param>
    public static void WriteAttributes(Utf8JsonWriter json, ModelCall call, string provider)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(call);
        json.WriteString("gen_ai.operation.name", Operation);
        json.WriteString("gen_ai.provider.name", provider);
        if (call.Model.Length > 0)
        {
            json.WriteString("gen_ai.request.model", call.Model);
        }

        if (!call.FinishReasons.IsEmpty)
        {
            json.WriteStrings("gen_ai.response.finish_reasons", call.FinishReasons);
        }

        WriteCount(json, "gen_ai.usage.input_tokens", call.InputTokens);
        WriteCount(json, "gen_ai.usage.output_tokens", call.OutputTokens);
        WriteCount(json, "http.response.status_code", call.Status);
        if (ErrorOf(call) is { } error)
        {
            json.WriteString("error.type", error);
        }
    }

    // A status alone is an error, too: by it the caller knows what to do.
    private static string? ErrorOf(ModelCall call) =>
        !call.IsForwarded ? $"refused-{Words.Of(call.Refusal)}"
        : call.Trouble != ProviderTrouble.None ? Words.Of(call.Trouble)
        : call.Status is >= FirstError and var status ? status.ToString(CultureInfo.InvariantCulture)
        : call.IsAbandoned ? "abandoned"
        : null;

    private static void WriteCount(Utf8JsonWriter json, string name, long? count)
    {
        if (count is { } known)
        {
            json.WriteNumber(name, known);
        }
    }
}
