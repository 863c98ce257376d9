using System.Collections.Immutable;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Documents.Bundles;

/// <summary>What a reader asks of a bundle besides that it is sound.</summary>
/// <param name="Trusted">The keys that the reader trusts; a key that a bundle brings is never one of them.</param>
/// <param name="Now">The reader's clock.</param>
public sealed record ReviewRequest(ImmutableArray<PublicKey> Trusted, DateTimeOffset Now)
{
    /// <summary>The nonce that the reader gave away, 64 hexadecimal digits; null where none is asked for.</summary>
    public string? Nonce { get; init; }

    /// <summary>When the reader made that nonce; null where the reader does not remember.</summary>
    public DateTimeOffset? NonceMade { get; init; }

    /// <summary>How old the run may be; null where that is not asked.</summary>
    public TimeSpan? MaxAge { get; init; }
}

/// <summary>How a check came out.</summary>
public enum CheckState
{
    /// <summary>It holds.</summary>
    Holds,

    /// <summary>It does not hold, so the bundle is refused.</summary>
    Refused,

    /// <summary>It was not made, since one before it refused the bundle already.</summary>
    NotMade,
}

/// <summary>One check of a bundle.</summary>
/// <param name="Name">Its name, stable.</param>
/// <param name="Question">What it asks.</param>
/// <param name="State">How it came out.</param>
public sealed record BundleCheck(string Name, string Question, CheckState State);

/// <summary>What the review of a bundle came to.</summary>
/// <param name="Checks">Every check that was asked for, in order.</param>
/// <param name="Refusal">Why the bundle is refused; null where it is accepted.</param>
/// <param name="Key">The key that sealed it; null where no trusted key did.</param>
/// <param name="Predicate">The sealed summary; null where it was not reached.</param>
/// <param name="Subject">The evidence of the subject's lane; null where it was not reached.</param>
/// <param name="Verdict">What the judge made of it now; null where it was not asked.</param>
public sealed record BundleReview(
    ImmutableArray<BundleCheck> Checks, CheckRefusal? Refusal, PublicKey? Key, RunPredicate? Predicate, LaneEvidence? Subject, Verdict? Verdict)
{
    /// <summary>Whether every check holds.</summary>
    public bool IsAccepted => Refusal is null;

    /// <summary>The same review with one check more, which was made elsewhere.</summary>
    /// <param name="name">The check's name.</param>
    /// <param name="question">What it asks.</param>
    /// <param name="refusal">Why it refuses the bundle; null where it holds.</param>
    /// <returns>The review; a bundle that was refused stays refused.</returns>
    public BundleReview With(string name, string question, CheckRefusal? refusal) => this with
    {
        Checks = Checks.Add(new BundleCheck(name, question, !IsAccepted ? CheckState.NotMade : refusal is null ? CheckState.Holds : CheckState.Refused)),
        Refusal = Refusal ?? refusal,
    };
}
