using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Engines;

/// <summary>The limits of a run that an engine may ask to be lower for itself.</summary>
public static class EngineLimits
{
    /// <summary>The names in a manifest, each with the policy's value that it lowers.</summary>
    public static ImmutableSortedDictionary<string, string> Known { get; } = new Dictionary<string, string>
    {
        ["wall_seconds"] = "limits.wall_seconds",
        ["model_calls"] = "gateway.calls",
        ["model_tokens"] = "gateway.tokens",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Lays an engine's limits over a policy: where they are lower they hold, where they are higher the policy does.</summary>
    /// <param name="policy">What holds for every engine.</param>
    /// <param name="engine">The engine.</param>
    /// <returns>What holds for this one.</returns>
    public static RunPolicy Over(RunPolicy policy, EngineManifest engine)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(engine);
        var source = $"engines/{engine.Name}.yaml";
        foreach (var setting in policy.Settings.ToList())
        {
            if (engine.Limits.TryGetValue(setting.Name, out var most) && most < long.Parse(setting.Value[0], CultureInfo.InvariantCulture))
            {
                policy = policy.With(new PolicySetting(setting.Name, [most.ToString(CultureInfo.InvariantCulture)], source));
            }
        }

        return policy;
    }
}
