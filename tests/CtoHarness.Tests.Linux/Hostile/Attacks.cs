using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Every attack, family by family.</summary>
internal static class Attacks
{
    internal static ImmutableArray<(string Family, ImmutableArray<Attack> Attacks)> Families { get; } =
    [
        ("Writes", [.. WriteAttacks.All]),
        ("Reads", [.. ReadAttacks.All]),
        ("Network", [.. NetworkAttacks.All]),
        ("Processes", [.. ProcessAttacks.All]),
        ("Resources", [.. ResourceAttacks.All]),
        ("The harness", [.. HarnessAttacks.All]),
    ];

    internal static ImmutableArray<Attack> All { get; } = [.. Families.SelectMany(family => family.Attacks)];

    /// <summary>Those that this machine can make.</summary>
    internal static ImmutableArray<Attack> Here { get; } = [.. All.Where(attack => !attack.IsForX64 || RuntimeInformation.ProcessArchitecture == Architecture.X64)];
}
