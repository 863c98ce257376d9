using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Engines;

/// <summary>The values of a policy that an engine's manifest may lower for itself.</summary>
public static class EngineLimits
{
    /// <summary>Their names.</summary>
    public static ImmutableArray<string> Names { get; } = ["limits.wall_seconds", "gateway.calls", "gateway.tokens"];

    /// <summary>Lays them over a policy: each holds where it is lower than what the policy says.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="engine">The engine.</param>
    /// <returns>The policy of this engine's runs.</returns>
    public static RunPolicy Over(RunPolicy policy, EngineManifest engine)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(engine);
        var lower = engine.Limits.Where(one => Names.Contains(one.Key) && one.Value < Now(policy, one.Key));
        return lower.Aggregate(policy, (before, one) => before.With(new PolicySetting(
            one.Key, [one.Value.ToString(CultureInfo.InvariantCulture)], $"engines/{engine.Name}.yaml")));
    }

    private static long Now(RunPolicy policy, string name) =>
        long.Parse(policy.Settings.First(setting => setting.Name == name).Value[0], CultureInfo.InvariantCulture);
}
