using System.Collections.Immutable;
using CtoHarness.Core.Verification;

namespace CtoHarness.Runtime.Verification;

/// <summary>The answers that code in a sandbox gave.</summary>
/// <param name="Answers">One for each case; null where none was given.</param>
/// <param name="Shortfall">Why answers are missing, where the code under test is the reason; otherwise empty.</param>
/// <param name="Trouble">Why nothing can be said of the code under test; otherwise empty.</param>
/// <param name="Survivors">Processes that were left over; null where they could not be counted.</param>
internal sealed record Exam(ImmutableArray<Answer?> Answers, string Shortfall, string Trouble, int? Survivors)
{
    /// <summary>No question was put.</summary>
    internal static Exam None { get; } = new([], "", "", 0);
}
