using System.Collections.Immutable;
using System.Globalization;

namespace CtoHarness.Core.Sandboxing;

/// <summary>What the versions of Landlock can and cannot do, of what a sandbox asks of it.</summary>
public static class LandlockVersion
{
    private static readonly ImmutableArray<(int Since, string Name)> Abilities =
    [
        (1, "writes"), (2, "moves between folders"), (3, "truncate"), (5, "control of devices"), (6, "abstract sockets"), (6, "signals"),
    ];

    private static readonly ImmutableArray<string> Kernels = ["5.13", "5.19", "6.2", "6.7", "6.10", "6.12", "6.15"];

    /// <summary>Names what a version cannot decide on.</summary>
    /// <param name="version">The version; 0 for none.</param>
    /// <returns>The names, oldest first; empty where it can decide on all that a sandbox asks of it.</returns>
    public static ImmutableArray<string> LacksOf(int version) => [.. Abilities.Where(ability => ability.Since > version).Select(ability => ability.Name)];

    /// <summary>Describes a version for people, with what it lacks.</summary>
    /// <param name="version">The version; 0 for none.</param>
    public static string Describe(int version)
    {
        var name = version > 0 ? version.ToString(CultureInfo.InvariantCulture) : "none";
        var lacks = LacksOf(version);
        return version <= 0 || lacks.IsEmpty ? name : $"{name} (lacks: {string.Join(", ", lacks)})";
    }

    /// <summary>Names the first kernel that has a version.</summary>
    /// <param name="version">The version; one that is not known yet counts as the newest that is.</param>
    public static string KernelOf(int version) => Kernels[Math.Clamp(version, 1, Kernels.Length) - 1];
}
