using System.Collections.Immutable;

namespace CtoHarness.Core.Verdicts;

/// <summary>What a blocker does to a run that had started.</summary>
public enum Effect
{
    /// <summary>Refuses the start.</summary>
    Blocks,

    /// <summary>The backend did what it must not: fails the run whatever else happened.</summary>
    BreaksByAct,

    /// <summary>The backend left undone what it must do: fails the run unless trouble explains it.</summary>
    BreaksByAbsence,

    /// <summary>Trouble that is not the backend's: nothing can be concluded.</summary>
    Trouble,

    /// <summary>Somebody ended the run: nothing can be concluded, whatever was seen until then.</summary>
    Ends,
}

/// <summary>A stable code for a reason why a run did not start or did not pass.</summary>
public sealed record BlockerCode
{
    private readonly (Effect Effect, Fault Fault)? _onceStarted;

    private BlockerCode(string text, Effect effect, Fault fault, (Effect Effect, Fault Fault)? onceStarted = null)
    {
        Text = text;
        Effect = effect;
        Fault = fault;
        _onceStarted = onceStarted;
    }

    /// <summary>The code as reports and <c>docs/blockers.md</c> write it.</summary>
    public string Text { get; }

    /// <summary>What it does to a run, before the start where that makes a difference.</summary>
    public Effect Effect { get; }

    /// <summary>Whose side it names, before the start where that makes a difference.</summary>
    public Fault Fault { get; }

    /// <summary>What it does to a run.</summary>
    /// <param name="wasStarted">Whether the backend ran.</param>
    /// <returns>The effect.</returns>
    public Effect EffectOn(bool wasStarted) => wasStarted && _onceStarted is { } later ? later.Effect : Effect;

    /// <summary>Whose side it names.</summary>
    /// <param name="wasStarted">Whether the backend ran.</param>
    /// <returns>The side.</returns>
    public Fault FaultOf(bool wasStarted) => wasStarted && _onceStarted is { } later ? later.Fault : Fault;

    /// <summary>A gate variable does not have exactly its value.</summary>
    public static BlockerCode GateClosed { get; } = new("gate-closed", Effect.Blocks, Fault.Policy);

    /// <summary>The model is not admitted by the registry; or the backend asked for another one on its own.</summary>
    public static BlockerCode ModelNotAdmitted { get; } = new("model-not-admitted", Effect.Blocks, Fault.Policy, (Effect.BreaksByAct, Fault.Backend));

    /// <summary>The model's provider cannot be used.</summary>
    public static BlockerCode ProviderUnavailable { get; } = new("provider-unavailable", Effect.Blocks, Fault.Provider, (Effect.Trouble, Fault.Provider));

    /// <summary>The backend's program is not there.</summary>
    public static BlockerCode BackendNotFound { get; } = new("backend-not-found", Effect.Blocks, Fault.Infrastructure);

    /// <summary>The machine cannot confine what was asked for.</summary>
    public static BlockerCode SandboxInsufficient { get; } = new("sandbox-insufficient", Effect.Blocks, Fault.Infrastructure);

    /// <summary>The fixture names no test command, or its program is not installed.</summary>
    public static BlockerCode MissingTestCommand { get; } = new("missing-test-command", Effect.Blocks, Fault.Policy);

    /// <summary>The fixture is not sound.</summary>
    public static BlockerCode FixtureInvalid { get; } = new("fixture-invalid", Effect.Blocks, Fault.Policy);

    /// <summary>Nothing changed that the contract allows to change.</summary>
    public static BlockerCode NoDiff { get; } = new("no-diff", Effect.BreaksByAbsence, Fault.Backend);

    /// <summary>A path changed that the contract does not allow.</summary>
    public static BlockerCode DisallowedFile { get; } = new("disallowed-file", Effect.BreaksByAct, Fault.Backend);

    /// <summary>The contract's test command did not succeed on the changed files.</summary>
    public static BlockerCode FailedTests { get; } = new("failed-tests", Effect.BreaksByAbsence, Fault.Backend);

    /// <summary>An event that every complete run shows was not observed.</summary>
    public static BlockerCode MissingRequiredEvent { get; } = new("missing-required-event", Effect.BreaksByAbsence, Fault.Backend);

    /// <summary>A limit of size or count was passed.</summary>
    public static BlockerCode BudgetExceeded { get; } = new("budget-exceeded", Effect.BreaksByAct, Fault.Backend);

    /// <summary>The backend did not end within its wall time.</summary>
    public static BlockerCode Timeout { get; } = new("timeout", Effect.BreaksByAct, Fault.Backend);

    /// <summary>Processes of the backend outlived its sandbox.</summary>
    public static BlockerCode Survivors { get; } = new("survivors", Effect.BreaksByAct, Fault.Backend);

    /// <summary>The self-test of the sandbox did not come out as it must.</summary>
    public static BlockerCode SelfTestFailed { get; } = new("self-test-failed", Effect.Blocks, Fault.Infrastructure);

    /// <summary>A declared target occurs in what the backend would be given.</summary>
    public static BlockerCode TargetPathExposed { get; } = new("target-path-exposed", Effect.Blocks, Fault.Policy);

    /// <summary>A call aimed to change a protected root, a target or somebody's home.</summary>
    public static BlockerCode WriteOutsideRoots { get; } = new("write-outside-roots", Effect.BreaksByAct, Fault.Backend);

    /// <summary>A protected root is not what it was before the run.</summary>
    public static BlockerCode ProtectedRootChanged { get; } = new("protected-root-changed", Effect.BreaksByAct, Fault.Backend);

    /// <summary>A call aimed to open a declared target.</summary>
    public static BlockerCode TargetOpened { get; } = new("target-opened", Effect.BreaksByAct, Fault.Backend);

    /// <summary>Something was left that would act later, on its own.</summary>
    public static BlockerCode PersistenceFound { get; } = new("persistence-found", Effect.BreaksByAct, Fault.Backend);

    /// <summary>The verifier itself failed.</summary>
    public static BlockerCode VerifierFailed { get; } = new("verifier-failed", Effect.Trouble, Fault.Verifier);

    /// <summary>The machine failed.</summary>
    public static BlockerCode Infrastructure { get; } = new("infrastructure", Effect.Trouble, Fault.Infrastructure);

    /// <summary>Evidence that the verdict needs was not obtained.</summary>
    public static BlockerCode EvidenceIncomplete { get; } = new("evidence-incomplete", Effect.Trouble, Fault.Infrastructure);

    /// <summary>A signal ended the run.</summary>
    public static BlockerCode Interrupted { get; } = new("interrupted", Effect.Ends, Fault.Infrastructure);

    /// <summary>Every code that this version can give.</summary>
    public static ImmutableArray<BlockerCode> All { get; } =
    [
        GateClosed, ModelNotAdmitted, BackendNotFound, SandboxInsufficient, MissingTestCommand, FixtureInvalid,
        SelfTestFailed, TargetPathExposed, WriteOutsideRoots, ProtectedRootChanged, TargetOpened, PersistenceFound,
        NoDiff, DisallowedFile, FailedTests, MissingRequiredEvent, BudgetExceeded, Timeout, Survivors,
        ProviderUnavailable, VerifierFailed, Infrastructure, EvidenceIncomplete, Interrupted,
    ];

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A reason why a run did not start or did not pass.</summary>
/// <param name="Code">Its stable code.</param>
/// <param name="Message">What happened and what to do, for a person.</param>
/// <param name="Evidence">Path within the bundle that shows it.</param>
public sealed record Blocker(BlockerCode Code, string Message, string Evidence);

/// <summary>Something noted that changes no verdict.</summary>
/// <param name="Code">A short name of the kind of thing.</param>
/// <param name="Message">What was noted.</param>
/// <param name="Evidence">Path within the bundle that shows it.</param>
public sealed record Finding(string Code, string Message, string Evidence);
