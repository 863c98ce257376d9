using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Roots;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Verification;
using CtoHarness.Runtime.Withholding;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>How far a run has come. Each step gives a new one; closing accepts whichever was reached last.</summary>
/// <param name="Identity">Who asked for what.</param>
internal sealed record Reached(RunIdentity Identity)
{
    /// <summary>The fixture's folder as it was read.</summary>
    internal FixtureFolder? Fixture { get; init; }

    /// <summary>The secret by which withheld values are named; null where nothing is withheld.</summary>
    internal RunSecret? Secret { get; init; }

    /// <summary>The contract.</summary>
    internal Contract? Contract { get; init; }

    /// <summary>The engine's program.</summary>
    internal EngineProgram? Program { get; init; }

    /// <summary>The version that the engine's program names; empty where nobody asked it, or the manifest states one.</summary>
    internal string BackendVersion { get; init; } = "";

    /// <summary>Reasons not to start.</summary>
    internal ImmutableArray<Blocker> Refusals { get; init; } = [];

    /// <summary>What will be started, and in which sandboxes.</summary>
    internal RunPlan? Plan { get; init; }

    /// <summary>The checks before the start.</summary>
    internal ImmutableArray<PreflightCheck> Preflight { get; init; } = [];

    /// <summary>Layers of the sandbox and their versions.</summary>
    internal ImmutableSortedDictionary<string, string> Layers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The pristine workspace.</summary>
    internal Tree? Base { get; init; }

    /// <summary>The repository of the pristine workspace.</summary>
    internal BaseRepository? Repository { get; init; }

    /// <summary>The backend's run.</summary>
    internal BackendOutcome? Backend { get; init; }

    /// <summary>What was found in the workspace.</summary>
    internal WorkspaceOutcome? Workspace { get; init; }

    /// <summary>The test command's run.</summary>
    internal ProgramOutcome? Test { get; init; }

    /// <summary>The language's driver; null where the fixture needs none.</summary>
    internal FrozenDriver? Driver { get; init; }

    /// <summary>The questions of the run, drawn after the backend ended.</summary>
    internal Questions? Questions { get; init; }

    /// <summary>What verification by compared outputs came to.</summary>
    internal VerificationOutcome? Verification { get; init; }

    /// <summary>The baseline and the controls.</summary>
    internal OtherLanes? Others { get; init; }

    /// <summary>What was observed of the backend's calls.</summary>
    internal CallRecord? Calls { get; init; }

    /// <summary>What the protected roots were before the start, in the order of the identity's.</summary>
    internal ImmutableArray<RootLook>? RootsBefore { get; init; }

    /// <summary>The protected roots, digested before the run, and again after it.</summary>
    internal ImmutableArray<ProtectedRoot>? Roots { get; init; }

    /// <summary>What the search for targets came to.</summary>
    internal TargetSearch? Targets { get; init; }

    /// <summary>What would persist in the backend's folders.</summary>
    internal PersistenceScan? Persistence { get; init; }

    /// <summary>What the backend's sandbox was tried with.</summary>
    internal ImmutableArray<PreflightCheck>? SelfTest { get; init; }

    /// <summary>The limit that the harness saw passed; empty where none was.</summary>
    internal string LimitPassed { get; init; } = "";

    /// <summary>Trouble on our side.</summary>
    internal RunTrouble? Trouble { get; init; }

    /// <summary>The same without the entries of trees, which closing reads from the bundle.</summary>
    internal Reached WithoutTrees() => this with
    {
        Base = null,
        Fixture = null,
        Workspace = Workspace is { } workspace ? workspace with { Change = null } : null,
    };
}

/// <summary>What a run will start: printable before anything is.</summary>
/// <param name="Tools">The programs that build sandboxes; null where one is missing.</param>
/// <param name="Command">The backend's command; null where this version has no adapter for the engine.</param>
/// <param name="Sandbox">The backend's sandbox.</param>
/// <param name="TestCommand">The test command; null where the fixture names none or its program is not there.</param>
/// <param name="TestSandbox">The sandbox of the test command.</param>
/// <param name="CaseProgram">The program that cases are put to: the driver's, or the command's; null where there is none or it is not there.</param>
/// <param name="View">What every sandbox of the run must not see.</param>
internal sealed record RunPlan(
    SandboxTools? Tools, EngineCommand? Command, SandboxPolicy Sandbox, EngineCommand? TestCommand, SandboxPolicy TestSandbox, string? CaseProgram, HostView View);
