using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Runs the backend in its sandbox, until it ends or is ended.</summary>
internal static class ExecuteStep
{
    /// <summary>The file of the bundle that has every try on record, a line each.</summary>
    internal const string Record = EvidenceReader.ObservationsFile;

    internal static Reached Take(RunSite site, Reached reached)
    {
        if (site.Lane.Kind == LaneKind.Control && reached.Program is null)
        {
            return reached; // nothing is started: the harness itself laid the control's files down
        }

        var plan = reached.Plan!;
        var limits = site.Request.Policy.Limits;
        using var watch = SizeWatch.Of(site.Folders.Subject.Root, limits);
        using var file = site.Bundle.Create(Record);
        using var log = new AttemptLog(file, site.Bundle.Withheld);
        using var claims = ClaimFiles.Open(site, reached);
        var (outcome, fault) = Run(site, reached, watch, log, claims);
        var claimed = claims.End(); // before anything else: what would be said later is said of nothing
        reached = reached with
        {
            Calls = log.Record(),
            LimitPassed = outcome.End != EndKind.OverLimit ? "" : watch.Words is { Length: > 0 } words ? words : ControlGroup.WhyEnded(limits),
        };
        var given = Path.Combine(site.Folders.Subject.Given, FixtureFolder.Solution);
        if (Directory.Exists(given))
        {
            Directory.Delete(given, recursive: true); // used up: an answer that lies nowhere can be found by nobody
        }

        fault ??= claims.Fault;
        if (fault is not null)
        {
            // It ran, and the record must say so, although what it wrote could not be kept.
            return reached with
            {
                Backend = new BackendOutcome(outcome, 0, 0),
                Trouble = new RunTrouble(BlockerCode.Infrastructure, $"what the backend wrote could not be kept: {fault.Message}"),
            };
        }

        if (reached.Identity.Engine.Output != OutputWire.None)
        {
            site.Events.Add(EventNames.BackendClaimed, json => BackendClaimsJson.Write(json, claimed));
        }

        site.Events.Add(EventNames.BackendEnded, json => EventJson.WriteEnded(json, outcome, reached.LimitPassed, reached.Calls));
        var said = claimed.Records.Values.Sum();
        return reached with { Backend = new BackendOutcome(outcome, said, claimed.Lines - said), BackendVersion = Version(site, reached) };
    }

    private static (ProgramOutcome Outcome, IOException? Fault) Run(RunSite site, Reached reached, SizeWatch watch, AttemptLog log, ClaimFiles claims)
    {
        var (plan, limits, spawned) = (reached.Plan!, site.Request.Policy.Limits, false);
        try
        {
            using var stdout = site.Bundle.Create("backend/stdout.log");
            using var stderr = site.Bundle.Create("backend/stderr.log");
            using var model = ModelSide.Open(site, reached);
            var output = new ByteSink(stdout, limits.OutputBytes) { Seen = claims.OfOutput };
            var error = new ByteSink(stderr, limits.OutputBytes);
            var supervisor = new Supervisor(LaneSandbox.Places(plan.View, site.Folders.Subject, reached.Program?.Needs), LaneSandbox.Machine!.Value, log, site.Clock);
            var init = new InitChannel(supervisor, model is null ? null : model.Serve);
            var outcome = new Bubblewrap(plan.Tools!).Run(plan.Sandbox, plan.Command!, TimeSpan.FromSeconds(limits.WallSeconds), output, error, site.Interrupt, () =>
            {
                spawned = true;
                site.Events.Add(EventNames.SandboxStarted, json => json.WriteString("program", plan.Command!.Program));
            }, passed: watch.Passed, init: init);
            model?.End();
            CompareLayers(init, log, reached.Layers.GetValueOrDefault(SandboxCheck.Landlock, "unknown"));
            return (outcome, output.Fault ?? error.Fault);
        }
        catch (IOException full) when (spawned)
        {
            log.Fail("the backend's streams could not be kept, so nobody knows what became of it");
            return (new ProgramOutcome(EndKind.SandboxFailed, null, TimeSpan.Zero, 0, 0, 0, null), full);
        }
    }

    // What its package says; or what it says itself, asked in a sandbox that has nothing to do with the run's.
    private static string Version(RunSite site, Reached reached)
    {
        var (engine, plan) = (reached.Identity.Engine, reached.Plan!);
        if (engine.Version.Length > 0 || reached.Program is not { } program)
        {
            return "";
        }

        if (program.Version.Length > 0 || engine.VersionArguments.IsEmpty)
        {
            return program.Version;
        }

        try
        {
            var lane = new LaneFolders(Path.Combine(site.Folders.Top, "version"));
            lane.MakeEmpty(site.SandboxUser);
            return EngineVersion.Ask(plan.Tools!, plan.View, site.Request.Policy, lane, engine, program, site.Interrupt);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return ""; // not told; what is known of the run must not be lost for it
        }
    }

    private static void CompareLayers(InitChannel init, AttemptLog log, string tried)
    {
        if (init.Layers is null)
        {
            log.Fail($"sandbox-init did not say that the backend is confined{(init.Failure.Length > 0 ? $": {PlainText.Visible(init.Failure, 300)}" : "")}");
        }
        else if (init.Landlock is not { } version || LandlockVersion.Describe(version) != tried)
        {
            log.Fail($"the backend's sandbox was not the one of the self-test: its layers were {PlainText.Quote(init.Layers)}, the self-test's Landlock {tried}");
        }
    }
}
