using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Tests;

/// <summary>Evidence as whole runs would leave it; a test changes one thing of it by <c>with</c>.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 2, 58, 17, 250, TimeSpan.Zero);

    public static EngineManifest Fake { get; } = new("fake", "fake", "The stand-in", "1", "fake/engine.sh", "", "", null, []);

    public static EngineManifest Case { get; } = new(
        "case", "case", "Case", "", "", "ca", "CTO_HARNESS_CASE_BIN", new ModelName("qwen-local", "qwen3.6-35b-a3b"), ["pipeline_end"])
    {
        Output = OutputWire.Case,
        ProviderWire = Provider.ChatCompletions,
    };

    public static Provider Local { get; } = new("qwen-local", "A server of one's own", "http://127.0.0.1:8080/v1", Provider.ChatCompletions, "", "", IsStandIn: false);

    /// <summary>A call that the provider answered well.</summary>
    public static ModelCall Call { get; } = new(
        1, "qwen3.6-35b-a3b", CallRefusal.None, ProviderTrouble.None, "", false, true, 200, true, Digest.Of("request"u8), 700, Digest.Of("response"u8), 900, 170, 40, 412, 95);

    public static ModelTraffic Traffic { get; } = new([Call, Call with { Number = 2, HasNonce = false }], 0, "");

    /// <summary>What Case says of itself in a run that came to its end.</summary>
    public static BackendClaims Claims { get; } = new(
        ImmutableSortedDictionary<string, long>.Empty.Add("phase_end:implement", 1).Add("pipeline_end", 2), 4, 1, 0, 0, false);

    public static EngineManifest Scripted { get; } = new("says-done", "scripted", "Reports success after no edit", "", "says-done/engine.sh", "", "", null, []);

    public static Limits Limits { get; } = RunPolicy.BuiltIn.Limits;

    public static Fixture Fixture { get; } = new(
        Task("r1-string-slugify"),
        "Implement slugify",
        "python",
        "3f786850e387550fdab836ed7e6dc881de23001b",
        [At("strings.py")],
        [Pattern("**/__pycache__/**")],
        [],
        ["python3", "-m", "unittest"]);

    /// <summary>Every required event, seen by the harness.</summary>
    public static ImmutableArray<(string Name, Observer Observer)> Events { get; } = [.. EventNames.Required.Select(name => (name, Observer.Harness))];

    /// <summary>A program that ended well and left nothing behind.</summary>
    public static ProgramOutcome Ended { get; } = new(EndKind.Exited, 0, TimeSpan.FromMilliseconds(1234), 120, 7, 0, 0);

    public static BackendOutcome Backend { get; } = new(Ended, 3, 1);

    /// <summary>The allowed file changed, and nothing else.</summary>
    public static WorkspaceOutcome Workspace { get; } = Changed([Modified("strings.py")]);

    /// <summary>Two fixed cases and a drawn one, all answered as expected.</summary>
    public static VerificationOutcome Verified { get; } = new(
        ["python3", "driver.py", "strings.py", "slugify"],
        new string('c', 64),
        3,
        [Result("plain-words", CaseSource.Fixed), Result("empty", CaseSource.Fixed), Result("drawn-1", CaseSource.Drawn)],
        "",
        "",
        0,
        TimeSpan.FromMilliseconds(87));

    /// <summary>Both usual controls, each refused for the right reason.</summary>
    public static OtherLanes Controls { get; } = new(
        null,
        [
            new ControlOutcome(Refused(Lane.Noop, BlockerCode.NoDiff), "", BlockerCode.NoDiff),
            new ControlOutcome(Refused(Lane.Cheat, BlockerCode.FailedTests), "memorised-answers", BlockerCode.FailedTests),
        ],
        false);

    /// <summary>What the fake engine's lane comes to beside another's.</summary>
    public static LaneOutcome Baseline { get; } = new(
        Lane.Baseline, "fake", RunStatus.Pass, [], [At("strings.py")], [.. EventNames.Required], true, 3, 3, 400);

    /// <summary>The fake engine did all that the contract asks for.</summary>
    public static RunEvidence FakeRun { get; } = Evidence(Fake);

    /// <summary>Case did all that the contract asks for, as far as this version looks.</summary>
    public static RunEvidence CaseRun { get; } = Opened(Evidence(Case)) with { Traffic = Traffic, Claims = Claims };

    /// <summary>Case asked for another model once, and then its provider was overloaded.</summary>
    public static RunEvidence TroubledCaseRun { get; } = CaseRun with
    {
        Traffic = new ModelTraffic(
            [
                Call,
                Call with { Number = 2, Refusal = CallRefusal.Model, Model = "gpt-5", Status = null, Response = null, ResponseBytes = 0, FirstTokenMs = null, Detail = "the model \"gpt-5\" is not the run's" },
                Call with { Number = 3, Trouble = ProviderTrouble.Overloaded, Status = 503, Detail = "HTTP status 503", InputTokens = null, OutputTokens = null },
            ],
            4,
            ""),
        Claims = Claims with { Forged = 1, Lines = 5 },
        BackendVersion = "0.1.0",
        Identity = CaseRun.Identity with { Provider = Local with { IsStandIn = true, KeyVariable = "LOCAL_TOKEN" } },
        Contract = CaseRun.Contract! with { Gateway = RunPolicy.BuiltIn.Gateway with { RefusedModels = 1 } },
    };

    /// <summary>Case was asked for while both gates were closed.</summary>
    public static RunEvidence BlockedCaseRun { get; } = Evidence(Case) with
    {
        BackendDigest = null,
        Refusals = Gates.Closed(Gates.Of(Case, 2, new Dictionary<string, string> { ["CTO_HARNESS_CASE_STAGE"] = "two" })),
        Preflight = [],
        Layers = ImmutableSortedDictionary<string, string>.Empty,
        Backend = null,
        Workspace = null,
        Test = null,
        Verification = null,
        Persistence = null,
        SelfTest = null,
        Others = null,
        Events = [(EventNames.RunStarted, Observer.Harness), (EventNames.ContractCreated, Observer.Harness)],
    };

    public static ImmutableArray<Artifact> Artifacts { get; } =
    [
        new("backend/stdout.log", Digest.Of("claims"u8), 6, Observer.Backend),
        new("patch.diff", Digest.Of("patch"u8), 5, Observer.Harness),
    ];

    public static RelativePath At(string path) =>
        RelativePath.TryParse(path, out var parsed) ? parsed : throw new ArgumentException($"no path: {path}", nameof(path));

    public static PathPattern Pattern(string text) =>
        PathPattern.TryParse(text, out var parsed) ? parsed! : throw new ArgumentException($"no pattern: {text}", nameof(text));

    public static TaskId Task(string text) =>
        TaskId.TryParse(text, out var parsed) ? parsed : throw new ArgumentException($"no task: {text}", nameof(text));

    public static TreeEntry Entry(string path, string content, EntryKind kind = EntryKind.File) =>
        kind == EntryKind.Special
            ? new(At(path), kind, 0, Digest.Zero, content)
            : new(At(path), kind, content.Length, Digest.Of(System.Text.Encoding.UTF8.GetBytes(content)));

    public static Change Modified(string path) => new(At(path), Entry(path, "before"), Entry(path, "after"));

    public static Change Added(string path, EntryKind kind = EntryKind.File, string content = "new") => new(At(path), null, Entry(path, content, kind));

    public static Change Deleted(string path) => new(At(path), Entry(path, "before"), null);

    /// <summary>A workspace in which just these changes were found, sorted by the sample's contract.</summary>
    public static WorkspaceOutcome Changed(params Change[] changes) => new(
        ReviewedChange.Of(new ChangeSet([.. changes.OrderBy(change => change.Path)]), Fixture.AllowedFiles, Fixture.IgnoredFiles), "", Digest.Of("patch"u8), Digest.Of("tree"u8));

    /// <summary>An answer, as it had to be.</summary>
    public static CaseResult Result(string name, CaseSource source) => new(
        name, source, new JsonValue.Map([("arguments", new JsonValue.List([new JsonValue.Characters("A b")]))]), Said("a-b"), Said("a-b"));

    /// <summary>An answer that is a text.</summary>
    public static Answer Said(string text) => new Answer.Returned(new JsonValue.Characters(text));

    private static LaneOutcome Refused(Lane lane, BlockerCode code) => new(
        lane, lane.Name, RunStatus.Fail, [code.Text], code == BlockerCode.NoDiff ? [] : [At("strings.py")], [EventNames.RunStarted], null, null, null, 50);

    private static RunEvidence Evidence(EngineManifest engine) => new(
        Lane.Subject,
        Identity(engine),
        new Contract(Fixture, "Implement it.\n", 2, engine.Name, engine.Model, new VerificationPlan(["function", "strings.py", "slugify"], 2, 1, 0, Digest.Of("driver"u8)), Limits, new string('a', 64), "harness", Digest.Of("fixture"u8), Digest.Of("policy"u8))
        {
            Gateway = engine.Model is null ? null : RunPolicy.BuiltIn.Gateway,
        },
        Digest.Of("backend"u8),
        [],
        [new PreflightCheck("sandbox", true, "bubblewrap 0.8.0")],
        ImmutableSortedDictionary<string, string>.Empty.Add("bubblewrap", "0.8.0"),
        Backend,
        Workspace,
        Ended,
        Verified,
        engine.IsFake ? Controls : Controls with { Baseline = Baseline },
        null,
        Events,
        new TwoClocks(Start.AddSeconds(3), 1_003_000))
    {
        Persistence = new PersistenceScan([], 0, ""),
        SelfTest = [new PreflightCheck("write-outside", true, "refused: error 30"), new PreflightCheck("write-inside", true, "done")],
    };

    private static RunEvidence Opened(RunEvidence evidence) => evidence with
    {
        Identity = evidence.Identity with { Gates = [.. evidence.Identity.Gates.Select(gate => gate with { Found = gate.Required })] },
    };

    private static RunIdentity Identity(EngineManifest engine) => new(
        RunId.New(Start, Fixture.Id, 2907822),
        Fixture.Id.ToString(),
        2,
        engine,
        engine.Model,
        engine.IsFake ? ModelAdmission.NotApplicable : ModelAdmission.Admitted,
        Gates.Of(engine, 2, new Dictionary<string, string>()),
        new string('a', 64),
        "harness",
        "/state/work/run",
        "/state/runs/run",
        new HarnessIdentity("0.1.0", Digest.Of("harness"u8), "0123456789abcdef0123456789abcdef01234567", true),
        "/src/harness/harness",
        Digest.Of("policy"u8),
        [("harness-checkout", "/src/harness"), ("case-source", "")],
        0,
        "11111111-2222-3333-4444-555555555555",
        new TwoClocks(Start, 1_000_000))
    {
        Provider = engine.Model is null ? null : Local,
        Withheld =
        [
            new WithheldRecord("API_KEY", "hmac-sha256:" + new string('b', 64), null),
            new WithheldRecord("PIN_TOKEN", null, WithheldVariables.NumberReason),
        ],
    };
}
