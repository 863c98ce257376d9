using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Withholding;

/// <summary>Reads and writes what is said of withheld values, and keeps them out of JSON.</summary>
public static class WithheldJson
{
    private const string Field = "withheld";
    private const string Prefix = "hmac-sha256:";
    private const int Digits = 64;
    private const int MostOfText = 400;

    /// <summary>Writes the list.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="records">What is said, by name.</param>
    public static void Write(Utf8JsonWriter json, ImmutableArray<WithheldRecord> records)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray(Field);
        foreach (var (name, hmac, exempt) in records)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            if (hmac is not null)
            {
                json.WriteString("hmac", hmac);
            }
            else
            {
                json.WriteString("exempt", exempt);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads the list.</summary>
    /// <param name="json">Any value.</param>
    /// <returns>The list, or null where it is missing or not exactly of that form and order.</returns>
    public static ImmutableArray<WithheldRecord>? TryRead(JsonElement json)
    {
        var records = json.Items(Field)?.Select(Record).ToList();
        return records is null || records.Contains(null) || !records.Zip(records.Skip(1)).All(two => string.CompareOrdinal(two.First!.Name, two.Second!.Name) < 0)
            ? null
            : [.. records.Select(record => record!)];
    }

    /// <summary>Writes where values were replaced.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="files">The files.</param>
    public static void WriteReplaced(Utf8JsonWriter json, ImmutableArray<ReplacedValues> files)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray("files");
        foreach (var (file, names) in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file);
            json.WriteStrings("names", names);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads where values were replaced.</summary>
    /// <param name="json">The data of <c>values.replaced</c>.</param>
    /// <returns>The files, or null where anything of it is missing or has another form.</returns>
    public static ImmutableArray<ReplacedValues>? TryReadReplaced(JsonElement json)
    {
        var files = json.Items("files")?
            .Select(file => file.Text("path") is { Length: > 0 } path && file.Texts("names") is { IsEmpty: false } names ? new ReplacedValues(path, names) : null)
            .ToList();
        return files is null || files.Contains(null) ? null : [.. files.Select(file => file!)];
    }

    /// <summary>Puts marks in the place of the values in all texts of a canonical JSON document.</summary>
    /// <param name="canonical">Canonical JSON.</param>
    /// <param name="search">What is searched for.</param>
    /// <returns>Canonical JSON; the same bytes where it holds no value.</returns>
    public static ReadOnlyMemory<byte> Redact(ReadOnlyMemory<byte> canonical, ValueSearch search)
    {
        ArgumentNullException.ThrowIfNull(search);
        if (search.IsEmpty)
        {
            return canonical;
        }

        // Text by text: what a text holds may be written in a form that nobody searches for.
        using var document = JsonDocument.Parse(canonical);
        var root = document.RootElement;
        return CanonicalJson.Of(json => Copy(json, root, search));
    }

    private static void Copy(Utf8JsonWriter json, JsonElement value, ValueSearch search)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    json.WritePropertyName(field.Name);
                    Copy(json, field.Value, search);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Copy(json, item, search);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(search.Redact(value.GetString()!));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static WithheldRecord? Record(JsonElement json)
    {
        var (hmac, exempt) = (json.Text("hmac"), json.Text("exempt"));
        return json.ValueKind == JsonValueKind.Object && json.EnumerateObject().Count() == 2
            && json.Text("name") is { Length: > 0 and <= MostOfText } name
            && (hmac is null ? exempt is { Length: > 0 and <= MostOfText } : IsHmac(hmac))
                ? new WithheldRecord(name, hmac, exempt)
                : null;
    }

    private static bool IsHmac(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + Digits && text[Prefix.Length..].All(char.IsAsciiHexDigitLower);
}
