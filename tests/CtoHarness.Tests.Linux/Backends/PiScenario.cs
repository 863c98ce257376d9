using System.Collections.Immutable;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What the model does, turn by turn, while the real Pi drives it.</summary>
internal sealed record PiScenario(string Name, ImmutableArray<Answer> Turns)
{
    /// <summary>The script for a provider.</summary>
    public Script Script => Scripts.Of(Turns);

    public override string ToString() => Name;
}
