using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CtoHarness.Core.Evidence;

/// <summary>The canonical form of RFC 8785 (JCS), for JSON whose numbers are whole.</summary>
public static class CanonicalJson
{
    private const long LargestExact = 1L << 53;

    /// <summary>Writes the canonical form of one JSON text.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <returns>The canonical bytes, or null where the text is no JSON, repeats a name, is nested deeper than 64, or has a number
    /// that is not whole or beyond 2^53.</returns>
    public static byte[]? TryFrom(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 64 });
            var text = new StringBuilder();
            return Append(text, document.RootElement) ? Encoding.UTF8.GetBytes(text.ToString()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // a string with a lone surrogate
        }
    }

    /// <summary>Writes the canonical form of a value that the harness itself makes.</summary>
    /// <param name="write">Writes the value.</param>
    /// <returns>The canonical bytes.</returns>
    /// <exception cref="InvalidOperationException">The value has no canonical form, which is a bug of the caller.</exception>
    public static byte[] Of(Action<Utf8JsonWriter> write) =>
        TryFrom(JsonText.Line(write)) ?? throw new InvalidOperationException("this value has no canonical JSON form");

    private static bool Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return AppendObject(text, value);
            case JsonValueKind.Array:
                return AppendArray(text, value);
            case JsonValueKind.String:
                AppendString(text, value.GetString()!);
                return true;
            case JsonValueKind.Number:
                return AppendNumber(text, value);
            default:
                text.Append(value.GetRawText());
                return true;
        }
    }

    private static bool AppendObject(StringBuilder text, JsonElement value)
    {
        text.Append('{');
        var first = true;
        foreach (var named in Sorted(value))
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            AppendString(text, named.Name);
            text.Append(':');
            if (!Append(text, named.Value))
            {
                return false;
            }
        }

        text.Append('}');
        return true;
    }

    private static List<Named> Sorted(JsonElement value)
    {
        var all = new List<Named>();
        foreach (var property in value.EnumerateObject())
        {
            all.Add(new Named(property.Name, property.Value));
        }

        all.Sort(ByName.Instance);
        return all;
    }

    private static bool AppendArray(StringBuilder text, JsonElement value)
    {
        text.Append('[');
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            if (!Append(text, item))
            {
                return false;
            }
        }

        text.Append(']');
        return true;
    }

    private static bool AppendNumber(StringBuilder text, JsonElement value)
    {
        if (!value.TryGetInt64(out var number) || number > LargestExact || number < -LargestExact)
        {
            return false;
        }

        text.Append(number.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\b' => text.Append(@"\b"),
                '\t' => text.Append(@"\t"),
                '\n' => text.Append(@"\n"),
                '\f' => text.Append(@"\f"),
                '\r' => text.Append(@"\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // Classes, whose lists and orders are compiled already: this is most of what a short call does.
    private sealed class Named(string name, JsonElement value)
    {
        internal string Name { get; } = name;

        internal JsonElement Value { get; } = value;
    }

    private sealed class ByName : IComparer<Named>
    {
        internal static ByName Instance { get; } = new();

        public int Compare(Named? x, Named? y) => string.CompareOrdinal(x?.Name, y?.Name);
    }
}
