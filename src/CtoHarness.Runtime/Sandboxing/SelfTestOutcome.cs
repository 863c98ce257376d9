using System.Collections.Immutable;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What came of a self-test.</summary>
/// <param name="CameUp">Whether the sandbox came up and the canary came to its end in it.</param>
/// <param name="Words">What was said where it did not; safe to show.</param>
/// <param name="Advice">What would help, where that is known; otherwise empty.</param>
/// <param name="Landlock">The Landlock version that was laid; 0 for none.</param>
/// <param name="Namespaces">The kinds of namespace that the sandbox has of its own.</param>
/// <param name="Checks">What was tried; empty where the sandbox did not come up.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record SelfTestOutcome(
    bool CameUp, string Words, string Advice, int Landlock, ImmutableArray<string> Namespaces, ImmutableArray<PreflightCheck> Checks, TimeSpan Duration)
{
    /// <summary>Whether everything came out exactly as it must. Nothing else lets a backend start.</summary>
    internal bool IsExact => CameUp && !Checks.IsEmpty && Checks.All(check => check.Passed);
}
