using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Engines;

/// <summary>Writes and reads the data of <c>backend.claimed</c>, and writes <c>backend/claims.jsonl</c>, schema <c>claim.v1.json</c>.</summary>
public static class BackendClaimsJson
{
    /// <summary>Writes the counts.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="claims">What was counted.</param>
    public static void Write(Utf8JsonWriter json, BackendClaims claims)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(claims);
        json.WriteNumber("lines", claims.Lines);
        json.WriteStartObject("records");
        foreach (var (name, count) in claims.Records)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
        json.WriteNumber("unrecognised", claims.Unrecognised);
        json.WriteNumber("too_long", claims.TooLong);
        json.WriteNumber("forged", claims.Forged);
        json.WriteBoolean("torn", claims.IsTorn);
    }

    /// <summary>Reads the counts.</summary>
    /// <param name="json">Any value.</param>
    /// <returns>The counts; null where one is missing or has another form, or where they do not add up.</returns>
    public static BackendClaims? TryRead(JsonElement json) =>
        json.Count("lines") is { } lines and <= Most && Records(json) is { } records
        && json.Count("unrecognised") is { } unrecognised and <= Most && json.Count("too_long") is { } tooLong and <= Most
        && json.Count("forged") is { } forged and <= Most && json.Truth("torn") is { } torn
        && lines == records.Values.Sum() + unrecognised + tooLong + forged && (lines > 0 || !torn)
            ? new BackendClaims(records, lines, unrecognised, tooLong, forged, torn)
            : null;

    /// <summary>Writes one claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <returns>UTF-8 JSON with a final newline.</returns>
    public static byte[] Line(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var said = claim.Event;
        var line = JsonText.Line(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("number", claim.Number);
            json.WriteString("record", said.Record);
            json.WriteString("tool", said.Tool.Length > 0 ? said.Tool : null);
            json.WriteString("outcome", said.Outcome.Length > 0 ? said.Outcome : null);
            json.WriteObserved("is_error", said.IsError);
            json.WriteObserved("duration_ms", said.DurationMs);
            json.WriteString("observer", Words.Of(Events.Observer.Backend));
            json.WriteEndObject();
        });
        return [.. line, (byte)'\n'];
    }

    // Beyond this, JSON has no exact whole numbers; and some of them together are no more than a long holds.
    private const long Most = 1L << 53;

    private static ImmutableSortedDictionary<string, long>? Records(JsonElement json)
    {
        if (json.Inner("records") is not { } inner)
        {
            return null;
        }

        var records = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var record in inner.EnumerateObject())
        {
            if (!EngineEvent.IsName(record.Name) || inner.Count(record.Name) is not { } count || count is 0 or > Most || records.Count == BackendClaims.MostRecords)
            {
                return null;
            }

            records[record.Name] = count;
        }

        return records.ToImmutable();
    }
}
