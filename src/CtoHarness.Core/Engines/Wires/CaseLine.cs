namespace CtoHarness.Core.Engines.Wires;

/// <summary>A line of Case's event log: one JSON object with an <c>event</c>.</summary>
public static class CaseLine
{
    /// <summary>Reads one line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>What it claims; null where it is no such line. The record of a phase has the phase in its name, as in <c>phase_end:implement</c>.</returns>
    public static EngineEvent? Recognise(ReadOnlySpan<byte> line) =>
        RecordLine.TryRead(line) is { } record
            ? EngineEvent.TryMake(NameOf(record), record.Text("tool"), record.Text("outcome"), record.Truth("isError"), record.Count("durationMs"))
            : null;

    // A skipped phase ends too, in Case's words: it must not pass for one that took place.
    private static string? NameOf(RecordLine record) => (record.Text("event"), record.Text("phase"), record.Text("outcome")) switch
    {
        ("phase_end", { } phase, "skipped") => $"phase_skipped:{phase}",
        ("phase_start" or "phase_end", { } phase, _) => $"{record.Text("event")}:{phase}",
        ("phase_start" or "phase_end", null, _) => null,
        var (name, _, _) => name,
    };
}
