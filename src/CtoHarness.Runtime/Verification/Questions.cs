using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Verification;

/// <summary>The questions of one run, and what the fixture's solution answers. All lanes of the run are asked the same.</summary>
internal sealed class Questions
{
    private const string SolutionLog = "solution.log";
    private const string NotJson = "NotJson"; // what drivers call every output that JSON cannot hold: two of them need not be the same
    private readonly Lazy<Key> _key;

    private Questions(string seed, ImmutableArray<VerificationCase> cases, Func<Key> solve)
    {
        Seed = seed;
        Cases = cases;
        _key = new Lazy<Key>(solve);
    }

    /// <summary>What the drawn cases were drawn from.</summary>
    internal string Seed { get; }

    /// <summary>The cases, the fixed ones first.</summary>
    internal ImmutableArray<VerificationCase> Cases { get; }

    /// <summary>What the solution answers; the first who asks runs it.</summary>
    internal Key Solution => _key.Value;

    /// <summary>What must come out.</summary>
    /// <param name="Answers">One for each case.</param>
    /// <param name="Trouble">Why there is no sound key; empty where there is one.</param>
    /// <param name="Survivors">Processes that the solution left over.</param>
    internal sealed record Key(ImmutableArray<Answer?> Answers, string Trouble, int? Survivors);

    /// <summary>Draws the questions, once the backend has ended.</summary>
    internal static Questions Draw(RunSite site, Reached reached)
    {
        var set = reached.Fixture!.Cases!;
        var seed = site.Request.Seed ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var cases = set.Draw(seed);
        site.Events.Add(EventNames.CasesDrawn, json => EventJson.WriteDrawn(json, seed, reached.Contract!.Verification));
        return new Questions(seed, cases, () => Solve(site, reached, cases));
    }

    // The solution is the harness's own: whatever it does not answer as the fixture says is the verifier's trouble.
    private static Key Solve(RunSite site, Reached reached, ImmutableArray<VerificationCase> cases)
    {
        var examiner = new Examiner(site, reached.Plan!, reached.Fixture!.Cases!, reached.Driver);
        var lane = site.Folders.Solution;
        examiner.Prepare(lane);
        var solution = site.Bundle.PathOf("fixture/" + FixtureFolder.Solution);
        FileCopier.LaySolution(solution, reached.Contract!.Fixture.DeletedFiles, lane.Workspace, site.SandboxUser, site.Interrupt);
        var exam = examiner.Ask(lane, cases, SolutionLog);
        var key = new Key(exam.Answers, Trouble(exam, cases, Unheld(site, reached, lane)), exam.Survivors);
        _ = Scratch.Remove(lane.Top); // an answer that lies nowhere can be found by nobody
        return key;
    }

    private static string Trouble(Exam exam, ImmutableArray<VerificationCase> cases, string unheld)
    {
        if (exam.Trouble.Length > 0 || exam.Shortfall.Length > 0)
        {
            return $"the fixture's own solution could not be asked: {exam.Trouble}{exam.Shortfall}";
        }

        var unsaid = Enumerable.Range(0, exam.Answers.Length).Where(number => exam.Answers[number] is Answer.Raised { Type: NotJson }).Select(number => cases[number].Name).ToList();
        if (unsaid.Count > 0)
        {
            return $"the fixture's own solution gives something that is no JSON to: {string.Join(", ", unsaid.Take(5))}";
        }

        var other = Enumerable.Range(0, exam.Answers.Length)
            .Where(number => cases[number].Expected is { } stated && exam.Answers[number] is { } given && !given.SameAs(stated))
            .Select(number => cases[number].Name)
            .ToList();
        return other.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"the fixture's own solution gives other answers than verify/cases.yaml states, to {other.Count} case(s): {string.Join(", ", other.Take(5))}")
            : unheld.Length > 0 ? $"the fixture's own solution does not hold to: {unheld}" : "";
    }

    private static string Unheld(RunSite site, Reached reached, LaneFolders lane)
    {
        var predicates = reached.Fixture!.Cases!.Predicates;
        if (predicates.IsEmpty)
        {
            return "";
        }

        var (tree, refusal) = TreeReader.Read(lane.Workspace, TreeBounds.Of(site.Request.Policy.Limits), leaveGit: false, site.Interrupt);
        return tree is null
            ? refusal
            : string.Join("; ", TreeLook.Holds(predicates, tree, ChangeSet.Between(reached.Base!, tree), lane.Workspace)
                .Where(one => !one.Holds).Select(one => one.Predicate.Describe()));
    }
}
