using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>That a bundle is no older one: nonce, two clocks, boot id, five digests, and files that were all written within the run.</summary>
internal static class FreshnessObligations
{
    // File systems keep times as coarse as two seconds; the two clocks of a machine drift and are set.
    private static readonly TimeSpan Coarse = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);

    /// <summary>Whether it holds; null where something of it was not observed.</summary>
    internal static bool? Holds(RunEvidence evidence)
    {
        var answers = Answers(evidence).Select(answer => answer.Holds).ToList();
        return answers.Contains(false) ? false : answers.Contains(null) ? null : true;
    }

    /// <summary>What does not hold, for a person.</summary>
    internal static IEnumerable<string> Broken(RunEvidence evidence) => Answers(evidence).Where(answer => answer.Holds == false).Select(answer => answer.Words);

    /// <summary>Whether all holds but that the gateway, which saw all there was, did not see the nonce.</summary>
    internal static bool LacksOnlyTheNonce(RunEvidence evidence) =>
        evidence is { Identity.Model: not null, Traffic.NonceSeen: not true } && Answers(evidence).SkipLast(1).All(answer => answer.Holds == true);

    private static IEnumerable<(bool? Holds, string Words)> Answers(RunEvidence evidence)
    {
        var (identity, contract, written) = (evidence.Identity, evidence.Contract, evidence.Written);
        var wall = evidence.Completed.Wall - identity.Started.Wall;
        var monotonic = TimeSpan.FromMilliseconds(evidence.Completed.MonotonicMs - identity.Started.MonotonicMs);
        yield return (contract is null ? null : contract.Nonce == identity.Nonce && contract.NonceFrom == identity.NonceFrom, "the contract holds another nonce");
        yield return (contract is null || evidence.BackendDigest is null ? null : contract.PolicyDigest == identity.PolicyDigest, "the contract was made under another policy");
        yield return (evidence.BootIdAfter is null ? null : evidence.BootIdAfter == identity.BootId, "the machine was started anew while the run went on");
        yield return (wall >= TimeSpan.Zero && monotonic >= TimeSpan.Zero && (wall - monotonic).Duration() <= Drift, "the two clocks do not agree on how long the run took");
        yield return (
            written is null ? null : written.First <= written.Last && written.First >= identity.Started.Wall - Coarse && written.Last <= evidence.Completed.Wall + Coarse,
            "a file of the bundle was not written within the run");

        // Where a model is called, only what went through the gateway shows that this run's contract was what it was asked about.
        yield return (identity.Model is null ? true : evidence.Traffic?.NonceSeen, "the nonce was not seen in the model's traffic (an engine's manifest puts it there by ${nonce} in the prompt)");
    }
}
