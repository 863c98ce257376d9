using System.Text.Json;

namespace CtoHarness.Core.Engines;

/// <summary>A line of the scripts that stand in for a backend: one JSON object with a <c>type</c>.</summary>
internal static class ScriptLine
{
    internal static EngineEvent? Recognise(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 8 });
            using var document = JsonDocument.ParseValue(ref reader);
            return reader.BytesConsumed == line.Length
                && document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String
                    ? new EngineEvent(type.GetString()!)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // a string that is not UTF-8
        }
    }
}
