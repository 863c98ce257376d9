using System.Collections.Immutable;

namespace CtoHarness.Core.Contracts;

/// <summary>One effective value of the policy.</summary>
/// <param name="Name">Its dotted name, such as <c>limits.wall_seconds</c>.</param>
/// <param name="Value">Its value: one text for a number, any number of texts for a list.</param>
/// <param name="Source">Where it came from: <c>built-in</c>, a file with its line, or an option.</param>
public sealed record PolicySetting(string Name, ImmutableArray<string> Value, string Source);
