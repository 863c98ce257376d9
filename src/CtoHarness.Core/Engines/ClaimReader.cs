using System.Buffers;
using System.Collections.Immutable;
using CtoHarness.Core.Engines.Wires;
using CtoHarness.Core.Events;

namespace CtoHarness.Core.Engines;

/// <summary>Reads a backend's records as they come, in pieces of any size. It takes any bytes, and needs no more memory than one line.</summary>
/// <param name="engine">Knows the backend's records.</param>
public sealed class ClaimReader(IEngine engine)
{
    /// <summary>The longest line that is read, in bytes: the last record of an agent may hold its whole conversation.</summary>
    public const int LongestLine = 16 << 20;

    /// <summary>The most claims that are given; what is beyond is counted. Of records that say no more than their name, one after another, the first is given.</summary>
    public const int MostClaims = 20_000;

    private readonly SortedDictionary<string, long> _records = new(StringComparer.Ordinal);
    private ArrayBufferWriter<byte> _begun = new();
    private EngineEvent? _last;
    private bool _skipping;
    private long _lines;
    private long _given;
    private long _unrecognised;
    private long _tooLong;
    private long _forged;
    private bool _torn;

    /// <summary>What was counted so far.</summary>
    public BackendClaims Counted =>
        new(_records.ToImmutableSortedDictionary(StringComparer.Ordinal), _lines, _unrecognised, _tooLong, _forged, _torn);

    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>The claims of the lines that ended in them.</returns>
    public ImmutableArray<Claim> Append(ReadOnlySpan<byte> bytes)
    {
        var claims = ImmutableArray.CreateBuilder<Claim>();
        for (var end = bytes.IndexOf((byte)'\n'); end >= 0; end = bytes.IndexOf((byte)'\n'))
        {
            Take(bytes[..end], claims);
            bytes = bytes[(end + 1)..];
        }

        Begin(bytes);
        return claims.DrainToImmutable();
    }

    /// <summary>Says that nothing more comes: a line that was begun counts, and is torn.</summary>
    /// <returns>Its claim, where it makes one.</returns>
    public ImmutableArray<Claim> Finish()
    {
        var claims = ImmutableArray.CreateBuilder<Claim>();
        if (_begun.WrittenCount > 0 || _skipping)
        {
            _torn = true;
            Take([], claims);
        }

        return claims.DrainToImmutable();
    }

    private void Begin(ReadOnlySpan<byte> part)
    {
        if (_skipping || _begun.WrittenCount + part.Length > LongestLine)
        {
            _skipping |= !part.IsEmpty;
            Forget();
            return;
        }

        _begun.Write(part);
    }

    private void Take(ReadOnlySpan<byte> rest, ImmutableArray<Claim>.Builder claims)
    {
        if (!_skipping && _begun.WrittenCount == 0 && rest.Length <= LongestLine)
        {
            Count(rest, claims); // the usual line is in one piece
            return;
        }

        Begin(rest);
        if (_skipping)
        {
            _lines++;
            _tooLong++;
            _skipping = false;
        }
        else
        {
            Count(_begun.WrittenSpan, claims);
            Forget();
        }
    }

    private void Count(ReadOnlySpan<byte> line, ImmutableArray<Claim>.Builder claims)
    {
        _lines++;
        if (line.IsEmpty || IsForged(line))
        {
            _forged += line.IsEmpty ? 0 : 1;
            _unrecognised += line.IsEmpty ? 1 : 0;
        }
        else if (engine.Recognise(line) is { } said && (_records.ContainsKey(said.Record) || _records.Count < BackendClaims.MostRecords))
        {
            _records[said.Record] = _records.GetValueOrDefault(said.Record) + 1;
            if (_given < MostClaims && !(said == _last && said == new EngineEvent(said.Record)))
            {
                _given++;
                claims.Add(new Claim(_lines, said));
            }

            _last = said;
        }
        else
        {
            _unrecognised++;
        }
    }

    private static bool IsForged(ReadOnlySpan<byte> line) =>
        RecordLine.TryRead(line) is { } record
        && ((record.Has("seq") && record.Has("run_id") && record.Has("observer"))
            || EventNames.All.Contains(record.Text("event") ?? "") || EventNames.All.Contains(record.Text("type") ?? ""));

    private void Forget()
    {
        _begun.ResetWrittenCount();
        if (_begun.Capacity > 1 << 20)
        {
            _begun = new ArrayBufferWriter<byte>(); // a long line is rare: its room is given back
        }
    }
}
