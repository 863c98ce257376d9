using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Lets a fixture prove itself: its solution passes the test command, its untouched workspace fails it, a whole run of the solution passes, and every cheat is caught.</summary>
public static class FixtureCheck
{
    /// <summary>Checks one fixture.</summary>
    /// <param name="root">The harness root.</param>
    /// <param name="folders">Where scratch folders go.</param>
    /// <param name="policy">Limits.</param>
    /// <param name="name">The fixture's name.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>Each check, in order.</returns>
    public static ImmutableArray<PreflightCheck> Check(HarnessRoot root, StateFolders folders, RunPolicy policy, string name, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(policy);
        LaneSandbox.MakeState(folders);
        var fixture = FixtureFolder.Read(Path.Combine(root.FixturesFolder, name), interrupt);
        if (fixture.Fixture is null || fixture.Tree is null || !fixture.Problems.IsEmpty)
        {
            return [.. fixture.Problems.Select(problem => new PreflightCheck("description", false, problem.ToString()))];
        }

        var checks = new List<PreflightCheck> { new("description", true, "fixture.yaml, instruction.md, workspace/, solution/, verify/cases.yaml and verify/cheats.yaml are sound") };
        var workspace = Path.Combine(fixture.Folder, FixtureFolder.Workspace);
        var solution = Path.Combine(fixture.Folder, FixtureFolder.Solution);
        var bounds = TreeBounds.Of(policy.Limits);
        var (tree, refusal) = TreeReader.Read(workspace, bounds, leaveGit: false, interrupt);
        var (answer, _) = TreeReader.Read(solution, bounds, leaveGit: false, interrupt);
        if (tree is null || answer is null)
        {
            return [.. checks, new PreflightCheck("workspace", false, refusal)];
        }

        var repository = BaseRepository.Ensure(folders.Repositories, workspace, tree, interrupt);
        checks.Add(new PreflightCheck(
            "base", repository.Commit == fixture.Fixture.BaseCommit,
            repository.Commit == fixture.Fixture.BaseCommit ? repository.Commit : $"workspace/ gives {repository.Commit}, fixture.yaml pins {fixture.Fixture.BaseCommit}"));
        var outside = answer.Entries.Select(e => e.Path).Except(fixture.Fixture.AllowedFiles).ToList();
        checks.Add(new PreflightCheck(
            "solution-allowed", answer.Entries.Length + fixture.Fixture.DeletedFiles.Length > 0 && outside.Count == 0,
            answer.Entries.Length + fixture.Fixture.DeletedFiles.Length == 0 ? "solution/ is empty"
            : outside.Count == 0 ? "solution/ changes only allowed files"
            : $"solution/ changes files that are not allowed: {string.Join(", ", outside)}"));
        if (LaneSandbox.TestCommand(fixture.Fixture, workspace) is not { } command || HostView.Tools().Tools is not { } tools)
        {
            return [.. checks, new PreflightCheck("test-command", false, fixture.Fixture.TestCommand.IsEmpty
                ? "fixture.yaml names no test_command"
                : $"its program or bubblewrap is not in {Programs.PlainPath}; install it")];
        }

        using var top = new RunFolders(Path.Combine(folders.Work, string.Create(CultureInfo.InvariantCulture, $"check-{Environment.ProcessId}-{name}")));
        try
        {
            top.Make();
            var view = LaneSandbox.View(root, folders, [], [], new Dictionary<string, string>());
            top.Subject.Make(LaneSandbox.User(policy), workspace, repository, interrupt);
            FileCopier.LaySolution(solution, fixture.Fixture.DeletedFiles, top.Subject.Workspace, LaneSandbox.User(policy), interrupt);
            top.Test.Make(LaneSandbox.User(policy), workspace, repository, interrupt);
            var (solved, untouched) = Together.Run(() => Run(top.Subject), () => Run(top.Test));
            checks.Add(Passes("solution-passes", solved));
            checks.Add(Fails("untouched-fails", untouched));
            if (checks.TrueForAll(check => check.Passed))
            {
                checks.AddRange(CheatCheck.Check(new CheatCheck.Site(root, folders, policy, fixture, repository, top, view, tools), interrupt));
            }

            (ProgramOutcome Outcome, string Words) Run(LaneFolders lane)
            {
                using var words = new MemoryStream();
                var sink = new ByteSink(words, 4000);
                var outcome = new Bubblewrap(tools).Run(
                    LaneSandbox.For(view, policy, lane), command, TimeSpan.FromSeconds(policy.Limits.TestWallSeconds), sink, sink, interrupt);
                interrupt.ThrowIfCancellationRequested();
                return (outcome, System.Text.Encoding.UTF8.GetString(words.ToArray()).Trim());
            }
        }
        finally
        {
            Scratch.Remove(top.Top);
        }

        return [.. checks];
    }

    private static PreflightCheck Passes(string name, (ProgramOutcome Outcome, string Words) run) => new(
        name, run.Outcome is { End: EndKind.Exited, ExitCode: 0, Survivors: 0 }, Detail(run, wanted: "exit code 0"));

    // Exit codes of a shell or an interpreter that could not run the tests at all are no proof that the tests fail.
    private static PreflightCheck Fails(string name, (ProgramOutcome Outcome, string Words) run) => new(
        name, run.Outcome is { End: EndKind.Exited, ExitCode: not (0 or 126 or 127), Survivors: 0 }, Detail(run, wanted: "an exit code that tells of failed tests"));

    private static string Detail((ProgramOutcome Outcome, string Words) run, string wanted)
    {
        var words = run.Words.Length > 300 ? run.Words[^300..] : run.Words;
        return $"the test command {Core.Evidence.Words.Of(run.Outcome.End)} with exit code {run.Outcome.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}, wanted is {wanted}; its last words: {Core.Problems.PlainText.Visible(words)}";
    }
}
