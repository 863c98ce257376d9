using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Attestation;

/// <summary>Digests of everything that a run rests on; null where it had none.</summary>
/// <param name="Fixture">The fixture as it was taken.</param>
/// <param name="Contract">The contract.</param>
/// <param name="Policy">The effective policy.</param>
/// <param name="Backend">The backend's program.</param>
/// <param name="Harness">The harness's own program.</param>
public sealed record RunDigests(Digest? Fixture, Digest? Contract, Digest Policy, Digest? Backend, Digest Harness);

/// <summary>What the harness says of one run when it seals the bundle.</summary>
/// <param name="Run">The run.</param>
/// <param name="Task">Its task.</param>
/// <param name="Stage">The rung of the ladder, 1 to 9.</param>
/// <param name="Status">The verdict.</param>
/// <param name="Fault">Whose fault it is.</param>
/// <param name="Backend">The engine's name.</param>
/// <param name="BackendStandIn">Whether it stands in for a real one.</param>
/// <param name="Model">The model; null where the engine calls none.</param>
/// <param name="Digests">What the run rests on.</param>
/// <param name="Nonce">64 hexadecimal digits.</param>
/// <param name="NonceFrom"><c>harness</c> or <c>verifier</c>.</param>
/// <param name="Started">When the run began.</param>
/// <param name="Completed">When the judge was called.</param>
/// <param name="Sealed">When this was said.</param>
/// <param name="EventCount">How many events the run has.</param>
/// <param name="ChainHead">Digest of the last of them.</param>
/// <param name="Judge">The version of the judge.</param>
/// <param name="HarnessVersion">The version of the harness.</param>
public sealed record RunPredicate(
    RunId Run,
    TaskId Task,
    int Stage,
    RunStatus Status,
    Fault Fault,
    string Backend,
    bool BackendStandIn,
    ModelName? Model,
    RunDigests Digests,
    string Nonce,
    string NonceFrom,
    DateTimeOffset Started,
    DateTimeOffset Completed,
    DateTimeOffset Sealed,
    long EventCount,
    Digest ChainHead,
    string Judge,
    string HarnessVersion)
{
    /// <summary>Whether the model's provider stands in for a real one; null where no model is called.</summary>
    public bool? ProviderStandIn { get; init; }

    /// <summary>The kind of statement that this is.</summary>
    public const string Type = "urn:cto-harness:attestation:run:v1";

    private const int LongestWord = 200;

    /// <summary>Draws up the summary of a run.</summary>
    /// <param name="evidence">Its evidence.</param>
    /// <param name="verdict">What the judge made of it.</param>
    /// <param name="eventCount">How many events there are.</param>
    /// <param name="chainHead">The digest of the last one.</param>
    /// <param name="at">When it is sealed.</param>
    /// <returns>The summary.</returns>
    public static RunPredicate Of(RunEvidence evidence, Verdict verdict, long eventCount, Digest chainHead, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(verdict);
        var identity = evidence.Identity;
        var digests = new RunDigests(
            evidence.Contract?.FixtureDigest, evidence.Contract is { } contract ? Digest.Of(ContractJson.Of(contract)) : null,
            identity.PolicyDigest, evidence.BackendDigest, identity.Harness.Digest);
        return new RunPredicate(
            identity.Run, TaskId.TryParse(identity.Task, out var task) ? task : throw new ArgumentException($"{identity.Task} is no task's name", nameof(evidence)), identity.Stage,
            verdict.Status, verdict.Fault, identity.Engine.Name, identity.Engine.IsStandIn, identity.Model, digests, identity.Nonce, identity.NonceFrom,
            identity.Started.Wall, evidence.Completed.Wall, at, eventCount, chainHead, Verdicts.Judge.Version, identity.Harness.Version)
        {
            ProviderStandIn = identity.Provider?.IsStandIn,
        };
    }

    /// <summary>Writes the predicate.</summary>
    /// <returns>Canonical JSON.</returns>
    public byte[] Write() => CanonicalJson.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("run_id", Run.ToString());
        json.WriteString("task_id", Task.ToString());
        json.WriteNumber("stage", Stage);
        json.WriteString("status", Words.Of(Status));
        json.WriteString("fault", Words.Of(Fault));
        json.WriteString("backend", Backend);
        json.WriteBoolean("backend_stand_in", BackendStandIn);
        if (ProviderStandIn is { } providerStandIn)
        {
            json.WriteBoolean("provider_stand_in", providerStandIn);
        }

        json.WriteString("model_provider", Model?.Provider);
        json.WriteString("model", Model?.Name);
        json.WriteStartObject("digests");
        json.WriteString("fixture", Digests.Fixture?.ToString());
        json.WriteString("contract", Digests.Contract?.ToString());
        json.WriteString("policy", Digests.Policy.ToString());
        json.WriteString("backend", Digests.Backend?.ToString());
        json.WriteString("harness", Digests.Harness.ToString());
        json.WriteEndObject();
        json.WriteString("nonce", Nonce);
        json.WriteString("nonce_from", NonceFrom);
        json.WriteString("started_at", Timestamp.Text(Started));
        json.WriteString("completed_at", Timestamp.Text(Completed));
        json.WriteString("sealed_at", Timestamp.Text(Sealed));
        json.WriteNumber("event_count", EventCount);
        json.WriteString("chain_head", ChainHead.ToString());
        json.WriteString("judge", Judge);
        json.WriteString("harness_version", HarnessVersion);
        json.WriteEndObject();
    });

    /// <summary>Reads a predicate.</summary>
    /// <param name="predicate">Any bytes.</param>
    /// <returns>The predicate, or null unless it is written as exactly these bytes.</returns>
    public static RunPredicate? TryRead(ReadOnlyMemory<byte> predicate) =>
        JsonFields.TryParse(predicate) is { } json && Of(json) is { } read && read.Write().AsSpan().SequenceEqual(predicate.Span) ? read : null;

    private static RunPredicate? Of(JsonElement json) =>
        json.Text("run_id") is { } runText && RunId.TryParse(runText, out var run)
        && json.Text("task_id") is { } taskText && TaskId.TryParse(taskText, out var task)
        && json.Count("stage") is { } stage and > 0 and < 10
        && OneOf<RunStatus>(json, "status", Words.Of) is { } status
        && OneOf<Fault>(json, "fault", Words.Of) is { } fault
        && json.Text("backend") is { } backend && TaskId.TryParse(backend, out _)
        && json.Truth("backend_stand_in") is { } standIn
        && json.Inner("digests") is { } digestFields && DigestsOf(digestFields) is { } digests
        && json.Text("nonce") is { Length: 64 } nonce && nonce.All(char.IsAsciiHexDigitLower)
        && json.Text("nonce_from") is { } nonceFrom and ("harness" or "verifier")
        && Time(json, "started_at") is { } started && Time(json, "completed_at") is { } completed && Time(json, "sealed_at") is { } at
        && json.Count("event_count") is { } events && DigestOf(json, "chain_head") is { } head
        && Word(json, "judge") is { } judge && Word(json, "harness_version") is { } version
            ? new RunPredicate(
                run, task, (int)stage, status, fault, backend, standIn, ModelOf(json), digests, nonce, nonceFrom, started, completed, at, events, head, judge, version)
            {
                ProviderStandIn = json.Truth("provider_stand_in"),
            }
            : null;

    private static ModelName? ModelOf(JsonElement json) =>
        json.Text("model_provider") is { } provider && json.Text("model") is { } name ? new ModelName(provider, name) : null;

    private static RunDigests? DigestsOf(JsonElement json) =>
        DigestOf(json, "policy") is { } policy && DigestOf(json, "harness") is { } harness
            ? new RunDigests(DigestOf(json, "fixture"), DigestOf(json, "contract"), policy, DigestOf(json, "backend"), harness)
            : null;

    private static Digest? DigestOf(JsonElement json, string name) =>
        json.Text(name) is { } text && Digest.TryParse(text, out var digest) ? digest : null;

    private static string? Word(JsonElement json, string name) => json.Text(name) is { Length: > 0 and <= LongestWord } word ? word : null;

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        Timestamp.TryRead(json.Text(name));

    private static T? OneOf<T>(JsonElement json, string name, Func<T, string> word)
        where T : struct, Enum =>
        WordReader.Find(json.Text(name), word);
}
