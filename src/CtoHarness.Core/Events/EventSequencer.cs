using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Core.Events;

/// <summary>Numbers and chains the events of one lane. It keeps names and observers, not the data.</summary>
/// <param name="run">The run that every event names.</param>
public sealed class EventSequencer(RunId run)
{
    private ImmutableArray<(string Name, Observer Observer)> _seen = [];

    /// <summary>The digest of the last event; zeros before the first.</summary>
    public Digest Head { get; private set; }

    /// <summary>Name and observer of each event so far, in order.</summary>
    public ImmutableArray<(string Name, Observer Observer)> Seen => _seen;

    /// <summary>Makes the next event.</summary>
    /// <param name="time">When it happened.</param>
    /// <param name="name">Its name.</param>
    /// <param name="observer">Who saw it.</param>
    /// <param name="writeFields">Writes the fields of its data.</param>
    /// <param name="withheld">Values that no text of its data may hold: they are replaced before the event has a digest.</param>
    /// <returns>The event, to be appended to the log at once.</returns>
    public RunEvent Next(DateTimeOffset time, string name, Observer observer, Action<Utf8JsonWriter> writeFields, ValueSearch? withheld = null)
    {
        ArgumentNullException.ThrowIfNull(writeFields);
        var data = CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            writeFields(json);
            json.WriteEndObject();
        });
        var next = new RunEvent(_seen.Length + 1, time, name, run, observer, withheld is null ? data : WithheldJson.Redact(data, withheld), Head);
        Head = next.Digest;
        _seen = _seen.Add((name, observer));
        return next;
    }

    /// <summary>Forgets the last event, which could not be appended.</summary>
    /// <param name="last">The event.</param>
    public void TakeBack(RunEvent last)
    {
        ArgumentNullException.ThrowIfNull(last);
        if (last.Digest != Head || last.Sequence != _seen.Length)
        {
            throw new ArgumentException("only the last event can be taken back", nameof(last));
        }

        Head = last.Previous;
        _seen = _seen.RemoveAt(_seen.Length - 1);
    }
}
