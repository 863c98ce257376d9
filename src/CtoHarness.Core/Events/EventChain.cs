using System.Collections.Immutable;
using System.Globalization;
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
    private const int LongestLine = 4 << 20;

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

    private static ReadEvent? Line(ReadOnlyMemory<byte> line, RunId run, long number, Digest previous, int end)
    {
        if (JsonFields.TryParse(line) is not { ValueKind: JsonValueKind.Object } json
            || json.Text("digest") is not { } stated || !Digest.TryParse(stated, out var digest)
            || CanonicalJson.TryFrom(Without(json, "digest")) is not { } canonical || Digest.Of(canonical) != digest)
        {
            return null;
        }

        return json.Count("seq") == number && json.Text("prev") == previous.ToString() && json.Text("run_id") == run.ToString()
            && json.Text("event") is { Length: > 0 } name && Seen(json.Text("observer")) is { } observer
            && DateTimeOffset.TryParseExact(json.Text("time"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && json.Inner("data") is { } data
                ? new ReadEvent(name, observer, time, data, digest, end)
                : null;
    }

    private static byte[] Without(JsonElement json, string name) => JsonText.Line(writer =>
    {
        writer.WriteStartObject();
        foreach (var field in json.EnumerateObject().Where(field => field.Name != name))
        {
            field.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    private static Observer? Seen(string? word) =>
        Enum.GetValues<Observer>().Cast<Observer?>().FirstOrDefault(observer => Words.Of(observer!.Value) == word);
}
