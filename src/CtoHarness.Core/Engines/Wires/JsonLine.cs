namespace CtoHarness.Core.Engines.Wires;

/// <summary>A line of records in no program's own form: one JSON object whose <c>type</c> names the record.</summary>
public static class JsonLine
{
    /// <summary>Reads one line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>What it claims; null where it is no such line.</returns>
    public static EngineEvent? Recognise(ReadOnlySpan<byte> line) =>
        RecordLine.TryRead(line) is { } record
            ? EngineEvent.TryMake(record.Text("type"), record.Text("tool"), record.Text("outcome"), record.Truth("is_error"), record.Count("duration_ms"))
            : null;
}
