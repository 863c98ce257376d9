using System.Collections.Immutable;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Withholding;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Closes a bundle: judged, written, digested, sealed, synced, renamed, read back and verified.</summary>
internal static class Closing
{
    internal const string Report = "report.json";
    internal const string Page = "report.md";
    internal static readonly ImmutableArray<string> ForEveryOutcome = ["patch.diff", "test.log", "backend/stdout.log", "backend/stderr.log"];

    internal static Verdict Close(RunSite site, Reached reached, SigningKey key)
    {
        var lane = Write(site, reached, out var verdict, out var artifacts);
        try
        {
            Sealing.Publish(site.Bundle, lane.Evidence, verdict, artifacts, site.Events.Head, key, site.Clock);
            return verdict;
        }
        catch (NotAcceptedException refused)
        {
            // Evidence that contradicts itself is no evidence, but that there was such a run must not be lost.
            var trouble = new RunTrouble(BlockerCode.EvidenceIncomplete, $"the run's own check refused its bundle, so nothing rests on what was observed: {refused.Message}");
            if (InterruptedRun.Read(site.Bundle, trouble) is not { } broken)
            {
                throw;
            }

            return broken.Close(site.Clock, key, CancellationToken.None);
        }
    }

    /// <summary>Judges one lane and writes its report, whatever the lane came to.</summary>
    internal static LaneEvidence Write(RunSite site, Reached reached, out Verdict verdict, out ImmutableArray<Artifact> artifacts)
    {
        foreach (var name in ForEveryOutcome.Where(name => !File.Exists(site.Bundle.PathOf(name))))
        {
            site.Bundle.Write(name, []);
        }

        WithheldWords.Record(site);
        var lane = Collecting.Collect(site, reached);
        var decided = Judge.Decide(lane.Evidence);
        site.Events.Add(EventNames.RunCompleted, json =>
        {
            json.WriteNumber("count", site.Events.Seen.Length + 1);
            json.WriteString("status", Words.Of(decided.Status));
        });
        site.Events.Dispose();
        site.Trace.AddRun(reached.Identity.Started.Wall, lane.Evidence.Completed.Wall, decided.Status == RunStatus.Pass);
        site.Trace.Dispose();
        artifacts = BundleFolder.Artifacts(site.Bundle.Making, Report, Page);
        site.Bundle.Write(Report, ReportJson.Of(lane.Evidence, decided, artifacts));
        Sealing.LetGo();
        site.Bundle.Write(Page, ReportPage.Of(lane.Evidence, decided, artifacts));
        verdict = decided;
        return lane;
    }
}
