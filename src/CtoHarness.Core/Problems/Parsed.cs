using System.Collections.Immutable;

namespace CtoHarness.Core.Problems;

/// <summary>What reading a text gave: a value, or every problem it has.</summary>
/// <typeparam name="T">The record that was asked for.</typeparam>
public abstract record Parsed<T>
{
    private Parsed()
    {
    }

    /// <summary>The text was sound.</summary>
    /// <param name="Result">What it says.</param>
    public sealed record Value(T Result) : Parsed<T>;

    /// <summary>The text was not sound.</summary>
    /// <param name="Problems">All that is wrong with it; never empty.</param>
    public sealed record Refused(ImmutableArray<Problem> Problems) : Parsed<T>;
}
