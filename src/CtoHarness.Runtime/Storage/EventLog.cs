using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Runtime.Storage;

/// <summary>Appends the events of a lane to its file, each at once.</summary>
internal sealed class EventLog(BundleFolder bundle, TimeProvider clock) : IDisposable
{
    /// <summary>The file's name in a bundle.</summary>
    internal const string Name = EvidenceReader.EventsFile;

    private readonly EventSequencer _sequencer = new(bundle.Run);
    private readonly LineFile _file = new(bundle.CreateLines(Name));
    private readonly Lock _gate = new();

    /// <summary>Name and observer of each event so far.</summary>
    internal ImmutableArray<(string Name, Observer Observer)> Seen => _sequencer.Seen;

    /// <summary>The digest of the last event.</summary>
    internal Digest Head => _sequencer.Head;

    /// <summary>Appends an event, seen by whoever alone can see it. Many threads may append.</summary>
    internal void Add(string name, Action<Utf8JsonWriter> fields)
    {
        lock (_gate)
        {
            var next = _sequencer.Next(clock.GetUtcNow(), name, EventNames.ObserverOf(name), fields, bundle.Withheld);
            try
            {
                _file.Add(next.ToLine());
            }
            catch (IOException)
            {
                _sequencer.TakeBack(next); // the next one follows what stands in the file
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
