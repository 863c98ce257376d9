using System.Collections.Immutable;

namespace CtoHarness.Core.Verification;

/// <summary>Where a question comes from.</summary>
public enum CaseSource
{
    /// <summary>It is written down in the fixture.</summary>
    Fixed,

    /// <summary>It was drawn after the backend had ended.</summary>
    Drawn,

    /// <summary>It is asked of the tree itself.</summary>
    Predicate,
}

/// <summary>One question, the answer that was expected, and the one that was given.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Input">What was put in.</param>
/// <param name="Expected">What had to come out; null where the solution gave nothing.</param>
/// <param name="Output">What came out; null where nothing did.</param>
public sealed record CaseResult(string Name, CaseSource Source, JsonValue Input, Answer? Expected, Answer? Output)
{
    /// <summary>Whether exactly the expected answer was given.</summary>
    public bool Passed => Expected is not null && Output is not null && Output.SameAs(Expected);
}

/// <summary>What verification by compared outputs came to.</summary>
/// <param name="Command">The driver's command, or the command that the cases were put to; empty where the tree alone was looked at.</param>
/// <param name="Seed">What the drawn cases were drawn from; chosen after the backend had ended.</param>
/// <param name="Expected">How many answers there must be.</param>
/// <param name="Results">Each question that was put, in order.</param>
/// <param name="Shortfall">Why there are fewer answers, where there are; otherwise empty.</param>
/// <param name="Trouble">What went wrong on the verifier's side; empty where nothing did.</param>
/// <param name="Survivors">Processes that were left over; null where they could not be counted.</param>
/// <param name="Duration">From the first start to the last end.</param>
public sealed record VerificationOutcome(
    ImmutableArray<string> Command,
    string Seed,
    int Expected,
    ImmutableArray<CaseResult> Results,
    string Shortfall,
    string Trouble,
    int? Survivors,
    TimeSpan Duration)
{
    /// <summary>How many answers were given.</summary>
    public int Ran => Results.Count(result => result.Output is not null);

    /// <summary>How many were exactly the expected ones.</summary>
    public int Passed => Results.Count(result => result.Passed);

    /// <summary>Whether every answer is the expected one; null where the verifier itself was in trouble.</summary>
    public bool? Holds => Trouble.Length > 0 ? null : Expected > 0 && Results.Length == Expected && Passed == Expected && Shortfall.Length == 0;
}
