using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Events;

/// <summary>An event as it was read again.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Observer">Who saw it.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Data">Its data, an object.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="End">Where its line ends in the file.</param>
public sealed record ReadEvent(string Name, Observer Observer, DateTimeOffset Time, JsonElement Data, Digest Digest, int End);

/// <summary>Reads <c>events.normalized.jsonl</c> as far as it holds together: every line whole, numbered, and following the one before.</summary>
public static class EventChain
{
    private const int LongestLine = 16 << 20;

    /// <summary>Reads the events.</summary>
    /// <param name="file">Any bytes.</param>
    /// <param name="run">The run that each event must name.</param>
    /// <returns>The events up to the first line that is torn, changed or out of place.</returns>
    public static ImmutableArray<ReadEvent> Read(ReadOnlyMemory<byte> file, RunId run)
    {
        var events = ImmutableArray.CreateBuilder<ReadEvent>();
        var head = Digest.Zero;
        for (var start = 0; start < file.Length;)
        {
            var length = file.Span[start..].IndexOf((byte)'\n');
            if (length is < 0 or > LongestLine || Line(file.Slice(start, length), run, events.Count + 1, head, start + length + 1) is not { } next)
            {
                break;
            }

            events.Add(next);
            head = next.Digest;
            start = next.End;
        }

        return events.ToImmutable();
    }

    // Whatever else could be read into a line, it must be the very bytes that the harness writes for this event.
    private static ReadEvent? Line(ReadOnlyMemory<byte> line, RunId run, long number, Digest previous, int end) =>
        JsonFields.TryParse(line) is { ValueKind: JsonValueKind.Object } json
        && json.Text("event") is { Length: > 0 } name && WordReader.Find<Observer>(json.Text("observer"), Words.Of) is { } observer
        && Timestamp.TryRead(json.Text("time")) is { } time && json.Inner("data") is { } data
        && CanonicalJson.TryFrom(JsonText.Line(data.WriteTo)) is { } canonical
        && new RunEvent(number, time, name, run, observer, canonical, previous) is var made
        && made.ToLine().AsSpan()[..^1].SequenceEqual(line.Span)
            ? new ReadEvent(name, observer, time, data, made.Digest, end)
            : null;
}
