using System.Collections.Immutable;
using System.Diagnostics;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Verification;

/// <summary>Compares what a lane's code answers with what the solution answers.</summary>
internal static class Verifier
{
    internal const string Log = EvidenceReader.VerificationFile;
    private const string CodeLog = "verification.log";

    /// <summary>Verifies one lane's allowed changes.</summary>
    internal static VerificationOutcome Verify(RunSite site, Reached reached, ImmutableArray<Change> allowed)
    {
        var began = Stopwatch.GetTimestamp();
        var questions = reached.Questions!;
        var set = reached.Fixture!.Cases!;
        var examiner = new Examiner(site, reached.Plan!, set, reached.Driver);
        var lane = site.Folders.Cases;
        examiner.Prepare(lane);
        FileCopier.LayOver(allowed, site.Folders.Subject.Workspace, lane.Workspace, site.SandboxUser);
        var key = questions.Solution;
        var exam = examiner.Ask(lane, questions.Cases, CodeLog);
        var looked = Look(set, reached.Base!, allowed, lane.Workspace);
        var outcome = new VerificationOutcome(
            examiner.Words, questions.Seed, set.Expected, [.. Results(questions.Cases, key, exam), .. looked],
            exam.Shortfall, key.Trouble.Length > 0 ? key.Trouble : exam.Trouble, Sum(exam.Survivors, key.Survivors), Stopwatch.GetElapsedTime(began));
        using var file = site.Bundle.Create(Log);
        foreach (var line in VerificationJson.Lines(outcome))
        {
            file.Write(line);
        }

        return outcome;
    }

    private static IEnumerable<CaseResult> Results(ImmutableArray<VerificationCase> cases, Questions.Key key, Exam exam) =>
        cases.Select((one, number) => new CaseResult(
            one.Name,
            one.IsDrawn ? CaseSource.Drawn : CaseSource.Fixed,
            one.Input,
            one.Expected ?? key.Answers.ElementAtOrDefault(number),
            exam.Answers.ElementAtOrDefault(number)));

    private static ImmutableArray<CaseResult> Look(CaseSet set, Tree pristine, ImmutableArray<Change> allowed, string folder)
    {
        var change = new ChangeSet(allowed);
        return set.Predicates.IsEmpty ? [] :
        [
            .. TreeLook.Holds(set.Predicates, change.ApplyTo(pristine), change, folder).Select((one, number) => new CaseResult(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"predicate-{number + 1}"),
                CaseSource.Predicate,
                new JsonValue.Characters(one.Predicate.Describe()),
                Truth(true),
                Truth(one.Holds))),
        ];
    }

    private static Answer.Returned Truth(bool value) => new(new JsonValue.Truth(value));

    private static int? Sum(int? a, int? b) => a is { } one && b is { } other ? one + other : null;
}
