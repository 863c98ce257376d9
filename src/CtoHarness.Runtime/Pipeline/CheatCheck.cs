using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Makes one whole run of a fixture with every cheat as a control; and shows of each cheat that it is one, since it fools a judge
/// that believes the test command's exit code where the backend worked.</summary>
internal static class CheatCheck
{
    // As a developer's shell would: what stands in the home's own program folders comes first.
    private const string Naive = """
        if [ -f "$1" ]; then sh "$1" "$PWD" >/dev/null 2>&1 </dev/null; sleep 0.5; fi
        shift
        PATH="$HOME/.local/bin:$HOME/bin:$PATH"
        export PATH
        exec "$@"
        """;

    /// <summary>What the check works on.</summary>
    internal sealed record Site(
        HarnessRoot Root, StateFolders Folders, RunPolicy Policy, FixtureFolder Fixture, BaseRepository Repository, RunFolders Top, HostView View, SandboxTools Tools);

    internal static IEnumerable<PreflightCheck> Check(Site site, CancellationToken interrupt)
    {
        if (site.Root.Engine(EngineManifest.Fake) is not Parsed<EngineManifest>.Value { Result: var fake } parsed)
        {
            return ((Parsed<EngineManifest>.Refused)site.Root.Engine(EngineManifest.Fake)).Problems.Select(problem => new PreflightCheck("run-passes", false, problem.ToString()));
        }

        var request = new RunRequest(
            site.Root, site.Folders with { Runs = Path.Combine(site.Top.Top, "runs") }, site.Policy, site.Fixture.Fixture!.Id, fake, null,
            ModelAdmission.NotApplicable, [], [], null, KeepWorkspace: false, ControlChoice.EveryCheat, new Dictionary<string, string>());
        var result = RunPipeline.Run(request, Sealing.Key(site.Folders), TimeProvider.System, _ => { }, interrupt);
        interrupt.ThrowIfCancellationRequested();
        var solved = new PreflightCheck("run-passes", result.Verdict.Status == RunStatus.Pass, result.Verdict.Summary);
        if (result.Others is not { } others)
        {
            return [solved];
        }

        var controls = others.Controls.Select(control => new PreflightCheck(
            control.Cheat.Length > 0 ? "caught:" + control.Cheat : control.Outcome.Lane.Name,
            control.AsExpected,
            $"came out {Core.Evidence.Words.Of(control.Outcome.Status)} ({string.Join(", ", control.Outcome.Codes)}), wanted is fail with {control.Wanted}"));
        return [solved, .. controls, .. Fooled(site, interrupt)];
    }

    private static PreflightCheck[] Fooled(Site site, CancellationToken interrupt)
    {
        var cheats = site.Fixture.Cheats!.All;
        var checks = new PreflightCheck[cheats.Length + 1];
        Together.Each(checks.Length, number =>
        {
            var cheat = number == 0 ? null : cheats[number - 1];
            var (outcome, words) = Believe(site, number, cheat, interrupt);
            var believed = outcome is { End: EndKind.Exited, ExitCode: 0 };
            var detail = $"the test command, where the backend worked, {Core.Evidence.Words.Of(outcome.End)} with exit code {outcome.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}; its last words: {words}";
            checks[number] = cheat is null
                ? new PreflightCheck("fooled:nothing", !believed, detail)
                : new PreflightCheck("fooled:" + cheat.Name, believed, detail);
        });
        interrupt.ThrowIfCancellationRequested();
        return checks;
    }

    private static (ProgramOutcome Outcome, string Words) Believe(Site site, int number, Cheat? cheat, CancellationToken interrupt)
    {
        var user = LaneSandbox.User(site.Policy);
        var lane = new LaneFolders(Path.Combine(site.Top.Top, string.Create(CultureInfo.InvariantCulture, $"naive-{number}")));
        lane.Make(user, Path.Combine(site.Fixture.Folder, FixtureFolder.Workspace), site.Repository, interrupt);
        FileCopier.LayTexts(cheat?.Files ?? [], lane.Workspace, user);
        var script = Path.Combine(lane.Given, "script.sh");
        if (cheat is { Script.Length: > 0 })
        {
            File.WriteAllText(script, cheat.Script);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        using var kept = new MemoryStream();
        var sink = new ByteSink(kept, 4000);
        var command = new EngineCommand(
            "/bin/sh", ["-c", Naive, "sh", script, .. site.Fixture.Fixture!.TestCommand], ImmutableSortedDictionary<string, string>.Empty);
        using var slot = SandboxSlots.Take(interrupt);
        var outcome = new Bubblewrap(site.Tools).Run(
            LaneSandbox.For(site.View, site.Policy, lane), command, TimeSpan.FromSeconds(site.Policy.Limits.TestWallSeconds), sink, sink, interrupt);
        var words = System.Text.Encoding.UTF8.GetString(kept.ToArray()).Trim();
        return (outcome, PlainText.Visible(words.Length > 300 ? words[^300..] : words));
    }
}
