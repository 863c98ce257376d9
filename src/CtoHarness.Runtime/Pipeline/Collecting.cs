using System.Collections.Immutable;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Collects what no file of a lane holds yet, and reads the lane's evidence from its files: the judge is asked about these, not about what the run remembers.</summary>
internal static class Collecting
{
    private static readonly ImmutableArray<string> LanePlaces = ["baseline/", "controls/"];

    /// <summary>Appends <c>evidence.collected</c> and reads the evidence.</summary>
    /// <exception cref="IOException">It cannot be read again, and not without what the backend wrote either.</exception>
    internal static LaneEvidence Collect(RunSite site, Reached reached)
    {
        var (whole, refusal) = TryCollect(site, reached);
        if (whole is not null)
        {
            return whole;
        }

        // A bundle that nobody could check is worth nothing: what cannot be read again is no evidence, and the run says so.
        var trouble = new RunTrouble(
            BlockerCode.EvidenceIncomplete, $"what was observed cannot be read again ({refusal!.Check}: expected {refusal.Expected}; found {refusal.Found}), so nothing rests on it");
        (var rest, refusal) = TryCollect(site, reached with
        {
            Calls = null,
            Workspace = null,
            Verification = null,
            Others = null,
            Trouble = reached.Trouble ?? trouble,
        });
        return rest is not null ? rest
            : throw new IOException($"the evidence of this run cannot be read again ({refusal!.Check}: expected {refusal.Expected}; found {refusal.Found})");
    }

    private static (LaneEvidence? Lane, CheckRefusal? Refusal) TryCollect(RunSite site, Reached reached)
    {
        var collected = Of(site, reached);
        site.Events.Add(EventNames.EvidenceCollected, json => CollectedJson.Write(json, collected));
        Sealing.LetGo();
        var content = BundleReader.ReadUnfinished(site.Bundle.Making, CancellationToken.None);
        var isSubject = site.Lane.Kind == LaneKind.Subject;
        return EvidenceReader.Read(
            isSubject ? content : content.Below(site.Lane.Folder), site.Lane, site.Bundle.Run, isSubject ? null : Shared(reached),
            isSubject ? _ => reached.Others : null, isClosed: false);
    }

    private static Collected Of(RunSite site, Reached reached) => new(site.Now(), Boot.Id())
    {
        Written = Written(site.Bundle.Making),
        BackendDigest = reached.Program?.Digest,
        BackendVersion = reached.BackendVersion,
        Refusals = reached.Refusals,
        Backend = reached.Backend,
        Calls = reached.Calls,
        LimitPassed = reached.LimitPassed,
        Workspace = reached.Workspace is { } workspace ? new WorkspaceNote(workspace.Refusal, workspace.PatchDigest, workspace.Tree) : null,
        Test = reached.Test,
        VerificationTook = reached.Verification?.Duration,
        Lanes = reached.Others is { } others
            ? new LanesNote(others.Baseline is not null, [.. others.Controls.Select(one => new ControlNote(one.Outcome.Lane.Name, one.Cheat, one.Wanted))], others.ControlsLeftOut)
            : null,
        Roots = reached.Roots,
        Persistence = reached.Persistence,
        Trouble = reached.Trouble,
    };

    /// <summary>When the files of a bundle were written, the lanes within it apart: they have evidence of their own.</summary>
    internal static WrittenTimes? Written(string folder)
    {
        var times = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !LanePlaces.Any(place => Path.GetRelativePath(folder, path).StartsWith(place, StringComparison.Ordinal)))
            .Select(path => InodeCalls.Of(path)?.Changed ?? DateTimeOffset.MinValue)
            .ToList();
        return times.Count == 0 ? null : new WrittenTimes(times.Min(), times.Max());
    }

    // Sizes are not part of a tree's written form.
    private static SharedEvidence Shared(Reached reached) => new(
        reached.Contract, reached.Base is { } pristine ? new Core.Trees.Tree(pristine.Entries.Select(entry => entry with { Bytes = 0 })) : null, reached.Preflight, reached.Layers);
}
