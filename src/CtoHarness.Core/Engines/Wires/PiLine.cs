namespace CtoHarness.Core.Engines.Wires;

/// <summary>A line of what <c>pi --mode json</c> prints: one JSON object with a <c>type</c>. It tells no exit code of a tool, only whether it calls the result an error.</summary>
public static class PiLine
{
    /// <summary>Reads one line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>What it claims; null where it is no such line.</returns>
    public static EngineEvent? Recognise(ReadOnlySpan<byte> line) =>
        RecordLine.TryRead(line) is { } record
            ? EngineEvent.TryMake(record.Text("type"), record.Text("toolName"), Outcome(record), record.Truth("isError"), null)
            : null;

    // A message, a turn and the whole say why the model stopped: it is "error" too where no answer came.
    private static string? Outcome(RecordLine record) => record.Text("type") switch
    {
        "message_end" or "turn_end" or "agent_end" => record.StopReason,
        "auto_retry_end" => record.Truth("success") switch { true => "success", false => "failure", null => null },
        _ => null,
    };
}
