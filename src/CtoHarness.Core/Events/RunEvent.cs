using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Events;

/// <summary>One line of <c>events.normalized.jsonl</c>, schema <c>event.v1.json</c>.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Name">Its name.</param>
/// <param name="Run">The run.</param>
/// <param name="Observer">Who saw it.</param>
/// <param name="Data">Canonical JSON of an object.</param>
/// <param name="Previous">The digest of the event before; zeros for the first.</param>
public sealed record RunEvent(
    long Sequence, DateTimeOffset Time, string Name, RunId Run, Observer Observer, ReadOnlyMemory<byte> Data, Digest Previous)
{
    /// <summary>SHA-256 over the canonical JSON of the line without its digest.</summary>
    public Digest Digest => Digest.Of(CanonicalJson.Of(json =>
    {
        json.WriteStartObject();
        WriteFields(json);
        json.WriteEndObject();
    }));

    /// <summary>Writes the line.</summary>
    /// <returns>UTF-8 JSON with a final newline.</returns>
    public byte[] ToLine()
    {
        var line = JsonText.Line(json =>
        {
            json.WriteStartObject();
            WriteFields(json);
            json.WriteString("digest", Digest.ToString());
            json.WriteEndObject();
        });
        return [.. line, (byte)'\n'];
    }

    private void WriteFields(Utf8JsonWriter json)
    {
        json.WriteNumber("seq", Sequence);
        json.WriteString("time", Timestamp.Text(Time));
        json.WriteString("event", Name);
        json.WriteString("run_id", Run.ToString());
        json.WriteString("observer", Words.Of(Observer));
        json.WritePropertyName("data");

        // Not copied raw: canonical JSON leaves line separators and the like as they are, and this is a line.
        using (var data = JsonDocument.Parse(Data))
        {
            data.RootElement.WriteTo(json);
        }

        json.WriteString("prev", Previous.ToString());
    }
}
