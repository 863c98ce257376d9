using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Core.Runs;

/// <summary>Writes a run's identity into <c>run.started</c>, and reads it again where nothing else is left of a run.</summary>
public static class IdentityJson
{
    private const int MostOfGate = 200;

    /// <summary>Writes the fields.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="identity">The identity; its run stands in the event itself.</param>
    public static void Write(Utf8JsonWriter json, RunIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(identity);
        json.WriteString("task_id", identity.Task);
        json.WriteNumber("stage", identity.Stage);
        json.WriteString("backend", identity.Engine.Name);
        json.WriteString("nonce", identity.Nonce);
        json.WriteString("nonce_from", identity.NonceFrom);
        json.WriteString("boot_id", identity.BootId);
        json.WriteString("started_at", Timestamp.Text(identity.Started.Wall));
        json.WriteNumber("monotonic_ms", identity.Started.MonotonicMs);
        json.WriteString("runtime_workspace_root", identity.RuntimeRoot);
        json.WriteString("run_artifact_dir", identity.ArtifactFolder);
        json.WriteString("policy", identity.PolicyDigest.ToString());
        json.WriteNumber("targets", identity.Targets);
        WriteEngine(json, identity);
        WriteHarness(json, identity);
        json.WriteStartArray("protected_roots");
        foreach (var (role, path) in identity.ProtectedRoots)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("path", path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WithheldJson.Write(json, identity.Withheld);
    }

    /// <summary>Reads the fields.</summary>
    /// <param name="json">Any value.</param>
    /// <param name="run">The run that the event named.</param>
    /// <returns>The identity, or null where anything of it is missing or has another form.</returns>
    public static RunIdentity? TryRead(JsonElement json, RunId run)
    {
        var started = Timestamp.TryRead(json.Text("started_at"));
        return json.Text("task_id") is { } task && TaskId.TryParse(task, out _)
            && json.Count("stage") is { } stage and > 0 and < 10
            && Engine(json) is { } engine
            && Admission(json.Text("model_admission_status")) is { } admission
            && Gates(json) is { } gates
            && json.Text("nonce") is { Length: 64 } nonce && nonce.All(char.IsAsciiHexDigitLower)
            && json.Text("nonce_from") is { } nonceFrom and ("harness" or "verifier")
            && Folder(json, "runtime_workspace_root") is { } runtime
            && Folder(json, "run_artifact_dir") is { } artifacts
            && Harness(json) is { } harness
            && Folder(json, "harness_root") is { } root
            && Digests(json, "policy") is { } policy
            && Roots(json) is { } roots
            && json.Count("targets") is { } targets and <= int.MaxValue
            && json.Text("boot_id") is { Length: > 0 and <= 100 } boot
            && WithheldJson.TryRead(json) is { } withheld
            && started is { } wall && json.Count("monotonic_ms") is { } monotonic
            ? new RunIdentity(
                run, task, (int)stage, engine, Model(json, "model_provider", "model"), admission, gates, nonce, nonceFrom, runtime, artifacts, harness, root,
                policy, roots, (int)targets, boot, new TwoClocks(wall, monotonic))
            {
                Withheld = withheld,
                Provider = json.Inner("provider") is { } provider ? ProviderOf(provider) : null,
            }
            : null;
    }

    private static void WriteEngine(Utf8JsonWriter json, RunIdentity identity)
    {
        var engine = identity.Engine;
        json.WriteStartObject("engine");
        WriteManifest(json, engine);
        json.WriteEndObject();
        json.WriteString("model_provider", identity.Model?.Provider);
        json.WriteString("model", identity.Model?.Name);
        json.WriteString("model_admission_status", Words.Of(identity.ModelAdmission));
        if (identity.Provider is { } provider)
        {
            json.WriteStartObject("provider");
            json.WriteString("name", provider.Name);
            json.WriteString("title", provider.Title);
            json.WriteString("base_url", provider.Address);
            json.WriteString("wire", provider.Wire);
            json.WriteString("key_env", provider.KeyVariable);
            json.WriteString("key_file", provider.KeyFile);
            json.WriteBoolean("stand_in", provider.IsStandIn);
            json.WriteEndObject();
        }

        json.WriteStartArray("gates");
        foreach (var gate in identity.Gates)
        {
            json.WriteStartObject();
            json.WriteString("name", gate.Name);
            json.WriteString("required", gate.Required);

            // Cut, a wrong value stays wrong: it is still longer than the right one.
            json.WriteString("found", gate.Found is { Length: > MostOfGate } found ? found[..MostOfGate] : gate.Found);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>An engine as a run's identity holds it, to be compared with another.</summary>
    /// <param name="engine">The engine.</param>
    /// <returns>Canonical JSON.</returns>
    public static byte[] OfEngine(EngineManifest engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", engine.Name);
            WriteManifest(json, engine);
            json.WriteEndObject();
        });
    }

    private static void WriteManifest(Utf8JsonWriter json, EngineManifest engine)
    {
        json.WriteString("kind", engine.Kind);
        json.WriteString("title", engine.Title);
        json.WriteString("version", engine.Version);
        json.WriteString("script", engine.Script);
        json.WriteString("executable_name", engine.ExecutableName);
        json.WriteString("executable_variable", engine.ExecutableVariable);
        json.WriteString("model_provider", engine.Model?.Provider);
        json.WriteString("model", engine.Model?.Name);
        json.WriteStrings("required_records", engine.RequiredRecords);
        EngineFieldsJson.Write(json, engine);
    }

    private static void WriteHarness(Utf8JsonWriter json, RunIdentity identity)
    {
        json.WriteString("harness", identity.Harness.Digest.ToString());
        json.WriteString("harness_version", identity.Harness.Version);
        json.WriteString("harness_root", identity.HarnessRoot);
        json.WriteString("harness_commit", identity.Harness.Commit);
        json.WriteObserved("harness_worktree_clean", identity.Harness.WorktreeClean);
    }

    private static EngineManifest? Engine(JsonElement json) =>
        json.Text("backend") is { } name && TaskId.TryParse(name, out _)
        && json.Inner("engine") is { } engine
        && engine.Text("kind") is { } kind && TaskId.TryParse(kind, out _)
        && engine.Text("title") is { } title && engine.Text("version") is { } version && engine.Text("script") is { } script
        && engine.Text("executable_name") is { } executable && engine.Text("executable_variable") is { } variable
        && engine.Texts("required_records") is { } records
            ? EngineFieldsJson.TryRead(engine, new EngineManifest(name, kind, title, version, script, executable, variable, Model(engine, "model_provider", "model"), records))
            : null;

    private static Provider? ProviderOf(JsonElement json) =>
        json.Text("name") is { } name && json.Text("title") is { } title && json.Text("base_url") is { } address && json.Text("wire") is { } wire
        && json.Text("key_env") is { } variable && json.Text("key_file") is { } file && json.Truth("stand_in") is { } standIn
            ? new Provider(name, title, address, wire, variable, file, standIn)
            : null;

    private static ModelName? Model(JsonElement json, string provider, string name) =>
        json.Text(provider) is { Length: > 0 } one && json.Text(name) is { Length: > 0 } two ? new ModelName(one, two) : null;

    private static ModelAdmission? Admission(string? word) =>
        WordReader.Find<ModelAdmission>(word, Words.Of);

    private static ImmutableArray<GateState>? Gates(JsonElement json)
    {
        var gates = json.Items("gates")?
            .Select(gate => gate.Text("name") is { Length: > 0 } name && gate.Text("required") is { Length: > 0 and <= MostOfGate } required
                ? new GateState(name, required, gate.Text("found"))
                : null)
            .ToList();
        return gates is null || gates.Contains(null) ? null : [.. gates.Select(gate => gate!)];
    }

    private static HarnessIdentity? Harness(JsonElement json)
    {
        var commit = json.Text("harness_commit");
        return json.Text("harness_version") is { Length: > 0 } version && Digests(json, "harness") is { } digest
            && (commit is null || (commit.Length is 40 or 64 && commit.All(char.IsAsciiHexDigitLower)))
                ? new HarnessIdentity(version, digest, commit, json.Truth("harness_worktree_clean"))
                : null;
    }

    private static ImmutableArray<(string, string)>? Roots(JsonElement json)
    {
        var roots = json.Items("protected_roots")?.Select(root => (Role: root.Text("role"), Path: root.Text("path"))).ToList();
        return roots is null || roots.Exists(root => root.Role is null || !TaskId.TryParse(root.Role, out _) || root.Path is null || (root.Path.Length > 0 && root.Path[0] != '/'))
            ? null
            : [.. roots.Select(root => (root.Role!, root.Path!))];
    }

    private static string? Folder(JsonElement json, string name) =>
        json.Text(name) is { Length: > 0 } path && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal) ? path : null;

    private static Digest? Digests(JsonElement json, string name) =>
        json.Text(name) is { } text && Digest.TryParse(text, out var digest) ? digest : null;
}
