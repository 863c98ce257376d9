using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;

namespace CtoHarness.Documents.Bundles;

/// <summary>What a recheck came to.</summary>
/// <param name="Question">What was asked, and what could not be.</param>
/// <param name="Refusal">Why the bundle is refused; null where it is not.</param>
/// <param name="Trouble">Why nothing can be concluded on this machine; empty where something can.</param>
public sealed record Rechecked(string Question, CheckRefusal? Refusal, string Trouble = "");

/// <summary>Compares a sealed run with a run in which nothing but its patch was laid over its fixture.</summary>
public static class RecheckReview
{
    private const int NamesInMessage = 5;

    private const string Patch = "patch.diff";

    // These follow from the change alone; all others from what the backend did, or from its machine.
    private static readonly ImmutableArray<BlockerCode> OfTheChange = [BlockerCode.NoDiff, BlockerCode.DisallowedFile, BlockerCode.FailedTests, BlockerCode.MissingRequiredEvent];

    /// <summary>The question before anything is known.</summary>
    public static string Asked => "the change, laid over the fixture on this machine, comes out as sealed";

    /// <summary>Looks whether there is a change at all.</summary>
    /// <param name="was">The sealed run.</param>
    /// <param name="verdict">What the judge made of it.</param>
    /// <param name="patchBytes">The size of its patch.</param>
    /// <returns>What the recheck came to where nothing is left to be made; null where there is a change.</returns>
    public static Rechecked? WithoutChange(LaneEvidence was, Verdict verdict, long patchBytes)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(verdict);
        if (was.Evidence.Workspace?.Change is { ChangedPaths.IsEmpty: false } change && (patchBytes > 0 || change.ApplyTo(was.Shared.Base!).Digest() != was.Shared.Base!.Digest()))
        {
            return null;
        }

        var codes = string.Join(", ", verdict.Blockers.Select(blocker => blocker.Code.Text).Distinct());
        return new Rechecked(
            $"there is no change to recheck ({(codes.Length > 0 ? codes : Words.Of(verdict.Status))})",
            patchBytes == 0 ? null : Refused($"an empty {Patch}, since the evidence holds no change", string.Create(CultureInfo.InvariantCulture, $"{patchBytes} bytes")));
    }

    /// <summary>What the questions are drawn from the second time: where all answers were right, others must be right too; where some were wrong, the same must be wrong again.</summary>
    /// <param name="was">The sealed run.</param>
    /// <returns>The sealed seed; null for a new one.</returns>
    public static string? SeedFor(LaneEvidence was)
    {
        ArgumentNullException.ThrowIfNull(was);
        return was.Evidence.Verification is { Holds: false } verification ? verification.Seed : null;
    }

    /// <summary>Compares.</summary>
    /// <param name="was">The sealed run.</param>
    /// <param name="verdict">What the judge made of it.</param>
    /// <param name="again">The run in which the patch was laid over the fixture.</param>
    /// <param name="second">What the judge made of that.</param>
    /// <param name="said">What was said where the patch does not apply.</param>
    /// <returns>What the recheck came to.</returns>
    public static Rechecked Compare(LaneEvidence was, Verdict verdict, LaneEvidence again, Verdict second, string said)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(again);
        ArgumentNullException.ThrowIfNull(second);
        var question = Question(was.Evidence, verdict);
        if (second.Status is RunStatus.Blocked or RunStatus.Inconclusive || again.Evidence.Backend?.Program.End != EndKind.Exited)
        {
            return new Rechecked(question, null, Reasons(second.Blockers));
        }

        if ((Setting(was, again) ?? Tree(was, again, said)) is { } other)
        {
            return new Rechecked(question, other);
        }

        if (IsComparable(was.Evidence.Test) && !IsComparable(again.Evidence.Test))
        {
            return new Rechecked(question, null, $"the test command did not come to its end here: {Reasons(second.Blockers)}");
        }

        var refusal = Tests(was.Evidence, again.Evidence) ?? Answers(was.Evidence.Verification, again.Evidence.Verification);
        var odd = second.Blockers.Where(blocker => !OfTheChange.Contains(blocker.Code)).ToImmutableArray();
        return new Rechecked(question, refusal, refusal is null ? Reasons(odd) : "");
    }

    // That both were asked the same thing: what is put together from the bundle is what the contract names.
    private static CheckRefusal? Setting(LaneEvidence was, LaneEvidence again)
    {
        var (first, second) = (was.Evidence.Contract!, again.Evidence.Contract!);
        return first.FixtureDigest == second.FixtureDigest && first.Verification.Driver == second.Verification.Driver && was.Shared.Base!.Digest() == again.Shared.Base!.Digest()
            ? null : Refused("the fixture and the driver that the contract names", "others");
    }

    private static CheckRefusal? Tree(LaneEvidence was, LaneEvidence again, string said)
    {
        var expected = was.Evidence.Workspace!.Change!.ApplyTo(was.Shared.Base!).Digest();
        return again.Evidence.Workspace?.Tree == expected ? null
            : Refused(
                $"a {Patch} that makes the judged tree {expected} of the fixture's workspace",
                again.Evidence.Backend!.Program.ExitCode != 0 ? $"it does not apply: {said}" : again.Evidence.Workspace?.Tree?.ToString() ?? "a workspace that was refused");
    }

    private static CheckRefusal? Tests(RunEvidence was, RunEvidence again) =>
        !IsComparable(was.Test) || Passed(was.Test!) == Passed(again.Test!) ? null
        : Refused($"a test command that {Told(was.Test!)}, as sealed", Told(again.Test!));

    private static CheckRefusal? Answers(VerificationOutcome? was, VerificationOutcome? again)
    {
        if (was?.Holds is not { } held)
        {
            return null;
        }

        if (held || again is null)
        {
            return again?.Holds == true ? null : Refused("every answer right, as sealed", Told(again));
        }

        var others = was.Results.Zip(again.Results).Where(pair => pair.First.Output is not null && pair.Second.Output is not null && pair.First.Passed != pair.Second.Passed).ToList();
        return again.Holds == false && others.Count == 0 ? null
            : Refused($"the same answers wrong, as sealed: {Told(was)}", others.Count == 0 ? Told(again) : $"other answers to {Names(others.Select(pair => pair.First))}");
    }

    // Whether it came to its end by itself: a limit depends on the machine.
    private static bool IsComparable(ProgramOutcome? test) => test?.End is EndKind.Exited or EndKind.Signalled;

    private static bool Passed(ProgramOutcome test) => test is { End: EndKind.Exited, ExitCode: 0 };

    private static string Told(ProgramOutcome test) => test.End == EndKind.Exited
        ? string.Create(CultureInfo.InvariantCulture, $"ends with exit code {test.ExitCode}") : "is ended by a signal";

    private static string Told(VerificationOutcome? outcome)
    {
        if (outcome is null)
        {
            return "nothing was asked";
        }

        var wrong = outcome.Results.Where(result => !result.Passed).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{outcome.Passed} of {outcome.Expected} right")
            + (wrong.Count > 0 ? $"; not: {Names(wrong)}" : "") + (outcome.Shortfall.Length > 0 ? $"; {outcome.Shortfall}" : "");
    }

    private static string Names(IEnumerable<CaseResult> results)
    {
        var all = results.Select(result => result.Name).ToList();
        return string.Join(", ", all.Take(NamesInMessage)) + (all.Count > NamesInMessage ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - NamesInMessage} more") : "");
    }

    private static string Question(RunEvidence was, Verdict verdict)
    {
        var made = new List<string> { "the tree" };
        var left = verdict.Blockers.Select(blocker => blocker.Code).Except(OfTheChange).Select(code => code.Text).ToList();
        if (was.Workspace!.Change!.Allowed.IsEmpty)
        {
            left.Add("tests (no allowed file changed)");
        }
        else
        {
            (IsComparable(was.Test) ? made : left).Add("the tests");
            (was.Verification?.Holds is not null ? made : left).Add(was.Verification?.Holds == true ? "the answers to newly drawn questions" : "the answers");
        }

        left.Add("what the backend did while it ran");
        return $"{Asked}: {string.Join(", ", made)}; not to be made again: {string.Join(", ", left)}";
    }

    private static string Reasons(IEnumerable<Blocker> blockers) =>
        PlainText.Visible(string.Join("; ", blockers.Select(blocker => $"{blocker.Code.Text}: {blocker.Message}")), 1000);

    private static CheckRefusal Refused(string expected, string found) => new(CheckNames.Recheck, expected, found);
}
