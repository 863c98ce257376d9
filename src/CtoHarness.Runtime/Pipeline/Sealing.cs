using System.Collections.Immutable;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Seals a bundle, gives it its final name, and checks it there as a stranger would: a folder with a final name is believed.</summary>
internal static class Sealing
{
    private const long MuchMemory = 48 << 20;

    /// <summary>The harness's key, made where there is none yet.</summary>
    /// <exception cref="IOException">It cannot be used, and the message says what to do.</exception>
    internal static SigningKey Key(StateFolders folders) => new KeyStore(folders.Keys).OpenOrCreate(KeyStore.Harness) switch
    {
        Parsed<SigningKey>.Value { Result: var key } => key,
        Parsed<SigningKey>.Refused { Problems: var problems } => throw new IOException(string.Join("; ", problems)),
        _ => throw new InvalidOperationException("a parsed value is one of two"),
    };

    /// <summary>Seals and publishes.</summary>
    /// <param name="bundle">The bundle, with everything but its seal.</param>
    /// <param name="evidence">The evidence that was judged.</param>
    /// <param name="verdict">What the judge made of it.</param>
    /// <param name="artifacts">Every file but the two reports.</param>
    /// <param name="head">The digest of the last event.</param>
    /// <param name="key">The harness's key.</param>
    /// <param name="clock">The wall clock.</param>
    /// <exception cref="NotAcceptedException">It is not accepted; it has no final name then, and is kept.</exception>
    /// <exception cref="IOException">It cannot be written or read back; it has no final name then.</exception>
    internal static void Publish(BundleFolder bundle, RunEvidence evidence, Verdict verdict, ImmutableArray<Artifact> artifacts, Digest head, SigningKey key, TimeProvider clock)
    {
        bundle.RemoveEmptyFolders();
        var moment = Moment(clock.GetUtcNow(), evidence.Completed.Wall);
        var predicate = RunPredicate.Of(evidence, verdict, evidence.Events.Length + 1, head, moment);
        var reports = new[] { Closing.Report, Closing.Page }.Select(name => new Subject(name, BundleFolder.DigestOf(bundle.PathOf(name))));
        var subjects = artifacts.Select(artifact => new Subject(artifact.Path, artifact.Sha256)).Concat(reports).OrderBy(subject => subject.Name, StringComparer.Ordinal);
        bundle.Write(BundleFiles.Seal, key.Seal(new Statement([.. subjects], RunPredicate.Type, predicate.Write()).Write()));
        bundle.Publish(Path.GetDirectoryName(bundle.Final)!);
        LetGo();
        try
        {
            var review = BundleVerifier.Review(BundleReader.Read(bundle.Final, CancellationToken.None), new ReviewRequest([key.Public], Moment(clock.GetUtcNow(), moment)));
            if (review.Refusal is { } refusal)
            {
                throw new NotAcceptedException($"{bundle.Final} does not read back as it was written, so the disk or somebody else changed it, or this is a bug ({refusal.Check}: expected {refusal.Expected}; found {refusal.Found})");
            }
        }
        catch
        {
            // A folder with a final name is believed; this one must not be, whatever went wrong.
            Directory.Move(bundle.Final, bundle.Making);
            throw;
        }
    }

    /// <summary>The time, but not before what happened before: a clock that was set back meanwhile must not cost the evidence.</summary>
    internal static DateTimeOffset Moment(DateTimeOffset now, DateTimeOffset before) => now < before ? before : now;

    // What the run held is garbage by now; where it is much, it must not stand beside all that the check reads.
    internal static void LetGo()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > MuchMemory)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
