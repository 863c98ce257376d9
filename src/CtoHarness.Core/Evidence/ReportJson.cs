using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes <c>report.json</c>, schema <c>report.v1.json</c>. Names and their order are the contract with users' scripts.</summary>
public static class ReportJson
{
    private const string CasePrefix = "case_";

    /// <summary>Writes a report.</summary>
    /// <param name="evidence">What was seen.</param>
    /// <param name="verdict">What the judge made of it.</param>
    /// <param name="artifacts">Every other file of the bundle but the report page and the seal.</param>
    /// <returns>A JSON document.</returns>
    public static byte[] Of(RunEvidence evidence, Verdict verdict, ImmutableArray<Artifact> artifacts)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(verdict);
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            WriteHead(json, evidence, verdict);
            WriteEngine(json, evidence);
            WriteTimes(json, evidence);
            WriteChange(json, evidence, verdict);
            CallsJson.WriteWrites(json, evidence, verdict);
            RootsJson.Write(json, evidence, verdict);
            TargetsJson.Write(json, evidence, verdict);
            PersistenceJson.Write(json, evidence);
            WriteFreshness(json, evidence, verdict);
            WithheldJson.Write(json, evidence.Identity.Withheld);
            WriteMachine(json, evidence);
            OtherLanesJson.Write(json, evidence, verdict);
            WriteReasons(json, verdict);
            WriteArtifacts(json, artifacts);
            json.WriteEndObject();
        });
    }

    private static void WriteHead(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        json.WriteString("schema", "cto-harness/report/v1");
        json.WriteString("run_id", evidence.Identity.Run.ToString());
        json.WriteString("task_id", evidence.Identity.Task);
        json.WriteNumber("stage", evidence.Identity.Stage);
        json.WriteString("lane", evidence.Lane.Folder is { Length: > 0 } folder ? folder : evidence.Lane.Name);
        json.WriteString("status", Words.Of(verdict.Status));
        json.WriteString("fault", Words.Of(verdict.Fault));
        json.WriteString("summary", verdict.Summary);
    }

    private static void WriteEngine(Utf8JsonWriter json, RunEvidence evidence)
    {
        var identity = evidence.Identity;
        json.WriteString("backend", identity.Engine.Name);
        var version = evidence.BackendVersion.Length > 0 ? evidence.BackendVersion : identity.Engine.Version;
        json.WriteString("backend_version", version.Length > 0 ? version : null);
        json.WriteString("backend_digest", evidence.BackendDigest?.ToString());
        json.WriteBoolean("backend_stand_in", identity.Engine.IsStandIn);
        json.WriteObserved("provider_stand_in", identity.Provider?.IsStandIn);
        json.WriteObserved("backend_process_started", Started(evidence));
        var prefix = "";
        if (identity.Engine.Kind == "case")
        {
            prefix = CasePrefix;
            json.WriteObserved("case_process_started", Started(evidence));
        }

        json.WriteString("source_admission_status", "not_admitted");
        json.WriteString(prefix + "model_provider", identity.Model?.Provider);
        json.WriteString(prefix + "model", identity.Model?.Name);
        json.WriteString(prefix + "model_admission_status", Words.Of(identity.ModelAdmission));
        json.WriteStartArray("gates");
        foreach (var gate in identity.Gates)
        {
            json.WriteStartObject();
            json.WriteString("name", gate.Name);
            json.WriteString("required", gate.Required);
            json.WriteBoolean("open", gate.Open);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool? Started(RunEvidence evidence) => evidence.Backend is { } backend ? backend.IsStarted : false;

    private static void WriteTimes(Utf8JsonWriter json, RunEvidence evidence)
    {
        json.WriteString("started_at", Timestamp.Text(evidence.Identity.Started.Wall));
        json.WriteString("completed_at", Timestamp.Text(evidence.Completed.Wall));
        json.WriteNumber("duration_ms", evidence.Completed.MonotonicMs - evidence.Identity.Started.MonotonicMs);
        json.WriteString("runtime_workspace_root", evidence.Identity.RuntimeRoot);
        json.WriteString("run_artifact_dir", evidence.Identity.ArtifactFolder);
    }

    private static void WriteChange(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        var change = evidence.Workspace?.Change;
        WriteSeen(json, "changed_files", change?.ChangedPaths.Select(p => p.ToString()));
        WriteSeen(json, "disallowed_files", change?.Disallowed.Select(c => c.Path.ToString()));
        json.WriteObserved("tests_passed", verdict.Observations.Tests);
        WriteTest(json, evidence);
        WriteVerification(json, evidence);
        json.WriteObserved("required_events_passed", verdict.Observations.RequiredEvents);
        WriteSeen(json, "missing_events", verdict.Observations.RequiredEvents is null ? null : verdict.MissingEvents);
    }

    // Null where nobody looked: an empty list would say that there is nothing.
    private static void WriteSeen(Utf8JsonWriter json, string name, IEnumerable<string>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteStrings(name, values);
        }
    }

    private static void WriteTest(Utf8JsonWriter json, RunEvidence evidence)
    {
        if (evidence.Test is not { } test)
        {
            json.WriteNull("test_run");
            return;
        }

        json.WriteStartObject("test_run");
        json.WriteStrings("command", evidence.Contract?.Fixture.TestCommand ?? []);
        json.WriteString("end", Words.Of(test.End));
        json.WriteObserved("exit_code", test.ExitCode);
        json.WriteNumber("duration_ms", (long)test.Duration.TotalMilliseconds);
        json.WriteString("observer", Words.Of(Observer.Harness));
        json.WriteEndObject();
    }

    private static void WriteVerification(Utf8JsonWriter json, RunEvidence evidence)
    {
        if (evidence.Verification is not { } verification)
        {
            json.WriteNull("verification");
            return;
        }

        json.WriteStartObject("verification");
        json.WriteStrings("command", verification.Command);
        json.WriteNumber("expected", verification.Expected);
        json.WriteNumber("ran", verification.Ran);
        json.WriteNumber("passed", verification.Passed);
        json.WriteNumber("failed", verification.Expected - verification.Passed);
        json.WriteString("seed", verification.Seed);
        json.WriteNumber("duration_ms", (long)verification.Duration.TotalMilliseconds);
        json.WriteString("observer", Words.Of(Observer.Harness));
        json.WriteEndObject();
    }

    private static void WriteFreshness(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        var identity = evidence.Identity;
        json.WriteObserved("freshness_passed", verdict.Observations.Freshness);
        json.WriteStartObject("freshness");
        json.WriteString("nonce", identity.Nonce);
        json.WriteString("nonce_from", identity.NonceFrom);
        json.WriteObserved("nonce_seen_by_gateway", evidence.Traffic?.NonceSeen);
        json.WriteString("boot_id", identity.BootId);
        json.WriteStartArray("monotonic_ms");
        json.WriteNumberValue(identity.Started.MonotonicMs);
        json.WriteNumberValue(evidence.Completed.MonotonicMs);
        json.WriteEndArray();
        json.WriteStartObject("digests");
        json.WriteString("fixture", evidence.Contract?.FixtureDigest.ToString());
        json.WriteString("contract", evidence.Contract is { } contract ? Digest.Of(ContractJson.Of(contract)).ToString() : null);
        json.WriteString("policy", identity.PolicyDigest.ToString());
        json.WriteString("backend", evidence.BackendDigest?.ToString());
        json.WriteString("harness", identity.Harness.Digest.ToString());
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("harness_version", identity.Harness.Version);
        json.WriteString("harness_root", identity.HarnessRoot);
        json.WriteString("harness_commit", identity.Harness.Commit);
        json.WriteObserved("harness_worktree_clean", identity.Harness.WorktreeClean);
    }

    private static void WriteMachine(Utf8JsonWriter json, RunEvidence evidence)
    {
        json.WriteStartObject("sandbox");
        json.WriteStartObject("layers");
        foreach (var (name, version) in evidence.Layers)
        {
            json.WriteString(name, version);
        }

        json.WriteEndObject();
        WriteSelfTest(json, evidence);
        json.WriteStartArray("limits");
        if (Started(evidence) == true && evidence.Contract?.Limits is { } limits)
        {
            (string Name, long Value, string Source)[] set =
            [
                ("wall_seconds", limits.WallSeconds, "harness clock"),
                ("file_bytes", limits.FileBytes, "RLIMIT_FSIZE"),
                ("processes", limits.Processes, "RLIMIT_NPROC" + Together(evidence, "pids")),
                ("address_space_bytes", limits.AddressSpaceBytes, "RLIMIT_AS" + Together(evidence, "memory")),
                ("output_bytes", limits.OutputBytes, "harness pipe"),
                ("workspace_bytes", limits.WorkspaceBytes, "harness watch"),
            ];
            foreach (var (name, value, source) in set)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteNumber("value", value);
                json.WriteString("source", source);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteObserved("survivors", evidence.Backend?.Program.Survivors);
        json.WriteEndObject();
        WriteChecks(json, "preflight", evidence.Preflight);
        TrafficJson.WriteReport(json, evidence.Traffic);
        if (evidence.Claims is { } claims)
        {
            json.WriteStartObject("backend_claims");
            BackendClaimsJson.Write(json, claims);
            json.WriteString("observer", Words.Of(Observer.Backend));
            json.WriteEndObject();
        }
    }

    // Where all programs of a sandbox are bounded together, besides each by itself.
    private static string Together(RunEvidence evidence, string controller) =>
        evidence.Layers.GetValueOrDefault("cgroup", "").Split([' ', ',']).Contains(controller) ? $", cgroup {controller}" : "";

    private static void WriteSelfTest(Utf8JsonWriter json, RunEvidence evidence)
    {
        if (evidence.SelfTest is { } checks)
        {
            WriteChecks(json, "self_test", checks);
        }
        else
        {
            json.WriteNull("self_test");
        }
    }

    private static void WriteChecks(Utf8JsonWriter json, string name, IEnumerable<PreflightCheck> checks)
    {
        json.WriteStartArray(name);
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteBoolean("passed", check.Passed);
            json.WriteString("detail", check.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteReasons(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteStartArray("blockers");
        foreach (var blocker in verdict.Blockers)
        {
            WriteReason(json, blocker.Code.Text, blocker.Message, blocker.Evidence);
        }

        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in verdict.Findings)
        {
            WriteReason(json, finding.Code, finding.Message, finding.Evidence);
        }

        json.WriteEndArray();
    }

    private static void WriteReason(Utf8JsonWriter json, string code, string message, string evidence)
    {
        json.WriteStartObject();
        json.WriteString("code", code);
        json.WriteString("message", message);
        json.WriteString("evidence", evidence);
        json.WriteEndObject();
    }

    private static void WriteArtifacts(Utf8JsonWriter json, ImmutableArray<Artifact> artifacts)
    {
        json.WriteStartArray("artifacts");
        foreach (var artifact in artifacts)
        {
            json.WriteStartObject();
            json.WriteString("path", artifact.Path);
            json.WriteString("sha256", artifact.Sha256.ToString());
            json.WriteNumber("bytes", artifact.Bytes);
            json.WriteString("observer", Words.Of(artifact.Observer));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
