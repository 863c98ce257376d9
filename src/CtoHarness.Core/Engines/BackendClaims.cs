using System.Collections.Immutable;

namespace CtoHarness.Core.Engines;

/// <summary>What a backend said of itself, counted: the data of <c>backend.claimed</c>. It proves nothing.</summary>
/// <param name="Records">How often each record was said, by its name; of more than <see cref="MostRecords"/> names the rest is counted as unrecognised.</param>
/// <param name="Lines">All lines: those of the records and those that are none.</param>
/// <param name="Unrecognised">Lines that are no record of this backend: no JSON, or another form.</param>
/// <param name="TooLong">Lines that were too long to be read.</param>
/// <param name="Forged">Lines that look like events of the harness, whatever else they are.</param>
/// <param name="IsTorn">Whether the last line had no end.</param>
public sealed record BackendClaims(ImmutableSortedDictionary<string, long> Records, long Lines, long Unrecognised, long TooLong, long Forged, bool IsTorn)
{
    /// <summary>The most names of records that are told apart.</summary>
    public const int MostRecords = 200;

    /// <summary>The claims of a backend that said nothing.</summary>
    public static BackendClaims None { get; } = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), 0, 0, 0, 0, false);
}

/// <summary>One claim: a line of a backend's records, as it was understood.</summary>
/// <param name="Number">The line's number, from 1.</param>
/// <param name="Event">What it says.</param>
public sealed record Claim(long Number, EngineEvent Event);
