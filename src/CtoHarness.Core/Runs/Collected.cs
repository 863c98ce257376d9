using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Runs;

/// <summary>What a lane's evidence holds and no other file of its bundle: the data of <c>evidence.collected</c>, the event before the last. What a run did not reach is null.</summary>
/// <param name="Completed">When it was collected, on both clocks.</param>
/// <param name="BootId">The kernel's boot id at that moment.</param>
public sealed record Collected(TwoClocks Completed, string BootId)
{
    /// <summary>When the files of the bundle were written.</summary>
    public WrittenTimes? Written { get; init; }

    /// <summary>Digest of the backend's program.</summary>
    public Digest? BackendDigest { get; init; }

    /// <summary>The version that the backend's program names; empty where nobody asked it.</summary>
    public string BackendVersion { get; init; } = "";

    /// <summary>Reasons that were found before the start.</summary>
    public ImmutableArray<Blocker> Refusals { get; init; } = [];

    /// <summary>The backend's run.</summary>
    public BackendOutcome? Backend { get; init; }

    /// <summary>How the backend's calls were observed, without the tries themselves.</summary>
    public CallRecord? Calls { get; init; }

    /// <summary>The limit that was passed; empty where none was.</summary>
    public string LimitPassed { get; init; } = "";

    /// <summary>What is known of the workspace besides its files.</summary>
    public WorkspaceNote? Workspace { get; init; }

    /// <summary>The test command's run.</summary>
    public ProgramOutcome? Test { get; init; }

    /// <summary>How long verification by compared outputs took; null where nothing was verified.</summary>
    public TimeSpan? VerificationTook { get; init; }

    /// <summary>Which other lanes there are.</summary>
    public LanesNote? Lanes { get; init; }

    /// <summary>The protected roots after the run.</summary>
    public ImmutableArray<ProtectedRoot>? Roots { get; init; }

    /// <summary>What would persist in the backend's folders.</summary>
    public PersistenceScan? Persistence { get; init; }

    /// <summary>Trouble on our side.</summary>
    public RunTrouble? Trouble { get; init; }

    /// <summary>Who closed the run in the place of its harness; null where that did it itself.</summary>
    public RepairNote? Repaired { get; init; }
}

/// <summary>When the kernel says that the files of a bundle were last changed (ctime, which nobody can set).</summary>
/// <param name="First">The earliest of all.</param>
/// <param name="Last">The latest of all.</param>
public sealed record WrittenTimes(DateTimeOffset First, DateTimeOffset Last);

/// <summary>What is known of a workspace besides its files.</summary>
/// <param name="Refusal">Why it was not collected; empty where it was.</param>
/// <param name="PatchDigest">Digest of <c>patch.diff</c>.</param>
/// <param name="Tree">Digest of the whole workspace as it was found; null where it was refused.</param>
public sealed record WorkspaceNote(string Refusal, Digest PatchDigest, Digest? Tree);

/// <summary>Which other lanes a run had.</summary>
/// <param name="HasBaseline">Whether the fake engine had one.</param>
/// <param name="Controls">The controls, in order.</param>
/// <param name="ControlsLeftOut">Whether somebody asked for a run without controls.</param>
public sealed record LanesNote(bool HasBaseline, ImmutableArray<ControlNote> Controls, bool ControlsLeftOut)
{
    /// <summary>The most controls that a run has: the one that changes nothing, and every cheat that a fixture may name.</summary>
    public const int MostControls = 101;
}

/// <summary>A control and what it had to come to.</summary>
/// <param name="Name">The lane's name.</param>
/// <param name="Cheat">The cheat that it made; empty for the one that changes nothing.</param>
/// <param name="Wanted">The blocker that it must have given.</param>
public sealed record ControlNote(string Name, string Cheat, BlockerCode Wanted);

/// <summary>Who closed a run in the place of its harness.</summary>
/// <param name="HarnessVersion">Its version.</param>
/// <param name="Process">Its process.</param>
/// <param name="CutBytes">How many bytes of events did not hold together and were cut off.</param>
/// <param name="StatusBefore">The status that the run had judged for itself before it could be published; null where it had not.</param>
public sealed record RepairNote(string HarnessVersion, long Process, long CutBytes, string? StatusBefore);
