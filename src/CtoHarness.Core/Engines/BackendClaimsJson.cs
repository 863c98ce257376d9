using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Engines;

/// <summary>Writes what a backend said of itself as the data of <c>backend.claimed</c>, and reads it again.</summary>
public static class BackendClaimsJson
{
    /// <summary>Writes the fields.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="claims">The counts.</param>
    public static void Write(Utf8JsonWriter json, BackendClaims claims)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(claims);
        json.WriteStartObject("records");
        foreach (var (name, count) in claims.Records)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
        json.WriteNumber("lines", claims.Lines);
        json.WriteNumber("unrecognised", claims.Unrecognised);
        json.WriteNumber("too_long", claims.TooLong);
        json.WriteNumber("forged", claims.Forged);
        json.WriteBoolean("torn", claims.IsTorn);
    }

    /// <summary>Reads the fields.</summary>
    /// <param name="data">A value whose names can be read.</param>
    /// <returns>The counts, or null unless they are written as exactly this data.</returns>
    public static BackendClaims? TryRead(JsonElement data)
    {
        if (data.Inner("records") is not { } records || data.Count("lines") is not { } lines || data.Count("unrecognised") is not { } unrecognised
            || data.Count("too_long") is not { } tooLong || data.Count("forged") is not { } forged || data.Truth("torn") is not { } torn)
        {
            return null;
        }

        var counts = records.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Number)
            .ToImmutableSortedDictionary(one => one.Name, one => records.Count(one.Name) ?? 0, StringComparer.Ordinal);
        var claims = new BackendClaims(counts, lines, unrecognised, tooLong, forged, torn);
        var again = CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            Write(json, claims);
            json.WriteEndObject();
        });
        return counts.Count <= BackendClaims.MostRecords && CanonicalJson.TryFrom(JsonText.Line(data.WriteTo)) is { } given && again.AsSpan().SequenceEqual(given) ? claims : null;
    }
}
