using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Withholding;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>One lane besides the subject's: the same contract, the same steps, files and events of its own.</summary>
internal static class LaneRun
{
    private const string Script = "script.sh";

    private static readonly ImmutableArray<(string Name, Func<RunSite, Reached, Reached> Take)> Steps =
    [
        ("plan", PlanStep.Take),
        ("prepare", PrepareStep.Take),
        ("execute", ExecuteStep.Take),
        ("observe", ObserveStep.Take),
        ("verify", VerifyStep.Take),
    ];

    /// <summary>Makes the lane.</summary>
    internal static LaneOutcome Make(RunSite run, Reached reached, LanePlan plan)
    {
        var bundle = run.Bundle.Part(plan.Lane.Folder);
        using var events = new EventLog(bundle, run.Clock);
        using var trace = new TraceLog(bundle);
        using var folders = run.Folders.Of(plan.Lane.Name);
        var site = run with { Bundle = bundle, Events = events, Trace = trace, Folders = folders, Lane = plan.Lane };
        var start = Begin(site, reached, plan);
        var steps = plan.Cheat is null ? Steps : Steps.Insert(2, ("lay", (laneSite, laneReached) => Lay(laneSite, laneReached, plan.Cheat)));
        var (last, bug) = RunPipeline.Take(site, start, steps, _ => { });
        return bug is null ? LaneOutcome.Of(Closing.Write(site, last, out var verdict, out _).Evidence, verdict) : throw bug;
    }

    private static Reached Begin(RunSite site, Reached reached, LanePlan plan)
    {
        var identity = reached.Identity with
        {
            Engine = plan.Engine,
            Model = null,
            Provider = null,
            ModelAdmission = ModelAdmission.NotApplicable,
            Gates = [],
            RuntimeRoot = site.Folders.Subject.Root,
            ArtifactFolder = site.Bundle.Final,
            Started = site.Now(),
        };
        site.Events.Add(EventNames.RunStarted, json =>
        {
            json.WriteString("lane", site.Lane.Folder);
            json.WriteString("cheat", plan.Cheat?.Name);
            IdentityJson.Write(json, identity);
        });
        site.Events.Add(EventNames.ContractCreated, json => json.WriteString("contract", Digest.Of(ContractJson.Of(reached.Contract!)).ToString()));
        return new Reached(identity)
        {
            Fixture = reached.Fixture,
            Contract = reached.Contract,
            Program = plan.Program ?? Program(site, plan),
            Driver = reached.Driver,
            Preflight = [.. WithheldWords.Without(reached.Preflight, site.Bundle.Withheld).OrderBy(check => check.Name, StringComparer.Ordinal)], // as they are read again
            Layers = reached.Layers,
            Base = reached.Base,
            Repository = reached.Repository,
            Questions = reached.Questions,
        };
    }

    // A cheat that has to act is a backend like any other: its script runs in a backend's sandbox.
    private static EngineProgram? Program(RunSite site, LanePlan plan)
    {
        if (plan.Cheat is not { Script.Length: > 0 } cheat)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(cheat.Script);
        site.Bundle.Write(Script, bytes);
        return new EngineProgram(site.Bundle.PathOf(Script), Digest.Of(bytes), "a cheat of the fixture");
    }

    // The workspace is a fresh copy that nobody else has touched yet.
    private static Reached Lay(RunSite site, Reached reached, Core.Verification.Cheat cheat)
    {
        FileCopier.LayTexts(cheat.Files, site.Folders.Subject.Workspace, site.SandboxUser);
        site.Events.Add(EventNames.ControlLaid, json => json.WriteStrings("files", cheat.Files.Select(file => file.Path.ToString())));
        return reached;
    }
}
