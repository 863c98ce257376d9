using System.Collections.Immutable;
using CtoHarness.Core.Events;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Runs;

/// <summary>What a lane of a run is for.</summary>
public enum LaneKind
{
    /// <summary>The backend that the run is about.</summary>
    Subject,

    /// <summary>The fake engine, with the same contract.</summary>
    Baseline,

    /// <summary>A lane whose verdict is known beforehand.</summary>
    Control,
}

/// <summary>One way through a run.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">Its name; for a control also that of its folder.</param>
public sealed record Lane(LaneKind Kind, string Name)
{
    /// <summary>The lane that the run is about.</summary>
    public static Lane Subject { get; } = new(LaneKind.Subject, "subject");

    /// <summary>The lane of the fake engine.</summary>
    public static Lane Baseline { get; } = new(LaneKind.Baseline, "baseline");

    /// <summary>The control that changes nothing.</summary>
    public static Lane Noop { get; } = new(LaneKind.Control, "noop");

    /// <summary>The control that cheats.</summary>
    public static Lane Cheat { get; } = new(LaneKind.Control, "cheat");

    /// <summary>Its folder within the bundle; empty for the subject, whose files stand at the top.</summary>
    public string Folder => Kind switch
    {
        LaneKind.Subject => "",
        LaneKind.Baseline => Name,
        _ => "controls/" + Name,
    };
}

/// <summary>What a lane came to, as far as lanes are compared.</summary>
/// <param name="Lane">Which lane.</param>
/// <param name="Engine">The engine's name.</param>
/// <param name="Status">The judge's word for it.</param>
/// <param name="Codes">The blockers' codes, in order.</param>
/// <param name="ChangedFiles">The paths that changed; null where nobody looked.</param>
/// <param name="Events">The required events that were observed.</param>
/// <param name="TestsPassed">Whether the test command passed; null where it was not run.</param>
/// <param name="CasesPassed">How many answers were the expected ones; null where none were asked for.</param>
/// <param name="CasesExpected">How many answers there had to be; null where none were asked for.</param>
/// <param name="DurationMs">How long its own programs took together: the backend, the test command and the answers, in milliseconds.</param>
public sealed record LaneOutcome(
    Lane Lane,
    string Engine,
    RunStatus Status,
    ImmutableArray<string> Codes,
    ImmutableArray<RelativePath>? ChangedFiles,
    ImmutableArray<string> Events,
    bool? TestsPassed,
    int? CasesPassed,
    int? CasesExpected,
    long DurationMs)
{
    private static double Took(TimeSpan? duration) => duration?.TotalMilliseconds ?? 0;

    /// <summary>Draws up what a lane came to.</summary>
    /// <param name="evidence">Its evidence.</param>
    /// <param name="verdict">What the judge made of it.</param>
    /// <returns>The outcome.</returns>
    public static LaneOutcome Of(RunEvidence evidence, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(verdict);
        return new LaneOutcome(
            evidence.Lane, evidence.Identity.Engine.Name, verdict.Status, [.. verdict.Blockers.Select(blocker => blocker.Code.Text)],
            evidence.Workspace?.Change?.ChangedPaths, [.. EventNames.Required.Where(name => evidence.Events.Any(one => one.Name == name && one.Observer != Observer.Backend))], verdict.Observations.Tests,
            evidence.Verification?.Passed, evidence.Verification?.Expected,
            (long)(Took(evidence.Backend?.Program.Duration) + Took(evidence.Test?.Duration) + Took(evidence.Verification?.Duration)));
    }
}

/// <summary>What a control came to, beside what it had to come to.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Cheat">The cheat that it made; empty for the one that changes nothing.</param>
/// <param name="Wanted">The blocker that it must have given.</param>
public sealed record ControlOutcome(LaneOutcome Outcome, string Cheat, BlockerCode Wanted)
{
    /// <summary>Whether the judge refused it for the right reason.</summary>
    public bool AsExpected => Outcome.Status == RunStatus.Fail && Outcome.Codes.Contains(Wanted.Text);
}

/// <summary>The other lanes of a run.</summary>
/// <param name="Baseline">The fake engine's; null where the subject is the fake engine itself.</param>
/// <param name="Controls">The controls, in order.</param>
/// <param name="ControlsLeftOut">Whether somebody asked for a run without controls.</param>
public sealed record OtherLanes(LaneOutcome? Baseline, ImmutableArray<ControlOutcome> Controls, bool ControlsLeftOut);
