using System.Collections.Immutable;

namespace CtoHarness.Core.Observation;

/// <summary>What a call was aimed at.</summary>
public enum AttemptClass
{
    /// <summary>Outside the allowed roots, at nothing in particular.</summary>
    Outside,

    /// <summary>A declared target.</summary>
    Target,

    /// <summary>A protected root.</summary>
    Protected,

    /// <summary>Somebody's home.</summary>
    Home,

    /// <summary>Another place that is hidden from the sandbox: the harness's own folders, sockets of the machine.</summary>
    Hidden,

    /// <summary>The network, or a socket of the machine.</summary>
    Network,

    /// <summary>What common programs do without meaning anything by it, such as a byte-code cache beside a system library.</summary>
    Noise,

    /// <summary>Where the call was aimed could not be found out.</summary>
    Unresolved,
}

/// <summary>One call that aimed outside what the sandbox allows.</summary>
/// <param name="Time">When it was intercepted.</param>
/// <param name="Operation">What was tried, such as <c>open-write</c> or <c>rename</c>.</param>
/// <param name="Path">The path as resolved at interception, or the address of a socket; may hold anything.</param>
/// <param name="Raw">The path as the program gave it; empty where it is the same.</param>
/// <param name="Process">The process's number on the machine.</param>
/// <param name="Executable">Its program.</param>
/// <param name="Denied">Whether it was refused; null where that is not known.</param>
/// <param name="Class">What it was aimed at.</param>
/// <param name="Writes">Whether it would have changed something.</param>
public sealed record Attempt(
    DateTimeOffset Time, string Operation, string Path, string Raw, int Process, string Executable, bool? Denied, AttemptClass Class, bool Writes);

/// <summary>What was observed of a backend's calls.</summary>
/// <param name="Notified">Calls that the kernel handed to the supervisor.</param>
/// <param name="Recorded">Calls that were recorded as tries, listed or not.</param>
/// <param name="Unresolved">Calls whose aim could not be found out; they were refused.</param>
/// <param name="Dropped">Tries that are in no list, because the record was full.</param>
/// <param name="Attempts">The first tries of the record, bounded; all that were kept are in <c>observations.jsonl</c>.</param>
/// <param name="Counts">How many tries of each class.</param>
/// <param name="WritesByClass">How many of them would have changed something.</param>
/// <param name="NotCovered">Ways to change something that are not reported to the supervisor.</param>
/// <param name="Trouble">Why the observation stopped early; empty where it did not.</param>
public sealed record CallRecord(
    long Notified,
    long Recorded,
    long Unresolved,
    long Dropped,
    ImmutableArray<Attempt> Attempts,
    ImmutableSortedDictionary<AttemptClass, long> Counts,
    ImmutableSortedDictionary<AttemptClass, long> WritesByClass,
    ImmutableArray<string> NotCovered,
    string Trouble)
{
    /// <summary>How many tries of one class are listed.</summary>
    public const int MostOfAClass = 100;

    /// <summary>Whether every notified call was looked at and every try is on record.</summary>
    public bool IsComplete => Dropped == 0 && Trouble.Length == 0;
}
