using System.Collections.Immutable;
using System.Text.Json;

namespace CtoHarness.Core.Verification;

/// <summary>A JSON value that can be compared exactly.</summary>
public abstract record JsonValue
{
    /// <summary>How deep lists and maps may be nested.</summary>
    public const int MaxDepth = 32;

    private JsonValue()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record Null : JsonValue;

    /// <summary>True or false.</summary>
    /// <param name="Value">Which.</param>
    public sealed record Truth(bool Value) : JsonValue;

    /// <summary>A number.</summary>
    /// <param name="Lexeme">The number as JSON writes it.</param>
    public sealed record Number(string Lexeme) : JsonValue
    {
        /// <summary>Whether it is written as a whole number, without fraction and exponent.</summary>
        public bool IsWhole => Lexeme.AsSpan().IndexOfAny(".eE") < 0;
    }

    /// <summary>A text.</summary>
    /// <param name="Value">Its characters, without lone surrogates.</param>
    public sealed record Characters(string Value) : JsonValue;

    /// <summary>A list.</summary>
    /// <param name="Items">Its items, in order.</param>
    public sealed record List(ImmutableArray<JsonValue> Items) : JsonValue;

    /// <summary>Named values, no two of one name.</summary>
    /// <param name="Fields">Names and values; their order means nothing.</param>
    public sealed record Map(ImmutableArray<(string Name, JsonValue Value)> Fields) : JsonValue
    {
        /// <summary>The value of a name, or null where there is none.</summary>
        /// <param name="name">The name.</param>
        /// <returns>The value.</returns>
        public JsonValue? Find(string name)
        {
            foreach (var (known, value) in Fields)
            {
                if (string.Equals(known, name, StringComparison.Ordinal))
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>Whether another value is exactly this one: texts character by character, whole numbers digit by digit, others as the
    /// doubles that they are; a whole number and one with a fraction are never the same.</summary>
    /// <param name="other">Another value.</param>
    /// <returns>True where it is.</returns>
    public bool SameAs(JsonValue other) => (this, other) switch
    {
        (Number a, Number b) => a.IsWhole == b.IsWhole && (a.Lexeme == b.Lexeme || (!a.IsWhole && Bits(a) is { } bits && bits == Bits(b))),
        (List a, List b) => a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(pair => pair.First.SameAs(pair.Second)),
        (Map a, Map b) => a.Fields.Length == b.Fields.Length && a.Fields.All(field => b.Find(field.Name) is { } value && field.Value.SameAs(value)),
        (List or Map, _) or (_, List or Map) => false,
        _ => Equals(other),
    };

    /// <summary>Reads one JSON text.</summary>
    /// <param name="json">UTF-8, hostile bytes included.</param>
    /// <returns>The value, or null where the text is no JSON, repeats a name, is nested too deep or holds a lone surrogate.</returns>
    public static JsonValue? TryRead(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate
        }
    }

    /// <summary>Writes the value.</summary>
    /// <param name="json">The writer, where a value may stand.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        switch (this)
        {
            case Truth truth:
                json.WriteBooleanValue(truth.Value);
                break;
            case Number number:
                json.WriteRawValue(number.Lexeme);
                break;
            case Characters text:
                json.WriteStringValue(text.Value);
                break;
            case List list:
                WriteList(json, list);
                break;
            case Map map:
                WriteMap(json, map);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter json, List list)
    {
        json.WriteStartArray();
        foreach (var item in list.Items)
        {
            item.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, Map map)
    {
        json.WriteStartObject();
        foreach (var (name, value) in map.Fields)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static JsonValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => new Truth(true),
        JsonValueKind.False => new Truth(false),
        JsonValueKind.Number => new Number(element.GetRawText()),
        JsonValueKind.String => new Characters(element.GetString()!),
        JsonValueKind.Array => new List([.. element.EnumerateArray().Select(Of)]),
        JsonValueKind.Object => new Map([.. element.EnumerateObject().Select(field => (field.Name, Of(field.Value)))]),
        _ => new Null(),
    };

    private static long? Bits(Number number) =>
        double.TryParse(number.Lexeme, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? BitConverter.DoubleToInt64Bits(value)
            : null;
}
