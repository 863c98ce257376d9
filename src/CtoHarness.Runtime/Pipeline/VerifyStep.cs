using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Verification;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Lays the allowed changes over the pristine fixture; there the test command runs, and elsewhere its outputs are compared, each in a fresh sandbox.</summary>
internal static class VerifyStep
{
    internal static Reached Take(RunSite site, Reached reached)
    {
        if (reached.Workspace?.Change is not { Allowed.IsEmpty: false } change)
        {
            return reached; // nothing to verify: the judge says so
        }

        site.Folders.Test.Make(site.SandboxUser, site.Pristine, reached.Repository!, site.Interrupt);
        FileCopier.LayOver(change.Allowed, site.Folders.Subject.Workspace, site.Folders.Test.Workspace, site.SandboxUser);
        site.Events.Add(EventNames.PatchApplied, json => EventJson.WriteApplied(json, change));
        var (test, verification) = Together.Run(() => RunTests(site, reached.Plan!), () => Verifier.Verify(site, reached, change.Allowed));
        if (test.End is EndKind.Exited or EndKind.Signalled or EndKind.TimedOut or EndKind.OverLimit && verification.Trouble.Length == 0)
        {
            site.Events.Add(EventNames.VerificationCompleted, json => EventJson.WriteCompleted(json, reached.Contract!, test, verification));
        }

        return reached with { Test = test, Verification = verification };
    }

    private static ProgramOutcome RunTests(RunSite site, RunPlan plan)
    {
        var limits = site.Request.Policy.Limits;
        using var log = site.Bundle.Create("test.log");
        var sink = new ByteSink(log, limits.OutputBytes);
        using var watch = SizeWatch.Of(site.Folders.Test.Root, limits);
        using var slot = SandboxSlots.Take(site.Interrupt);
        var outcome = new Bubblewrap(plan.Tools!).Run(
            plan.TestSandbox, plan.TestCommand!, TimeSpan.FromSeconds(limits.TestWallSeconds), sink, sink, site.Interrupt, passed: watch.Passed);
        return sink.Fault is { } fault ? throw fault : outcome;
    }
}
