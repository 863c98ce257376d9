using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Decides what will be started and what its sandboxes may see, before anything is made.</summary>
internal static class PlanStep
{
    internal static Reached Take(RunSite site, Reached reached)
    {
        var plan = PlanFor(site, reached);
        var command = plan.Tools is { } tools && plan.Command is { } engine
            ? BubblewrapArguments.For(tools, HostView.Now(plan.Sandbox), engine, StatusPlace, ChannelPlace)
            : [];
        site.Events.Add(EventNames.PlanUpdated, json => EventJson.WritePlan(json, reached.Identity, command));
        return reached with { Plan = plan };
    }

    /// <summary>The port at which a backend finds its model, on the 127.0.0.1 of its own network.</summary>
    internal const int GatewayPort = 21_473;

    /// <summary>Stands in a printed plan for the descriptor that is only known at the start.</summary>
    internal const int StatusPlace = 3;

    /// <summary>Stands in a printed plan for the socket to sandbox-init.</summary>
    internal const int ChannelPlace = 4;

    /// <summary>Where the model's API begins for a backend.</summary>
    internal static string GatewayAddress { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://127.0.0.1:{GatewayPort}/v1");

    private static RunPlan PlanFor(RunSite site, Reached reached)
    {
        var request = site.Request;
        var contract = reached.Contract!;
        var view = LaneSandbox.View(request.Root, request.Folders, request.Targets, reached.Identity.ProtectedRoots.Select(root => root.Path), request.Environment);
        var subject = site.Folders.Subject;
        var calls = reached.Identity.Model is not null;
        return new RunPlan(
            HostView.Tools().Tools,
            EngineKinds.Find(reached.Identity.Engine)?.CommandFor(new EngineTask(
                reached.Identity.Engine, contract, subject.Paths, reached.Program?.Path ?? "", reached.Program?.Interpreter ?? "", calls ? GatewayAddress : "", reached.Identity.Started.Wall)),
            LaneSandbox.For(view, request.Policy, subject, observed: true, port: calls ? GatewayPort : 0, needs: reached.Program?.Needs),
            LaneSandbox.TestCommand(contract.Fixture, site.Pristine),
            LaneSandbox.For(view, request.Policy, site.Folders.Test),
            CaseProgram(site, reached),
            view);
    }

    private static string? CaseProgram(RunSite site, Reached reached) => reached.Fixture!.Cases!.Target switch
    {
        CaseTarget.Callable => reached.Driver!.Program,
        CaseTarget.Command command => LaneSandbox.ProgramOf(command.Words, site.Pristine),
        _ => null,
    };
}
