using System.Collections.Immutable;

namespace CtoHarness.Confine;

/// <summary>What came of the orders of one call.</summary>
/// <param name="Ended">What came of each; of the last time where it was run more than once.</param>
/// <param name="MostSurvivors">The most processes that outlived any of them.</param>
/// <param name="Before">What was held after a first part of the times.</param>
/// <param name="After">What is held at the end.</param>
internal sealed record Answer(ImmutableArray<Ended> Ended, int? MostSurvivors, Holdings? Before, Holdings? After);
