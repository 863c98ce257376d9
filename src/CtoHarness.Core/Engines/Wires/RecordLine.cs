using System.Text.Json;

namespace CtoHarness.Core.Engines.Wires;

/// <summary>The fields of one line of JSON that a claim is made of. The line is passed over once, and nothing of it is kept but these.</summary>
internal sealed class RecordLine
{
    private const int LongestText = 4096;
    private const int Depth = 64;
    private static readonly string[] Wanted =
    [
        "type", "event", "seq", "run_id", "observer", "tool", "toolName", "phase", "outcome", "isError", "is_error", "durationMs", "duration_ms", "success",
    ];

    private readonly Dictionary<string, object?> _fields = new(StringComparer.Ordinal);

    private RecordLine()
    {
    }

    /// <summary>The last <c>stopReason</c> of the messages in it.</summary>
    internal string? StopReason { get; private set; }

    /// <summary>Reads a line; null where it is not exactly one JSON object.</summary>
    internal static RecordLine? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = Depth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            var result = new RecordLine();
            result.ReadFields(ref reader);
            return result;
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return null; // half of a surrogate pair in a name is found only when the name is looked at
        }
    }

    internal bool Has(string name) => _fields.ContainsKey(name);

    internal string? Text(string name) => _fields.GetValueOrDefault(name) as string;

    internal bool? Truth(string name) => _fields.GetValueOrDefault(name) as bool?;

    internal long? Count(string name) => _fields.GetValueOrDefault(name) as long? is { } number and >= 0 ? number : null;

    private void ReadFields(ref Utf8JsonReader reader)
    {
        var inMessage = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.CurrentDepth == 1)
            {
                inMessage = reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("messages"u8);
                if (NameOf(ref reader) is { } name)
                {
                    reader.Read();
                    _fields[name] = ValueOf(ref reader);
                }
            }
            else if (inMessage && reader.CurrentDepth <= 3 && reader.ValueTextEquals("stopReason"u8))
            {
                reader.Read();
                StopReason = ValueOf(ref reader) as string;
            }
        }
    }

    private static string? NameOf(ref Utf8JsonReader reader)
    {
        foreach (var name in Wanted)
        {
            if (reader.ValueTextEquals(name))
            {
                return name;
            }
        }

        return null;
    }

    private static object? ValueOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => TextOf(ref reader),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
        _ => null,
    };

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueSpan.Length <= LongestText ? reader.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // not UTF-8, or half of a surrogate pair
        }
    }
}
