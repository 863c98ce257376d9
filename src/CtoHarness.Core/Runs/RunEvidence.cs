using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Core.Runs;

/// <summary>Who asked for what: known from the first moment of a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Stage">The rung of the ladder.</param>
/// <param name="Engine">The engine's manifest.</param>
/// <param name="Model">The model that was asked for; null where the engine calls none.</param>
/// <param name="ModelAdmission">What the registry says of it.</param>
/// <param name="Gates">The gates as they were found.</param>
/// <param name="Nonce">64 hexadecimal digits.</param>
/// <param name="NonceFrom"><c>harness</c> or <c>verifier</c>.</param>
/// <param name="RuntimeRoot">The only folder that the backend may write to.</param>
/// <param name="ArtifactFolder">The bundle's final folder, which only the harness writes to.</param>
/// <param name="Harness">Which harness this is.</param>
/// <param name="HarnessRoot">The folder of the data that the run was made from.</param>
/// <param name="PolicyDigest">Digest of the effective policy.</param>
/// <param name="ProtectedRoots">Role and path; an empty path where the role was given none.</param>
/// <param name="Targets">How many targets were declared.</param>
/// <param name="BootId">The kernel's boot id.</param>
/// <param name="Started">When the run began.</param>
public sealed record RunIdentity(
    RunId Run,
    string Task,
    int Stage,
    EngineManifest Engine,
    ModelName? Model,
    ModelAdmission ModelAdmission,
    ImmutableArray<GateState> Gates,
    string Nonce,
    string NonceFrom,
    string RuntimeRoot,
    string ArtifactFolder,
    HarnessIdentity Harness,
    string HarnessRoot,
    Digest PolicyDigest,
    ImmutableArray<(string Role, string Path)> ProtectedRoots,
    int Targets,
    string BootId,
    TwoClocks Started)
{
    /// <summary>The provider of the model; null where the engine calls none, or the registry does not name it.</summary>
    public Provider? Provider { get; init; }

    /// <summary>What is said of values that the bundle may not hold, by name.</summary>
    public ImmutableArray<WithheldRecord> Withheld { get; init; } = [];
}

/// <summary>One moment on two clocks.</summary>
/// <param name="Wall">Wall time.</param>
/// <param name="MonotonicMs">The kernel's clock since boot, in milliseconds.</param>
public sealed record TwoClocks(DateTimeOffset Wall, long MonotonicMs);

/// <summary>Which harness makes a run.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Digest">Digest of the program's own assemblies.</param>
/// <param name="Commit">The commit of its checkout; null where there is none or git did not say.</param>
/// <param name="WorktreeClean">Whether the checkout has no change against it; null where unknown.</param>
public sealed record HarnessIdentity(string Version, Digest Digest, string? Commit, bool? WorktreeClean);

/// <summary>A check that was made before the start, without starting the backend.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Detail">What was seen.</param>
public sealed record PreflightCheck(string Name, bool Passed, string Detail);

/// <summary>How a program ended in its sandbox.</summary>
public enum EndKind
{
    /// <summary>By itself; its exit code is known.</summary>
    Exited,

    /// <summary>By a signal that the harness did not send.</summary>
    Signalled,

    /// <summary>The harness ended it at its wall time.</summary>
    TimedOut,

    /// <summary>The harness ended it because somebody interrupted the run.</summary>
    Interrupted,

    /// <summary>The sandbox did not come up or vanished, so nothing is known of the program.</summary>
    SandboxFailed,

    /// <summary>The harness ended it because its folders grew beyond a limit.</summary>
    OverLimit,
}

/// <summary>What the harness saw of a program that ran in a sandbox.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">Its exit code; null where it has none.</param>
/// <param name="Duration">From start to the last process's end.</param>
/// <param name="OutputBytes">What it wrote to standard output, in bytes.</param>
/// <param name="ErrorBytes">What it wrote to standard error, in bytes.</param>
/// <param name="CutBytes">How much of both was beyond the limit and is not kept.</param>
/// <param name="Survivors">Processes that were left over; null where they could not be counted.</param>
public sealed record ProgramOutcome(
    EndKind End, int? ExitCode, TimeSpan Duration, long OutputBytes, long ErrorBytes, long CutBytes, int? Survivors);

/// <summary>The backend's run and what it said of itself.</summary>
/// <param name="Program">What the harness saw.</param>
/// <param name="Claims">Lines of its output that its adapter recognised.</param>
/// <param name="Unrecognised">Lines that it did not.</param>
public sealed record BackendOutcome(ProgramOutcome Program, long Claims, long Unrecognised)
{
    /// <summary>Whether its process was started; null where the sandbox did not come up or vanished, so that nobody can tell.</summary>
    public bool? IsStarted => Program.End == EndKind.SandboxFailed ? null : true;
}

/// <summary>What was found in the workspace afterwards.</summary>
/// <param name="Change">The changes against the pinned base, sorted by the contract; null where the workspace was refused.</param>
/// <param name="Refusal">Why the workspace was not collected; empty where it was.</param>
/// <param name="PatchDigest">Digest of <c>patch.diff</c>.</param>
/// <param name="Tree">Digest of the whole workspace as it was found; null where it was refused.</param>
public sealed record WorkspaceOutcome(ReviewedChange? Change, string Refusal, Digest PatchDigest, Digest? Tree);

/// <summary>Trouble on our side, at the point where it stopped the run.</summary>
/// <param name="Code">The blocker that it gives.</param>
/// <param name="Message">What happened.</param>
public sealed record RunTrouble(BlockerCode Code, string Message);

/// <summary>Everything that a run's verdict and report are made of. What a run did not reach is null.</summary>
/// <param name="Lane">Which lane of the run this is.</param>
/// <param name="Identity">Who asked for what.</param>
/// <param name="Contract">The contract; null where the fixture gave none.</param>
/// <param name="BackendDigest">Digest of the backend's program; null where there is none.</param>
/// <param name="Refusals">Reasons that were found before the start.</param>
/// <param name="Preflight">The checks that were made before the start.</param>
/// <param name="Layers">Layers of the sandbox that were active, and their versions; empty where none was started.</param>
/// <param name="Backend">The backend's run; null where nothing was spawned.</param>
/// <param name="Workspace">What was found afterwards.</param>
/// <param name="Test">The test command's run on the allowed changes; null where it was not run.</param>
/// <param name="Verification">What verification by compared outputs came to; null where nothing was verified.</param>
/// <param name="Others">The baseline and the controls; null where the run did not come to them, and for every lane but the subject's.</param>
/// <param name="Trouble">Trouble on our side; null where there was none.</param>
/// <param name="Events">Name and observer of each event so far.</param>
/// <param name="Completed">When the judge was called.</param>
public sealed record RunEvidence(
    Lane Lane,
    RunIdentity Identity,
    Contract? Contract,
    Digest? BackendDigest,
    ImmutableArray<Blocker> Refusals,
    ImmutableArray<PreflightCheck> Preflight,
    ImmutableSortedDictionary<string, string> Layers,
    BackendOutcome? Backend,
    WorkspaceOutcome? Workspace,
    ProgramOutcome? Test,
    VerificationOutcome? Verification,
    OtherLanes? Others,
    RunTrouble? Trouble,
    ImmutableArray<(string Name, Observer Observer)> Events,
    TwoClocks Completed)
{
    /// <summary>Whether anything was done to the workspace: a backend ran, or the harness itself laid a control's files down.</summary>
    public bool WasExecuted => Backend is not null || (Lane.Kind == LaneKind.Control && Workspace is not null);

    /// <summary>What was observed of the backend's calls; null where nobody watched.</summary>
    public CallRecord? Calls { get; init; }

    /// <summary>The protected roots after the run; null where it did not come to digesting them.</summary>
    public ImmutableArray<ProtectedRoot>? Roots { get; init; }

    /// <summary>What the search for targets came to; null where nobody searched.</summary>
    public TargetSearch? Targets { get; init; }

    /// <summary>What would persist in the backend's folders; null where nobody looked.</summary>
    public PersistenceScan? Persistence { get; init; }

    /// <summary>What the backend's sandbox was tried with before the start; null where it was not.</summary>
    public ImmutableArray<PreflightCheck>? SelfTest { get; init; }

    /// <summary>When the files of the bundle were written; null where nobody looked.</summary>
    public WrittenTimes? Written { get; init; }

    /// <summary>The kernel's boot id when the evidence was collected; null where nobody asked.</summary>
    public string? BootIdAfter { get; init; }

    /// <summary>Where values that may stand in no bundle were replaced.</summary>
    public ImmutableArray<ReplacedValues> Replaced { get; init; } = [];

    /// <summary>What the gateway saw; null where there was none, or it left no record.</summary>
    public ModelTraffic? Traffic { get; init; }

    /// <summary>What the backend said of itself; null where nobody could read it.</summary>
    public BackendClaims? Claims { get; init; }

    /// <summary>The version that the backend's program names; empty where nobody asked it.</summary>
    public string BackendVersion { get; init; } = "";

    /// <summary>The limit that the harness saw passed and for which it ended the backend; empty where none was.</summary>
    public string LimitPassed { get; init; } = "";
}
