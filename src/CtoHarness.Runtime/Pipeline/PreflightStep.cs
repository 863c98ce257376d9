using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>The checks before the start. None of them starts anything of a backend.</summary>
internal static class PreflightStep
{
    private static readonly TimeSpan ProbeWall = TimeSpan.FromSeconds(20);
    private static readonly ImmutableArray<string> Namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];
    private static readonly ImmutableArray<string> Needed = ["ipc", "mnt", "net", "pid", "user", "uts"];

    /// <summary>Makes the checks; each one that fails refuses the start.</summary>
    internal static Reached Take(RunSite site, Reached reached)
    {
        var (checks, layers) = Checks(site.Request, reached, site.SandboxUser, site.Interrupt);
        site.Events.Add(EventNames.PreflightChecked, json =>
        {
            foreach (var (check, _) in checks)
            {
                json.WriteBoolean(check.Name, check.Passed);
            }

            PreflightJson.WriteDetails(json, checks.Select(c => c.Check), layers);
        });
        return reached with
        {
            Preflight = [.. checks.Select(c => c.Check)],
            Layers = layers,
            Refusals = [.. checks.Where(c => !c.Check.Passed).Select(c => new Blocker(c.Code, c.Check.Detail, "report.json"))],
        };
    }

    private static (List<(PreflightCheck Check, BlockerCode Code)> Checks, ImmutableSortedDictionary<string, string> Layers) Checks(
        RunRequest request, Reached reached, long? user, CancellationToken interrupt)
    {
        var plan = reached.Plan!;
        var program = reached.Program!;
        var checks = new List<(PreflightCheck, BlockerCode)>
        {
            (new PreflightCheck("backend", program.Digest is not null, program.Detail), BlockerCode.BackendNotFound),
            (Model(request), BlockerCode.ModelNotAdmitted),
            (TestProgram(reached.Contract!, plan), BlockerCode.MissingTestCommand),
            (Adapter(reached.Identity.Engine, plan), BlockerCode.BackendNotFound),
        };
        var (sandbox, layers) = Sandbox(request, plan, user, interrupt);
        checks.Add((sandbox, BlockerCode.SandboxInsufficient));
        return (checks, layers);
    }

    private static PreflightCheck Model(RunRequest request) => new(
        "model",
        request.Admission is ModelAdmission.Admitted or ModelAdmission.NotApplicable,
        request.Admission switch
        {
            ModelAdmission.NotApplicable => "the engine calls no model",
            ModelAdmission.Admitted => $"{request.Model} is admitted by models.yaml",
            ModelAdmission.Refused => $"{request.Model} is refused by models.yaml; name an admitted model with --model PROVIDER/MODEL",
            _ => $"{request.Model} is not in models.yaml; name an admitted model with --model PROVIDER/MODEL, or add it there",
        });

    private static PreflightCheck TestProgram(Contract contract, RunPlan plan)
    {
        var name = contract.Fixture.TestCommand[0];
        return plan.TestCommand is { } command
            ? new PreflightCheck("test-command", true, command.Program)
            : new PreflightCheck("test-command", false, $"the test command's program {PlainText.Quote(name)} is not in {Programs.PlainPath}, nor an executable file at that path; install it, or name another in fixture.yaml");
    }

    private static PreflightCheck Adapter(EngineManifest engine, RunPlan plan) => new(
        "adapter", plan.Command is not null, plan.Command is { } command
            ? command.Program
            : $"this version has no adapter for the kind {PlainText.Quote(engine.Kind)} yet; no backend of that kind can be started");

    // By doing: the real command line, with the lane's masks, around a program that does nothing.
    private static (PreflightCheck, ImmutableSortedDictionary<string, string>) Sandbox(RunRequest request, RunPlan plan, long? user, CancellationToken interrupt)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        if (plan.Tools is not { } tools)
        {
            var (_, missing) = HostView.Tools();
            return (No($"not installed: {string.Join(", ", missing)}; install with: apt-get install {string.Join(' ', missing)}"), none);
        }

        if (plan.Sandbox.MaskedFolders.FirstOrDefault(folder => !HostView.CanHide(folder)) is { } needed)
        {
            return (No($"{PlainText.Quote(needed)} must be hidden from the backend, but programs need it; move the harness, its runs or its state elsewhere"), none);
        }

        if (user is not null && LaneFolders.FirstClosed(request.Folders.State) is { Length: > 0 } closed)
        {
            return (No($"the sandbox's user {user} cannot pass through {PlainText.Quote(closed)}; name another folder with --state-dir"), none);
        }

        var (ids, words, outcome) = Probe(tools, plan.Sandbox with { Binds = [], WorkingFolder = "/", Init = null, Confinement = null }, interrupt);
        if (outcome is not { End: EndKind.Exited, ExitCode: 0 })
        {
            var advice = words.Contains("namespace", StringComparison.OrdinalIgnoreCase)
                ? "; bubblewrap needs unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns)"
                : "";
            return (No($"a probe did not come up: {PlainText.Visible(words, 300)}{advice}"), none);
        }

        var own = Namespaces.Where((name, index) => index < ids.Length && File.ResolveLinkTarget("/proc/self/ns/" + name, false)?.Name != ids[index]).ToList();
        return Needed.Except(own).ToList() is { Count: > 0 } shared
            ? (No($"the probe shared these namespaces with the machine: {string.Join(' ', shared)}"), none)
            : (new PreflightCheck("sandbox", true, "a probe ran with the lane's masks, in namespaces of its own"), Layers(tools, user, own, interrupt));

        static PreflightCheck No(string detail) => new("sandbox", false, detail);
    }

    // The probe tells the ids of its namespaces, which are compared with our own.
    private static (string[] Ids, string Words, ProgramOutcome Outcome) Probe(SandboxTools tools, SandboxPolicy policy, CancellationToken interrupt)
    {
        using var kept = new MemoryStream();
        using var words = new MemoryStream();
        var outcome = new Bubblewrap(tools).Run(
            policy,
            new EngineCommand("/usr/bin/readlink", [.. Namespaces.Select(name => "/proc/self/ns/" + name)], ImmutableSortedDictionary<string, string>.Empty),
            ProbeWall, new ByteSink(kept, 4000), new ByteSink(words, 1000), interrupt);
        interrupt.ThrowIfCancellationRequested();
        return (
            Encoding.ASCII.GetString(kept.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Encoding.UTF8.GetString(words.ToArray()).Trim(),
            outcome);
    }

    private static ImmutableSortedDictionary<string, string> Layers(SandboxTools tools, long? user, List<string> namespaces, CancellationToken interrupt) => new Dictionary<string, string>
    {
        ["bubblewrap"] = VersionOf(tools.Bubblewrap, interrupt),
        ["namespaces"] = string.Join(' ', namespaces),
        ["user"] = user is null ? $"{ProcessCalls.User} (the ordinary user who asked)" : $"{user} (harness as root)",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static string VersionOf(string program, CancellationToken interrupt)
    {
        using var kept = new MemoryStream();
        using var run = RunningProgram.TryStart(
            new ProgramPlan((_, _) => [program, "--version"], "/", ImmutableSortedDictionary<string, string>.Empty, new ByteSink(kept, 200).Drain, ByteSink.Nowhere().Drain), out _);
        return run is not null && WaitHandle.WaitAny([run.Ended, interrupt.WaitHandle], ProbeWall) == 0 && run.JoinStreams(ProbeWall) && run.ExitCode == 0
            ? PlainText.Visible(Encoding.UTF8.GetString(kept.ToArray()).Trim(), 100)
            : "unknown";
    }
}
