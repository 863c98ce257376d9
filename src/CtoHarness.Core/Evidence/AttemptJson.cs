using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Events;
using CtoHarness.Core.Observation;

namespace CtoHarness.Core.Evidence;

/// <summary>The lines of <c>observations.jsonl</c>, schema <c>observation.v1.json</c>: each try that is on record.</summary>
public static class AttemptJson
{
    private const int LongestPath = 4096;

    /// <summary>Writes a try; what is longer than 4096 characters is cut.</summary>
    /// <param name="attempt">The try.</param>
    /// <returns>UTF-8 JSON with a final newline.</returns>
    public static byte[] Line(Attempt attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return [.. JsonText.Line(json =>
        {
            json.WriteStartObject();
            json.WriteString("time", Timestamp.Text(attempt.Time));
            json.WriteString("operation", attempt.Operation);
            json.WriteString("path", Cut(attempt.Path));
            json.WriteString("raw", Cut(attempt.Raw));
            json.WriteNumber("process", attempt.Process);
            json.WriteString("executable", Cut(attempt.Executable));
            json.WriteBoolean("writes", attempt.Writes);
            json.WriteObserved("denied", attempt.Denied);
            json.WriteString("class", Words.Of(attempt.Class));
            json.WriteString("observer", Words.Of(Observer.Harness)); // the kernel hands calls over; what they aim at, the supervisor reads
            json.WriteEndObject();
        }), (byte)'\n'];
    }

    /// <summary>Reads all tries.</summary>
    /// <param name="file">Any bytes.</param>
    /// <returns>The tries, or null unless their lines are exactly these bytes.</returns>
    public static ImmutableArray<Attempt>? TryRead(ReadOnlyMemory<byte> file)
    {
        if (LineSplit.Of(file) is not { } lines)
        {
            return null;
        }

        var attempts = ImmutableArray.CreateBuilder<Attempt>();
        foreach (var line in lines)
        {
            if (JsonFields.TryParse(line) is not { } json || Attempt(json) is not { } attempt || !Line(attempt).AsSpan()[..^1].SequenceEqual(line.Span))
            {
                return null;
            }

            attempts.Add(attempt);
        }

        return attempts.ToImmutable();
    }

    /// <summary>Cuts what is too long for a record.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>At most 4096 characters of it.</returns>
    public static string Cut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= LongestPath ? text : text[..(char.IsHighSurrogate(text[LongestPath - 1]) ? LongestPath - 1 : LongestPath)];
    }

    private static Attempt? Attempt(JsonElement json) =>
        Timestamp.TryRead(json.Text("time")) is { } time && json.Text("operation") is { } operation && json.Text("path") is { } path && json.Text("raw") is { } raw
        && json.Count("process") is { } process and <= int.MaxValue && json.Text("executable") is { } executable && json.Truth("writes") is { } writes
        && WordReader.Find<AttemptClass>(json.Text("class"), Words.Of) is { } what
            ? new Attempt(time, operation, path, raw, (int)process, executable, json.Truth("denied"), what, writes)
            : null;
}
