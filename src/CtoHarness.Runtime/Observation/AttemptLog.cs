using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Observation;

/// <summary>The record of tries: each a line on disk, the first of each class also in memory, and what is beyond the bounds counted.</summary>
/// <param name="file">Takes the lines; null to keep none on disk.</param>
/// <param name="withheld">Values that no text of it may hold: they are replaced before anything else is done with a try.</param>
internal sealed class AttemptLog(Stream? file, ValueSearch? withheld = null) : IDisposable
{
    private const int MostOfAClass = CallRecord.MostOfAClass; // so that a flood of one class buries none of another
    private const int MostOnDisk = 100_000;
    internal const long MostBytes = 24 << 20; // with all else that a backend can make long it must fit into what is kept of a bundle
    private readonly Lock _gate = new();
    private readonly List<Attempt> _kept = [];
    private readonly SortedDictionary<AttemptClass, long> _counts = [];
    private readonly SortedDictionary<AttemptClass, long> _writes = [];
    private long _notified;
    private long _recorded;
    private long _dropped;
    private long _bytes;
    private string _trouble = "";

    /// <summary>Counts a call that was looked at.</summary>
    internal void Count() => Interlocked.Increment(ref _notified);

    /// <summary>Records a try.</summary>
    internal void Add(Attempt attempt)
    {
        if (withheld is { IsEmpty: false })
        {
            attempt = attempt with { Path = withheld.Redact(attempt.Path), Raw = withheld.Redact(attempt.Raw), Executable = withheld.Redact(attempt.Executable) };
        }

        lock (_gate)
        {
            _recorded++;
            _counts[attempt.Class] = _counts.GetValueOrDefault(attempt.Class) + 1;
            _writes[attempt.Class] = _writes.GetValueOrDefault(attempt.Class) + (attempt.Writes ? 1 : 0);
            if (_counts[attempt.Class] <= MostOfAClass)
            {
                _kept.Add(attempt with { Path = AttemptJson.Cut(attempt.Path), Raw = AttemptJson.Cut(attempt.Raw), Executable = AttemptJson.Cut(attempt.Executable) });
            }

            if (_recorded > MostOnDisk || _bytes > MostBytes)
            {
                _dropped++;
            }
            else
            {
                Write(attempt);
            }
        }
    }

    /// <summary>Notes why the observation is not whole.</summary>
    internal void Fail(string trouble)
    {
        lock (_gate)
        {
            _trouble = _trouble.Length > 0 ? _trouble : trouble;
        }
    }

    /// <summary>What was recorded until now.</summary>
    internal CallRecord Record()
    {
        lock (_gate)
        {
            var unresolved = _counts.GetValueOrDefault(AttemptClass.Unresolved);
            return new CallRecord(
                Interlocked.Read(ref _notified), _recorded, unresolved, _dropped, [.. _kept],
                _counts.ToImmutableSortedDictionary(), _writes.ToImmutableSortedDictionary(), ObservedCalls.NotCovered,
                _trouble.Length > 0 || unresolved == 0 ? _trouble
                    : string.Create(CultureInfo.InvariantCulture, $"{unresolved} call(s) were refused because their aim could not be found out, and might have been a target"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private void Write(Attempt attempt)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            var line = AttemptJson.Line(attempt);
            _bytes += line.Length;
            file.Write(line);
        }
        catch (IOException full)
        {
            _dropped++;
            _trouble = _trouble.Length > 0 ? _trouble : $"the record of tries could not be written: {full.Message}";
        }
    }
}
