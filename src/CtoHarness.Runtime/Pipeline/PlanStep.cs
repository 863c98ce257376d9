using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Evidence;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Decides what will be started and what its sandboxes may see, before anything is made.</summary>
internal static class PlanStep
{
    internal static Reached Take(RunSite site, Reached reached)
    {
        var plan = PlanFor(site, reached.Contract!);
        var command = plan.Tools is { } tools && plan.Command is { } engine
            ? BubblewrapArguments.For(tools, plan.Sandbox, engine, StatusPlace)
            : [];
        site.Events.Add(EventNames.PlanUpdated, json =>
        {
            json.WriteString("runtime_workspace_root", reached.Identity.RuntimeRoot);
            json.WriteString("run_artifact_dir", reached.Identity.ArtifactFolder);
            json.WriteStrings("sandbox_command", command);
        });
        return reached with { Plan = plan };
    }

    /// <summary>Stands in a printed plan for the descriptor that is only known at the start.</summary>
    internal const int StatusPlace = 3;

    private static RunPlan PlanFor(RunSite site, Contract contract)
    {
        var request = site.Request;
        var view = LaneSandbox.View(request.Root, request.Folders, request.Targets);
        var subject = site.Folders.Subject;
        return new RunPlan(
            HostView.Tools().Tools,
            EngineKinds.Find(request.Engine.Kind)?.CommandFor(contract, subject.Paths),
            LaneSandbox.For(view, request.Policy, subject),
            LaneSandbox.TestCommand(contract.Fixture, site.Bundle.PathOf("fixture/" + FixtureFolder.Workspace)),
            LaneSandbox.For(view, request.Policy, site.Folders.Test));
    }
}
