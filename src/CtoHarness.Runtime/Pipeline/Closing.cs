using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Withholding;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Closes a bundle: judged, written, digested, synced, renamed, read back.</summary>
internal static class Closing
{
    internal const string Report = "report.json";
    internal const string Page = "report.md";
    internal static readonly ImmutableArray<string> ForEveryOutcome = ["patch.diff", "test.log", "backend/stdout.log", "backend/stderr.log"];

    internal static Verdict Close(RunSite site, Reached reached)
    {
        Write(site, reached, out var verdict, out var written);
        site.Bundle.Publish(site.Request.Folders.Runs);
        try
        {
            ReadBack(site.Bundle.Final, written.Report, written.Artifacts);
        }
        catch (IOException)
        {
            // A folder with a final name is believed; this one must not be.
            Directory.Move(site.Bundle.Final, site.Bundle.Making);
            throw;
        }

        return verdict;
    }

    /// <summary>Judges one lane and writes its report, whatever the lane came to.</summary>
    internal static RunEvidence Write(RunSite site, Reached reached, out Verdict verdict, out (byte[] Report, ImmutableArray<Artifact> Artifacts) written)
    {
        reached = WithheldWords.Without(reached, site.Bundle.Withheld);
        foreach (var name in ForEveryOutcome.Where(name => !File.Exists(site.Bundle.PathOf(name))))
        {
            site.Bundle.Write(name, []);
        }

        var replaced = WithheldWords.Record(site);
        site.Events.Add(EventNames.EvidenceCollected, json => WriteEvidence(json, reached));
        var evidence = new RunEvidence(
            site.Lane, reached.Identity, reached.Contract, reached.Program?.Digest, reached.Refusals, reached.Preflight, reached.Layers,
            reached.Backend, reached.Workspace, reached.Test, reached.Verification, reached.Others, reached.Trouble, site.Events.Seen, site.Now())
        {
            Calls = reached.Calls,
            Roots = reached.Roots,
            Targets = reached.Targets,
            Persistence = reached.Persistence,
            SelfTest = reached.SelfTest,
            LimitPassed = reached.LimitPassed,
            Replaced = replaced,
        };
        var decided = Judge.Decide(evidence);
        site.Events.Add(EventNames.RunCompleted, json =>
        {
            json.WriteNumber("count", site.Events.Seen.Length + 1);
            json.WriteString("status", Words.Of(decided.Status));
        });
        site.Events.Dispose();
        site.Trace.AddRun(reached.Identity.Started.Wall, evidence.Completed.Wall, decided.Status == RunStatus.Pass);
        site.Trace.Dispose();
        var artifacts = BundleFolder.Artifacts(site.Bundle.Making, Report, Page);
        var report = ReportJson.Of(evidence, decided, artifacts);
        site.Bundle.Write(Report, report);
        site.Bundle.Write(Page, ReportPage.Of(evidence, decided, artifacts));
        verdict = decided;
        written = (report, artifacts);
        return evidence;
    }

    internal static void ReadBack(string folder, byte[] report, ImmutableArray<Artifact> artifacts)
    {
        if (!File.ReadAllBytes(Path.Combine(folder, Report)).AsSpan().SequenceEqual(report)
            || !BundleFolder.Artifacts(folder, Report, Page).SequenceEqual(artifacts))
        {
            throw new IOException($"{folder} does not read back as it was written; the disk or somebody else changed it");
        }
    }

    // What the report says and no other file holds.
    private static void WriteEvidence(Utf8JsonWriter json, Reached reached)
    {
        json.WriteObserved("backend_process_started", reached.Backend is { } backend ? backend.IsStarted : false);
        json.WriteStartObject("layers");
        foreach (var (name, version) in reached.Layers)
        {
            json.WriteString(name, version);
        }

        json.WriteEndObject();
        json.WriteStartArray("refusals");
        foreach (var refusal in reached.Refusals)
        {
            json.WriteStartObject();
            json.WriteString("code", refusal.Code.Text);
            json.WriteString("message", refusal.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("trouble", reached.Trouble?.Code.Text);
        json.WriteString("trouble_message", reached.Trouble?.Message);
        json.WriteString("harness_commit", reached.Identity.Harness.Commit);
        json.WriteObserved("harness_worktree_clean", reached.Identity.Harness.WorktreeClean);
        json.WriteObserved("claims", reached.Backend?.Claims);
        json.WriteObserved("unrecognised_lines", reached.Backend?.Unrecognised);
        json.WriteObserved("output_bytes", reached.Backend?.Program.OutputBytes);
        json.WriteObserved("error_bytes", reached.Backend?.Program.ErrorBytes);
        json.WriteObserved("survivors", reached.Backend?.Program.Survivors);
        json.WriteString("test_end", reached.Test is { } test ? Words.Of(test.End) : null);
        json.WriteObserved("test_exit_code", reached.Test?.ExitCode);
        json.WriteObserved("test_duration_ms", (long?)reached.Test?.Duration.TotalMilliseconds);
        json.WriteObserved("test_survivors", reached.Test?.Survivors);
        json.WriteObserved("verification_duration_ms", (long?)reached.Verification?.Duration.TotalMilliseconds);
        json.WriteString("workspace_refusal", reached.Workspace?.Refusal);
        json.WriteString("workspace_tree", reached.Workspace?.Tree?.ToString());
    }
}
