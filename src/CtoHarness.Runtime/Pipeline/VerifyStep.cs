using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Lays the allowed changes over the pristine fixture and runs the test command there, in a fresh sandbox.</summary>
internal static class VerifyStep
{
    internal static Reached Take(RunSite site, Reached reached)
    {
        if (reached.Workspace?.Change is not { Allowed.IsEmpty: false } change)
        {
            return reached; // nothing to verify: the judge says so
        }

        var plan = reached.Plan!;
        var limits = site.Request.Policy.Limits;
        FileCopier.LayOver(change.Allowed, site.Folders.Subject.Workspace, site.Folders.Test.Workspace, site.SandboxUser);
        site.Events.Add(EventNames.PatchApplied, json => json.WriteStrings("files", change.Allowed.Select(c => c.Path.ToString())));
        ProgramOutcome outcome;
        using (var log = site.Bundle.Create("test.log"))
        {
            var sink = new ByteSink(log, limits.OutputBytes);
            outcome = new Bubblewrap(plan.Tools!).Run(
                plan.TestSandbox, plan.TestCommand!, TimeSpan.FromSeconds(limits.TestWallSeconds), sink, sink, site.Interrupt);
            if (sink.Fault is { } fault)
            {
                throw fault;
            }
        }

        if (outcome.End is EndKind.Exited or EndKind.Signalled or EndKind.TimedOut)
        {
            site.Events.Add(EventNames.VerificationCompleted, json =>
            {
                json.WriteStrings("command", reached.Contract!.Fixture.TestCommand);
                json.WriteString("end", Words.Of(outcome.End));
                json.WriteObserved("exit_code", outcome.ExitCode);
                json.WriteNumber("duration_ms", (long)outcome.Duration.TotalMilliseconds);
            });
        }

        return reached with { Test = outcome };
    }
}
