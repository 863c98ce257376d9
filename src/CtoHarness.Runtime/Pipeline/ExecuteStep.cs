using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Verdicts;
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

    private const int LongestLine = 1 << 20;
    private const int MostUnrecognised = 20_000;

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
        var (outcome, fault) = Run(site, plan, limits, watch, log, reached.Layers.GetValueOrDefault(SandboxCheck.Landlock, "unknown"));
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

        if (fault is not null)
        {
            // It ran, and the record must say so, although what it wrote could not be kept.
            return reached with
            {
                Backend = new BackendOutcome(outcome, 0, 0),
                Trouble = new RunTrouble(BlockerCode.Infrastructure, $"what the backend wrote could not be kept: {fault.Message}"),
            };
        }

        var (claims, unrecognised) = Claims(EngineKinds.Find(reached.Identity.Engine)!, site.Bundle.PathOf("backend/stdout.log"), site.Interrupt);
        site.Events.Add(EventNames.BackendEnded, json => EventJson.WriteEnded(json, outcome, reached.LimitPassed, reached.Calls));
        return reached with { Backend = new BackendOutcome(outcome, claims, unrecognised) };
    }

    private static (ProgramOutcome Outcome, IOException? Fault) Run(RunSite site, RunPlan plan, Limits limits, SizeWatch watch, AttemptLog log, string tried)
    {
        var spawned = false;
        try
        {
            using var stdout = site.Bundle.Create("backend/stdout.log");
            using var stderr = site.Bundle.Create("backend/stderr.log");
            var output = new ByteSink(stdout, limits.OutputBytes);
            var error = new ByteSink(stderr, limits.OutputBytes);
            var supervisor = new Supervisor(LaneSandbox.Places(plan.View, site.Folders.Subject), LaneSandbox.Machine!.Value, log, site.Clock);
            var init = new InitChannel(supervisor, null);
            var outcome = new Bubblewrap(plan.Tools!).Run(plan.Sandbox, plan.Command!, TimeSpan.FromSeconds(limits.WallSeconds), output, error, site.Interrupt, () =>
            {
                spawned = true;
                site.Events.Add(EventNames.SandboxStarted, json => json.WriteString("program", plan.Command!.Program));
            }, passed: watch.Passed, init: init);
            if (init.Layers is null)
            {
                log.Fail($"sandbox-init did not say that the backend is confined{(init.Failure.Length > 0 ? $": {PlainText.Visible(init.Failure, 300)}" : "")}");
            }
            else if (init.Landlock is not { } version || LandlockVersion.Describe(version) != tried)
            {
                log.Fail($"the backend's sandbox was not the one of the self-test: its layers were {PlainText.Quote(init.Layers)}, the self-test's Landlock {tried}");
            }

            return (outcome, output.Fault ?? error.Fault);
        }
        catch (IOException full) when (spawned)
        {
            log.Fail("the backend's streams could not be kept, so nobody knows what became of it");
            return (new ProgramOutcome(EndKind.SandboxFailed, null, TimeSpan.Zero, 0, 0, 0, null), full);
        }
    }

    // What the backend says is counted, not believed.
    private static (long Claims, long Unrecognised) Claims(IEngine engine, string path, CancellationToken interrupt)
    {
        long claims = 0, unrecognised = 0;
        using var file = File.OpenRead(path);
        var buffer = new byte[65536];
        var line = new List<byte>();
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            interrupt.ThrowIfCancellationRequested();
            var rest = buffer.AsSpan(0, read);
            for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                line.AddRange(rest[..end]);
                Count();
                rest = rest[(end + 1)..];
            }

            line.AddRange(line.Count <= LongestLine ? rest : []);
        }

        if (line.Count > 0)
        {
            Count();
        }

        return (claims, unrecognised);

        void Count()
        {
            // Lines that only look like records are tried a bounded number of times.
            var known = line is [(byte)'{', ..] && line.Count <= LongestLine && unrecognised < MostUnrecognised && engine.Recognise(line.ToArray()) is not null;
            claims += known ? 1 : 0;
            unrecognised += known ? 0 : 1;
            line.Clear();
        }
    }
}
