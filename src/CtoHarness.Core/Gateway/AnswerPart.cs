using System.Collections.Immutable;
using System.Text.Json;

namespace CtoHarness.Core.Gateway;

/// <summary>What one JSON document of an answer says of the answer: the whole body, or one piece of a stream.</summary>
/// <param name="InputTokens">Tokens of the request; null where it does not say.</param>
/// <param name="OutputTokens">Tokens of the answer; null where it does not say.</param>
/// <param name="Finish">Why the model stopped, in the provider's words; empty where it does not say.</param>
/// <param name="IsError">Whether it tells of an error.</param>
internal sealed record AnswerPart(long? InputTokens, long? OutputTokens, ImmutableArray<string> Finish, bool IsError)
{
    // No answer has so many; a larger number is no count.
    private const long MostTokens = 10_000_000;
    private const int MostDepth = 128;
    private const int MostFinish = 16;
    private const int LongestFinish = 100;

    /// <summary>Reads a document.</summary>
    /// <param name="utf8">Any bytes.</param>
    /// <param name="part">What it says; null where it is no JSON object.</param>
    /// <returns>Whether all that is there could begin a JSON object, so that only its end is missing.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> utf8, out AnswerPart? part)
    {
        part = null;
        try
        {
            var json = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MostDepth }));
            if (!json.Read())
            {
                return true;
            }

            if (json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            var found = new AnswerPart(null, null, [], false);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                found = found.With(ref json);
            }

            // Read to the end, and nothing behind it.
            part = json is { CurrentDepth: 0, TokenType: JsonTokenType.EndObject } && !json.Read() && utf8[(int)json.BytesConsumed..].Trim(" \t\r\n"u8).IsEmpty ? found : null;
            return true;
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return false; // half of a surrogate pair in a name is found only when the name is looked at
        }
    }

    private AnswerPart With(ref Utf8JsonReader json)
    {
        var isUsage = json.ValueTextEquals("usage"u8);
        var isChoices = json.ValueTextEquals("choices"u8);
        var isError = json.ValueTextEquals("error"u8);
        if (!json.Read())
        {
            return this;
        }

        if (isUsage && json.TokenType == JsonTokenType.StartObject)
        {
            return Usage(ref json);
        }

        if (isChoices && json.TokenType == JsonTokenType.StartArray)
        {
            return Choices(ref json);
        }

        var part = isError && json.TokenType != JsonTokenType.Null ? this with { IsError = true } : this;
        json.TrySkip();
        return part;
    }

    private AnswerPart Usage(ref Utf8JsonReader json)
    {
        var part = this;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isInput = json.ValueTextEquals("prompt_tokens"u8);
            var isOutput = json.ValueTextEquals("completion_tokens"u8);
            if (!json.Read())
            {
                break;
            }

            var count = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number is >= 0 and <= MostTokens ? number : (long?)null;
            part = part with { InputTokens = isInput ? count : part.InputTokens, OutputTokens = isOutput ? count : part.OutputTokens };
            json.TrySkip();
        }

        return part;
    }

    private AnswerPart Choices(ref Utf8JsonReader json)
    {
        var part = this;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.TrySkip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isFinish = json.ValueTextEquals("finish_reason"u8);
                if (json.Read() && isFinish && json.TokenType == JsonTokenType.String && part.Finish.Length < MostFinish && json.ValueSpan.Length <= LongestFinish)
                {
                    part = part with { Finish = part.Finish.Add(Words(ref json)) };
                }

                json.TrySkip();
            }
        }

        return part;
    }

    private static string Words(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "?"; // no text that can be shown, and an end all the same
        }
    }
}
