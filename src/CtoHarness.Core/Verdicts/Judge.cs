using System.Collections.Immutable;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>Decides what a run came to, from its evidence alone.</summary>
public static class Judge
{
    /// <summary>The version of what is judged, and of how a report is written: a bundle names the one that judged it.</summary>
    public const string Version = "1";

    /// <summary>Decides.</summary>
    /// <param name="evidence">What was seen.</param>
    /// <returns>The verdict; the same for the same evidence.</returns>
    public static Verdict Decide(RunEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var missing = MissingEvents(evidence);
        var observations = Observe(evidence, missing);
        var blockers = Reasons(evidence, observations, missing);
        var status = StatusOf(blockers, evidence.WasExecuted);
        var deciding = Deciding(blockers, status, evidence.WasExecuted);
        return new Verdict(
            status,
            deciding?.Code.FaultOf(evidence.WasExecuted) ?? Fault.None,
            deciding is null
                ? Words(evidence)
                : deciding.Message,
            observations,
            missing,
            blockers,
            Notes.Of(evidence));
    }

    private static string Words(RunEvidence evidence) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{evidence.Workspace!.Change!.Allowed.Length} allowed file(s) changed, no other file; {evidence.Verification!.Passed} of {evidence.Verification.Expected} answers are the expected ones, and the test command passed, each in a fresh sandbox");

    private static ImmutableArray<string> MissingEvents(RunEvidence evidence)
    {
        if (!evidence.WasExecuted)
        {
            return [];
        }

        var seen = evidence.Events.Where(e => e.Observer != Observer.Backend).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return [.. EventNames.Required.Where(name => !seen.Contains(name))];
    }

    private static Observations Observe(RunEvidence evidence, ImmutableArray<string> missing) => new(
        Tests: evidence.Test switch
        {
            null => null,
            { End: EndKind.Exited, ExitCode: 0 } => true,
            { End: EndKind.Exited or EndKind.Signalled or EndKind.TimedOut or EndKind.OverLimit } => false,
            _ => null,
        },
        RequiredEvents: evidence.WasExecuted ? missing.IsEmpty : null,
        AllowedWrites: CallObligations.WritesHold(evidence),
        NoMutation: RootObligations.Hold(evidence),
        NoTargetInspection: TargetObligations.Hold(evidence),
        Freshness: FreshnessObligations.Holds(evidence),
        IsolatedVerification: evidence.Verification?.Holds);

    private static ImmutableArray<Blocker> Reasons(RunEvidence evidence, Observations observations, ImmutableArray<string> missing)
    {
        var reasons = new List<Blocker>(evidence.Refusals);
        if (evidence.Trouble is { } trouble)
        {
            reasons.Add(new Blocker(trouble.Code, trouble.Message, "events.normalized.jsonl"));
        }

        if (evidence.WasExecuted)
        {
            reasons.AddRange(Obligations.BrokenBeforeTheStart(evidence));
            reasons.AddRange(TrafficObligations.Broken(evidence));
            reasons.AddRange(Obligations.BrokenByBackend(evidence));
            reasons.AddRange(CallObligations.Broken(evidence));
            reasons.AddRange(RootObligations.Broken(evidence));
            reasons.AddRange(TargetObligations.Broken(evidence));
            reasons.AddRange(Obligations.BrokenInWorkspace(evidence));
            reasons.AddRange(PersistenceObligations.Broken(evidence));
            reasons.AddRange(Obligations.BrokenInTest(evidence));
            reasons.AddRange(VerificationObligations.Broken(evidence));
            reasons.AddRange(VerificationObligations.NotCompared(evidence));
            if (!missing.IsEmpty)
            {
                reasons.Add(new Blocker(
                    BlockerCode.MissingRequiredEvent,
                    $"not observed: {string.Join(", ", missing)}",
                    "events.normalized.jsonl"));
            }

            reasons.AddRange(TrafficObligations.MissingRecords(evidence));
            var isBroken = reasons.Exists(reason => reason.Code == BlockerCode.NoDiff || reason.Code == BlockerCode.FailedTests);
            reasons.AddRange(Obligations.NotObserved(evidence, observations, isBroken));
        }
        else if (reasons.Count == 0)
        {
            reasons.Add(new Blocker(BlockerCode.EvidenceIncomplete, "no backend was started and nothing says why", "events.normalized.jsonl"));
        }

        // A backend chooses its own exit code: one that looks like a signal's must not turn a failure into something that says nothing about it.
        var broken = reasons.Any(reason => reason.Code == BlockerCode.NoDiff || reason.Code == BlockerCode.FailedTests);
        return [.. reasons.Where(reason => !broken || reason != Obligations.SignalledEnd(evidence.Backend))];
    }

    private static RunStatus StatusOf(ImmutableArray<Blocker> blockers, bool wasExecuted)
    {
        var effects = blockers.Select(b => b.Code.EffectOn(wasExecuted)).ToHashSet();
        return effects.Contains(Effect.Ends) ? RunStatus.Inconclusive
            : effects.Contains(Effect.BreaksByAct) ? RunStatus.Fail
            : effects.Contains(Effect.Trouble) ? RunStatus.Inconclusive
            : effects.Contains(Effect.Blocks) ? RunStatus.Blocked
            : effects.Contains(Effect.BreaksByAbsence) ? RunStatus.Fail
            : RunStatus.Pass;
    }

    private static Blocker? Deciding(ImmutableArray<Blocker> blockers, RunStatus status, bool wasExecuted)
    {
        return status switch
        {
            RunStatus.Pass => null,
            RunStatus.Fail => First(Effect.BreaksByAct) ?? blockers[0],
            RunStatus.Inconclusive => First(Effect.Ends) ?? First(Effect.Trouble),
            _ => First(Effect.Blocks),
        };

        Blocker? First(Effect effect) => blockers.FirstOrDefault(b => b.Code.EffectOn(wasExecuted) == effect);
    }
}
