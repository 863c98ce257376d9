using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>What a run would start.</summary>
/// <param name="Identity">Who asked for what.</param>
/// <param name="ArtifactFolder">Where its bundle would be.</param>
/// <param name="Contract">The contract; null where the fixture gave none.</param>
/// <param name="Refusals">Reasons why it would not start.</param>
/// <param name="Preflight">The checks before the start, as far as they were made.</param>
/// <param name="Command">The backend's command.</param>
/// <param name="Sandbox">The whole command line of its sandbox.</param>
/// <param name="TestSandbox">The whole command line of the test command's sandbox.</param>
public sealed record PlannedRun(
    RunIdentity Identity,
    string ArtifactFolder,
    Contract? Contract,
    ImmutableArray<Blocker> Refusals,
    ImmutableArray<PreflightCheck> Preflight,
    ImmutableArray<string> Command,
    ImmutableArray<string> Sandbox,
    ImmutableArray<string> TestSandbox)
{
    internal static PlannedRun Of(Reached reached, string artifactFolder)
    {
        var plan = reached.Plan;
        return new PlannedRun(
            reached.Identity, artifactFolder, reached.Contract, reached.Refusals, reached.Preflight,
            plan?.Command is { } command ? [command.Program, .. command.Arguments] : [],
            plan is { Tools: { } tools, Command: { } inner } ? BubblewrapArguments.For(tools, HostView.Now(plan.Sandbox), inner, PlanStep.StatusPlace, PlanStep.ChannelPlace) : [],
            plan is { Tools: { } sameTools, TestCommand: { } test } ? BubblewrapArguments.For(sameTools, HostView.Now(plan.TestSandbox), test, PlanStep.StatusPlace, PlanStep.ChannelPlace) : []);
    }
}
