using System.Collections.Immutable;

namespace CtoHarness.Core.Events;

/// <summary>The events of a run. The seven names are the contract with users' scripts.</summary>
public static class EventNames
{
    /// <summary>The run has an id and a folder.</summary>
    public const string RunStarted = "run.started";

    /// <summary>The contract is frozen.</summary>
    public const string ContractCreated = "task.contract.created";

    /// <summary>The run's plan (command, sandbox, folders) is fixed.</summary>
    public const string PlanUpdated = "plan.updated";

    /// <summary>The stage 1 checks were made.</summary>
    public const string PreflightChecked = "preflight.checked";

    /// <summary>What the backend would be given was searched for declared targets.</summary>
    public const string TargetsSearched = "targets.searched";

    /// <summary>The protected roots were digested: before the backend was started, and again when no code of it runs any more.</summary>
    public const string RootsDigested = "roots.digested";

    /// <summary>The sandbox of the backend was started; whether the program inside came up, only its end tells.</summary>
    public const string SandboxStarted = "sandbox.started";

    /// <summary>A call of a model ended, seen by the gateway.</summary>
    public const string ModelCalled = "model.called";

    /// <summary>The gateway serves nobody any more.</summary>
    public const string GatewayClosed = "gateway.closed";

    /// <summary>What the backend said of itself, counted. It satisfies nothing.</summary>
    public const string BackendClaimed = "backend.claimed";

    /// <summary>The backend's process and all its children have ended.</summary>
    public const string BackendEnded = "backend.ended";

    /// <summary>The harness itself laid the files of a control over the workspace.</summary>
    public const string ControlLaid = "control.laid";

    /// <summary>The lane's folders were searched for what would act later.</summary>
    public const string PersistenceScanned = "persistence.scanned";

    /// <summary>The workspace was compared with the pinned base.</summary>
    public const string DiffChecked = "git.diff.checked";

    /// <summary>The inputs of the verification were drawn, after the backend had ended.</summary>
    public const string CasesDrawn = "cases.drawn";

    /// <summary>The allowed changes were laid over the pristine fixture.</summary>
    public const string PatchApplied = "patch.applied";

    /// <summary>The test command ran to its end and the outputs were compared, each in fresh sandboxes.</summary>
    public const string VerificationCompleted = "verification.completed";

    /// <summary>Values that may stand in no bundle were replaced in what programs wrote; there is none where nothing was.</summary>
    public const string ValuesReplaced = "values.replaced";

    /// <summary>What the report says and no other file holds.</summary>
    public const string EvidenceCollected = "evidence.collected";

    /// <summary>The last event: the count of all, and the status.</summary>
    public const string RunCompleted = "run.completed";

    /// <summary>The six that the judge requires; the seventh, <see cref="RunCompleted"/>, is written after it has judged.</summary>
    public static ImmutableArray<string> Required { get; } =
        [RunStarted, ContractCreated, PlanUpdated, DiffChecked, PatchApplied, VerificationCompleted];

    /// <summary>Every name that an event of a bundle may have.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        RunStarted, ContractCreated, PlanUpdated, PreflightChecked, TargetsSearched, RootsDigested, SandboxStarted, ModelCalled, GatewayClosed, BackendClaimed, BackendEnded, ControlLaid, PersistenceScanned,
        DiffChecked, CasesDrawn, PatchApplied, VerificationCompleted, ValuesReplaced, EvidenceCollected, RunCompleted,
    ];

    /// <summary>Who alone can have seen an event: no other observer may stand beside its name.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <returns>The observer.</returns>
    public static Observer ObserverOf(string name) => name switch
    {
        ModelCalled or GatewayClosed => Observer.Gateway,
        BackendClaimed => Observer.Backend,
        _ => Observer.Harness,
    };
}

/// <summary>Who saw a thing.</summary>
public enum Observer
{
    /// <summary>The kernel told us.</summary>
    Kernel,

    /// <summary>The model gateway saw it pass.</summary>
    Gateway,

    /// <summary>The harness did or measured it.</summary>
    Harness,

    /// <summary>The backend says so, which satisfies nothing.</summary>
    Backend,
}
