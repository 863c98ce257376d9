using System.Collections.Immutable;
using System.Text.Json;

namespace CtoHarness.Core.Evidence;

/// <summary>Reads fields of JSON that somebody else may have written: what is not there in the right form is null, and nothing is thrown.</summary>
public static class JsonFields
{
    /// <summary>Parses one JSON value.</summary>
    /// <param name="utf8">Any bytes.</param>
    /// <returns>The value in its canonical form, or null where the bytes have none: all names and texts in it can be read.</returns>
    public static JsonElement? TryParse(ReadOnlyMemory<byte> utf8)
    {
        if (CanonicalJson.TryFrom(utf8) is not { } canonical)
        {
            return null;
        }

        using var document = JsonDocument.Parse(canonical);
        return document.RootElement.Clone();
    }

    /// <summary>A text.</summary>
    /// <param name="json">Any value.</param>
    /// <param name="name">The field.</param>
    /// <returns>The text, or null.</returns>
    public static string? Text(this JsonElement json, string name) => Field(json, name) is { } value ? TextOf(value) : null;

    /// <summary>A whole number from 0.</summary>
    /// <param name="json">Any value.</param>
    /// <param name="name">The field.</param>
    /// <returns>The number, or null.</returns>
    public static long? Count(this JsonElement json, string name) =>
        Field(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) && number >= 0 ? number : null;

    /// <summary>True or false.</summary>
    /// <param name="json">Any value.</param>
    /// <param name="name">The field.</param>
    /// <returns>The answer, or null.</returns>
    public static bool? Truth(this JsonElement json, string name) => Field(json, name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>An object.</summary>
    /// <param name="json">Any value.</param>
    /// <param name="name">The field.</param>
    /// <returns>The object, or null.</returns>
    public static JsonElement? Inner(this JsonElement json, string name) => Field(json, name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>The items of a list.</summary>
    /// <param name="json">Any value.</param>
    /// <param name="name">The field.</param>
    /// <returns>The items, or null where there is no list.</returns>
    public static ImmutableArray<JsonElement>? Items(this JsonElement json, string name) =>
        Field(json, name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : null;

    /// <summary>A list of texts.</summary>
    /// <param name="json">Any value.</param>
    /// <param name="name">The field.</param>
    /// <returns>The texts, or null where there is no list, or something else in it.</returns>
    public static ImmutableArray<string>? Texts(this JsonElement json, string name)
    {
        var texts = Items(json, name)?.Select(TextOf).ToList();
        return texts is null || texts.Contains(null) ? null : [.. texts.Select(text => text!)];
    }

    private static JsonElement? Field(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate
        }
    }
}
