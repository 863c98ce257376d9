using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Whether the backend's sandbox holds on this machine: by doing, with the backend's own policy around a canary.</summary>
/// <param name="Check">What it came to.</param>
/// <param name="Code">The reason not to start where it failed.</param>
/// <param name="SelfTest">What was tried from inside; null where it did not come so far.</param>
/// <param name="Layers">The layers and their versions.</param>
internal sealed record SandboxCheck(
    PreflightCheck Check, BlockerCode Code, ImmutableArray<PreflightCheck>? SelfTest, ImmutableSortedDictionary<string, string> Layers)
{
    /// <summary>The name of the layer whose version was laid by the self-test.</summary>
    internal const string Landlock = "landlock";

    private const string Name = "sandbox";
    private const int MostLookedAt = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Without these there is no sandbox to speak of, whatever else came out right.
    private static readonly ImmutableArray<string> Foundations = ["namespaces", Landlock];

    /// <summary>Makes the check. Nothing of it stays on disk.</summary>
    internal static SandboxCheck Make(RunSite site, Reached reached)
    {
        var plan = reached.Plan!;
        if (plan.Tools is not { } tools)
        {
            var (_, missing) = HostView.Tools();
            return No($"not installed: {string.Join(", ", missing)}; install with: apt-get install {string.Join(' ', missing)}");
        }

        return Obstacle(site, plan) is { Length: > 0 } obstacle ? No(obstacle) : Try(site, plan, tools);
    }

    private static string Obstacle(RunSite site, RunPlan plan) =>
        plan.Sandbox.MaskedFolders.FirstOrDefault(folder => !HostView.CanHide(folder)) is { } needed
            ? $"{PlainText.Quote(needed)} must be hidden from the backend, but programs need it; move the harness, its runs or its state elsewhere"
        : site.SandboxUser is not null && LaneFolders.FirstClosed(site.Request.Folders.State) is { Length: > 0 } closed
            ? $"the sandbox's user {site.SandboxUser} cannot pass through {PlainText.Quote(closed)}; name another folder with --state-dir"
        : site.SandboxUser is { } user && !IsMapped(user, File.ReadLines("/proc/self/uid_map"))
            ? $"the sandbox's user {user} does not exist in this user namespace (/proc/self/uid_map); name another with sandbox.uid in policy.yaml, or run the harness as an ordinary user"
        : !InitProgram.IsPublished
            ? $"the program sandbox-init is not in {PlainText.Quote(InitProgram.Published)}; build the harness again"
        : site.SandboxUser is not null && LaneFolders.FirstClosed(InitProgram.Runtime) is { Length: > 0 } barred
            ? $"the sandbox's user {site.SandboxUser} cannot pass through {PlainText.Quote(barred)} to .NET, which sandbox-init needs; install .NET where everybody may read it, such as /usr/share/dotnet"
        : "";

    /// <summary>Whether a user id means anybody in this user namespace.</summary>
    /// <param name="user">The id.</param>
    /// <param name="map">The lines of the namespace's map: first id inside, first id outside, how many.</param>
    internal static bool IsMapped(long user, IEnumerable<string> map) => map
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(range => range is [var first, _, var count]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var many)
            && user >= from && user - from < many);

    private static SandboxCheck Try(RunSite site, RunPlan plan, SandboxTools tools)
    {
        if (site.Trial.Top.StartsWith(site.Folders.Top + "/", StringComparison.Ordinal) && !site.Folders.IsMade)
        {
            site.Folders.Make();
        }

        var (version, outcome) = Together.Run(() => VersionOf(tools.Bubblewrap, site.Interrupt), () => SelfTestIn(site, plan, tools));
        if (!outcome.CameUp)
        {
            return No($"the sandbox did not come up: {outcome.Words}{(outcome.Advice.Length > 0 ? $"; {outcome.Advice}" : "")}");
        }

        var wrong = outcome.Checks.Where(check => !check.Passed).ToList();
        var layers = new Dictionary<string, string>
        {
            ["cgroup"] = ControlGroup.Bounded is { Length: > 0 } bounded ? bounded : "none: limits hold for each process",
            ["bubblewrap"] = version,
            [Landlock] = LandlockVersion.Describe(outcome.Landlock),
            ["namespaces"] = string.Join(' ', outcome.Namespaces),
            ["seccomp"] = string.Create(CultureInfo.InvariantCulture, $"filter of {plan.Sandbox.Confinement!.Filter.Length} instructions{(outcome.Checks.Any(check => check is { Name: "observation", Passed: true }) ? ", calls handed to the supervisor" : "")}"),
            ["user"] = site.SandboxUser is { } user ? $"{user} (harness as root)" : $"{ProcessCalls.User} (the ordinary user who asked)",
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return new SandboxCheck(
            new PreflightCheck(Name, outcome.IsExact, wrong.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{outcome.Checks.Length} tries from inside a sandbox like the backend's, each came out as it must")
                : $"a self-test of the backend's sandbox went wrong: {string.Join("; ", wrong.Select(check => $"{check.Name}: {check.Detail}"))}"),
            wrong.Exists(check => Foundations.Contains(check.Name)) ? BlockerCode.SandboxInsufficient : BlockerCode.SelfTestFailed,
            outcome.Checks,
            layers);
    }

    // A lane like the backend's, at another place.
    private static SelfTestOutcome SelfTestIn(RunSite site, RunPlan plan, SandboxTools tools)
    {
        var lane = site.Trial;
        var around = Path.GetDirectoryName(lane.Top)!;
        try
        {
            InitProgram.Install(site.InitCopies);
            lane.MakeEmpty(site.SandboxUser);
            var view = plan.View with { Folders = plan.View.Folders.Add(around), Init = InitProgram.Place(site.InitCopies) };
            using var bait = Bait.Lay(around, [lane.Given], site.SandboxUser);
            return Sandboxing.SelfTest.Run(
                tools, LaneSandbox.For(view, site.Request.Policy, lane, observed: true),
                [lane.Workspace, lane.Home, lane.Out, "/tmp", "/var/tmp", "/dev/shm"], [.. site.Request.Targets.SelectMany(Tempting)], bait, site.Interrupt);
        }
        finally
        {
            Scratch.RemoveOwn(lane.Top);
        }
    }

    // A target, or something in one that is a folder: whatever hides the folder hides that as well.
    private static IEnumerable<string> Tempting(string target)
    {
        try
        {
            return Directory.Exists(target) ? Directory.EnumerateFiles(target).Take(MostLookedAt).Where(IsReadable).Take(1).ToList() : IsReadable(target) ? [target] : [];
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // What has nothing in it shows nothing where it is not read; FIFOs and devices have no length.
    private static bool IsReadable(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private static SandboxCheck No(string detail) =>
        new(new PreflightCheck(Name, false, detail), BlockerCode.SandboxInsufficient, null, ImmutableSortedDictionary<string, string>.Empty);

    private static string VersionOf(string program, CancellationToken interrupt)
    {
        using var kept = new MemoryStream();
        using var run = RunningProgram.TryStart(
            new ProgramPlan((_, _) => [program, "--version"], "/", ImmutableSortedDictionary<string, string>.Empty, new ByteSink(kept, 200).Drain, ByteSink.Nowhere().Drain), out _);
        return run is not null && WaitHandle.WaitAny([run.Ended, interrupt.WaitHandle], Patience) == 0 && run.JoinStreams(Patience) && run.ExitCode == 0
            ? PlainText.Visible(Encoding.UTF8.GetString(kept.ToArray()).Trim(), 100)
            : "unknown";
    }
}
