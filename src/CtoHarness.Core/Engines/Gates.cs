using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Engines;

/// <summary>A condition that must be open before an engine may run.</summary>
/// <param name="Name">The environment variable.</param>
/// <param name="Required">The one value that opens it.</param>
/// <param name="Found">The value that was found; null where it is not set.</param>
public sealed record GateState(string Name, string Required, string? Found)
{
    /// <summary>Whether the value is exactly the required one.</summary>
    public bool Open => string.Equals(Found, Required, StringComparison.Ordinal);
}

/// <summary>The gates of an engine. They follow from its name alone, so that no manifest can leave one out.</summary>
public static class Gates
{
    /// <summary>Looks at an engine's gates.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="stage">The rung of the ladder, 2 for an artificial fixture.</param>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <returns>The pair of gates; none for the fake engine.</returns>
    public static ImmutableArray<GateState> Of(EngineManifest engine, int stage, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(environment);
        if (engine.IsFake)
        {
            return [];
        }

        var name = engine.Name.ToUpperInvariant().Replace('-', '_');
        return
        [
            State($"CTO_HARNESS_ALLOW_{name}", "1"),
            State($"CTO_HARNESS_{name}_STAGE", stage.ToString(CultureInfo.InvariantCulture)),
        ];

        GateState State(string variable, string required) => new(variable, required, environment.GetValueOrDefault(variable));
    }

    /// <summary>A blocker for each gate that is not open.</summary>
    /// <param name="gates">The gates that were looked at.</param>
    /// <returns>The blockers, in the order of the gates.</returns>
    public static ImmutableArray<Blocker> Closed(ImmutableArray<GateState> gates) =>
        [.. gates.Where(gate => !gate.Open).Select(gate => new Blocker(
            BlockerCode.GateClosed,
            gate.Found is null
                ? $"{gate.Name} is not set; set it to exactly {PlainText.Quote(gate.Required)} to open this gate"
                : $"{gate.Name} is {PlainText.Quote(gate.Found)}, which is not exactly {PlainText.Quote(gate.Required)}; the gate stays closed",
            "report.json"))];
}
