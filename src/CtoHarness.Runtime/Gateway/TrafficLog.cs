using System.Buffers;
using System.Text.Json;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Writes what passed through the gateway, schema <c>traffic.v1.json</c>, line by line.</summary>
/// <param name="file">The file.</param>
/// <param name="withheld">What may not stand in it: the provider's key first, then whatever else no bundle may hold.</param>
/// <param name="mostBytes">The most bytes of bodies that are kept.</param>
/// <param name="clock">Tells the time of each line.</param>
/// <param name="failed">Hears why a line could not be written.</param>
internal sealed class TrafficLog(Stream file, ValueSearch[] withheld, long mostBytes, TimeProvider clock, Action<string> failed)
{
    private readonly Lock _gate = new();
    private readonly ByteRoom _room = new(mostBytes);
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isTorn;

    /// <summary>Begins the record of a call.</summary>
    internal TrafficRecord Of(long call) => new(this, call);

    /// <summary>Redactors for one text.</summary>
    internal Redactor[] Redactors() => [.. withheld.Select(search => new Redactor(search))];

    /// <summary>Asks to keep so many bytes of a body.</summary>
    internal bool TryKeep(int bytes) => _room.TryTake(bytes);

    /// <summary>Appends a line.</summary>
    /// <param name="call">The call's number.</param>
    /// <param name="part">Which part of it this is.</param>
    /// <param name="write">Writes the other fields.</param>
    internal void Add(long call, string part, Action<Utf8JsonWriter> write)
    {
        lock (_gate)
        {
            if (_isTorn)
            {
                return;
            }

            try
            {
                file.Write(Line(call, part, write));
            }
            catch (Exception full) when (full is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                _isTorn = true; // half a line may stand there
                failed($"the record of the traffic could not be written: {full.Message}");
            }
        }
    }

    // In memory that every line uses again: what passes must leave none behind.
    private ReadOnlySpan<byte> Line(long call, string part, Action<Utf8JsonWriter> write)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/traffic/v1");
            json.WriteNumber("call", call);
            json.WriteString("part", part);
            json.WriteString("time", Timestamp.Text(clock.GetUtcNow()));
            write(json);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        return _line.WrittenSpan;
    }
}
