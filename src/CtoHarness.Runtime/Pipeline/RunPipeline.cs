using System.Collections.Immutable;
using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Roots;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Withholding;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>One run, one way: every step takes what the one before gave, and whatever happens, the last record reached is closed into a bundle.</summary>
public static class RunPipeline
{
    // Ctrl-C reaches a program that we wait for before it reaches us.
    private static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(200);

    private const string Ok = "ok";

    private static readonly ImmutableArray<(string Name, Func<RunSite, Reached, Reached> Take)> Steps =
    [
        ("state", MakeState),
        ("contract", ContractStep.Take),
        ("gate", TakeGate),
        ("plan", PlanStep.Take),
        ("preflight", PreflightStep.Take),
        ("prepare", RootsStep.BesidePrepare),
        ("targets", TargetsStep.Take),
        ("execute", ExecuteStep.Take),
        ("observe", ObserveStep.Take),
        ("verify", VerifyStep.Take),
        ("compare", CompareStep.Take),
        ("roots", RootsStep.After),
    ];

    /// <summary>Makes a run.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="key">The key that seals its bundle.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="progress">Told of each step that ended.</param>
    /// <param name="interrupt">Ends the backend and closes the bundle early.</param>
    /// <returns>What it came to, with its bundle.</returns>
    /// <exception cref="NotAcceptedException">The bundle does not read back as it was written; it is kept, unfinished.</exception>
    /// <exception cref="IOException">No bundle could be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No bundle could be written.</exception>
    /// <exception cref="MachineException">No bundle could be written.</exception>
    public static RunResult Run(RunRequest request, SigningKey key, TimeProvider clock, Action<StepEnded> progress, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(progress);
        var identified = Task.Run(() => HarnessProgram.Identify(CancellationToken.None), CancellationToken.None);
        var started = new TwoClocks(clock.GetUtcNow(), Environment.TickCount64);
        using var bundle = BundleFolder.Reserve(request.Folders.Runs, started.Wall, request.Task);
        using var folders = RunFolders.Of(request.Folders.Work, bundle.Run);
        try
        {
            using var events = new EventLog(bundle, clock);
            using var trace = new TraceLog(bundle);
            var site = new RunSite(request, bundle, events, trace, folders, clock, interrupt);
            var reached = Begin(site, started, identified);
            var (last, bug) = Take(site, reached, Steps, progress);
            (last, bug) = RootsAfterBreak(site, last, bug);
            last = last.WithoutTrees();
            var verdict = Timed(site, "close", progress, () => Closing.Close(site, last, key));
            var leftovers = folders.IsKept || !folders.IsMade ? "" : Scratch.Remove(folders.Top);
            return new RunResult(bundle.Run, bundle.Final, folders.Top, verdict, last.Others, leftovers, bug);
        }
        catch (NotAcceptedException)
        {
            // All is written, and lost evidence cannot be made again: repairing may close it, or somebody looks at it.
            _ = folders.IsMade ? Scratch.Remove(folders.Top) : "";
            throw;
        }
        catch
        {
            // Nothing half-written stays, and the caller says why.
            bundle.Discard();
            _ = folders.IsMade ? Scratch.Remove(folders.Top) : "";
            throw;
        }
    }

    /// <summary>Says what a run would start, and starts nothing. Nothing of it stays on disk.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>The plan.</returns>
    public static PlannedRun Plan(RunRequest request, TimeProvider clock, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(clock);
        var runs = PlanFolder.Make();
        using var claim = runs.Claim;
        try
        {
            var started = new TwoClocks(clock.GetUtcNow(), Environment.TickCount64);
            using var bundle = BundleFolder.Reserve(runs.Path, started.Wall, request.Task);
            using var events = new EventLog(bundle, clock);
            using var trace = new TraceLog(bundle);
            using var folders = RunFolders.Of(request.Folders.Work, bundle.Run);
            File.SetUnixFileMode(runs.Path, RunFolders.PassThrough);
            var site = new RunSite(request, bundle, events, trace, folders, clock, interrupt)
            {
                Trial = new LaneFolders(Path.Combine(runs.Path, "trial")),
                InitCopies = Path.Combine(runs.Path, "sandbox-init"),
            };
            var reached = Begin(site, started, Task.FromResult(HarnessProgram.Identify(interrupt)));
            foreach (var (_, take) in Steps.Skip(1).Take(4).Append(("targets", TargetsStep.Take)).Where(_ => reached.Refusals.IsEmpty))
            {
                reached = take(site, reached);
            }

            return PlannedRun.Of(reached, Path.Combine(request.Folders.Runs, bundle.Run.ToString()));
        }
        finally
        {
            Directory.Delete(runs.Path, recursive: true);
        }
    }

    private static Reached Begin(RunSite site, TwoClocks started, Task<HarnessIdentity> identified)
    {
        var request = site.Request;
        var identity = new RunIdentity(
            site.Bundle.Run, request.Task.ToString(), RunRequest.Stage, request.Engine, request.Model, request.Admission,
            Gates.Of(request.Engine, RunRequest.Stage, request.Environment),
            request.Nonce ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            request.Nonce is null ? "harness" : "verifier",
            site.Folders.Subject.Root, site.Bundle.Final,
            HarnessProgram.ForRoot(identified.GetAwaiter().GetResult(), request.Root.Folder), request.Root.Folder,
            Digest.Of(PolicyJson.Of(request.Policy)),
            RootList.Of(request), request.Targets.Length,
            Boot.Id(), started)
        {
            Provider = request.Provider,
        };
        var values = HarnessVariables.Sort(request, identity, site.Interrupt);
        var secret = values.Values.IsEmpty ? null : RunSecret.New();
        site.Bundle.Withhold(ValueSearch.Of(values.Values));
        identity = identity with { Withheld = RunSecret.Records(values, secret) };
        site.Events.Add(EventNames.RunStarted, json =>
        {
            json.WriteNumber("process", Environment.ProcessId);
            IdentityJson.Write(json, identity);
        });
        return new Reached(identity) { Secret = secret };
    }

    // First of all: what is not there yet could not be hidden from the backend.
    private static Reached MakeState(RunSite site, Reached reached)
    {
        LaneSandbox.MakeState(site.Request.Folders);
        reached.Secret?.Keep(site.Request.Folders, site.Bundle.Run);
        return reached;
    }

    private static Reached TakeGate(RunSite site, Reached reached) =>
        reached with { Refusals = Gates.Closed(reached.Identity.Gates) };

    // The pipeline's edge, one of the two places that catch everything: whatever a step throws, the bundle is closed.
    internal static (Reached Last, Exception? Bug) Take(
        RunSite site, Reached reached, ImmutableArray<(string, Func<RunSite, Reached, Reached>)> steps, Action<StepEnded> progress)
    {
        foreach (var (name, take) in steps)
        {
            try
            {
                site.Interrupt.ThrowIfCancellationRequested();

                // Kept as soon as it is there: a trace or a screen that fails afterwards takes nothing back that events tell already.
                _ = Timed(site, name, progress, () => reached = take(site, reached));
                if (!reached.Refusals.IsEmpty || reached.Trouble is not null || reached.Backend?.Program.End == EndKind.Interrupted)
                {
                    break;
                }
            }
            catch (OperationCanceledException) when (site.Interrupt.IsCancellationRequested)
            {
                return (Broken(site, reached, new RunTrouble(BlockerCode.Interrupted, $"a signal ended the run in the step {name}")), null);
            }
#pragma warning disable CA1031 // see above
            catch (Exception fault)
#pragma warning restore CA1031
            {
                var known = fault is IOException or UnauthorizedAccessException or MachineException or GitException;
                if (known && site.Interrupt.WaitHandle.WaitOne(SignalDelay))
                {
                    return (Broken(site, reached, new RunTrouble(BlockerCode.Interrupted, $"a signal ended the run in the step {name}")), null);
                }

                var trouble = new RunTrouble(
                    BlockerCode.Infrastructure,
                    known ? $"the step {name} failed: {fault.Message}" : $"the step {name} failed by a bug of the harness ({fault.GetType().Name}: {fault.Message}); please report it");
                return (Broken(site, reached, trouble), known ? null : fault);
            }
        }

        return (reached, null);
    }

    // Where the step broke off in which a sandbox was started, nobody knows what became of the program inside; that none was started would be untrue.
    private static Reached Broken(RunSite site, Reached reached, RunTrouble trouble) => reached with
    {
        Trouble = trouble,
        Backend = reached.Backend is null && site.Events.Seen.Any(one => one.Name == EventNames.SandboxStarted)
            ? new BackendOutcome(new ProgramOutcome(EndKind.SandboxFailed, null, TimeSpan.Zero, 0, 0, 0, null), 0, 0) : reached.Backend,
    };

    // What fails here for the second time must not take all other evidence with it: the roots are not observed then.
    private static (Reached Last, Exception? Bug) RootsAfterBreak(RunSite site, Reached reached, Exception? bug)
    {
        try
        {
            return (RootsStep.AfterBreak(site, reached), bug);
        }
#pragma warning disable CA1031 // the pipeline's edge, as above
        catch (Exception fault)
#pragma warning restore CA1031
        {
            var trouble = reached.Trouble ?? new RunTrouble(BlockerCode.Infrastructure, $"the protected roots could not be digested again: {fault.Message}");
            return (reached with { Trouble = trouble }, bug ?? (fault is IOException or UnauthorizedAccessException or MachineException ? null : fault));
        }
    }

    private static T Timed<T>(RunSite site, string name, Action<StepEnded> progress, Func<T> act)
    {
        var start = site.Clock.GetUtcNow();
        var word = "failed";
        try
        {
            var result = act();
            word = WordOf(result);
            return result;
        }
        finally
        {
            var end = site.Clock.GetUtcNow();
            if (name != "close")
            {
                site.Trace.AddStep(name, start, end, word == Ok);
            }

            progress(new StepEnded(name, end - start, word));
        }
    }

    private static string WordOf<T>(T result) => result switch
    {
        Reached { Refusals.IsEmpty: false } => "blocked",
        Reached { Trouble.Code.Effect: Effect.Ends } => "interrupted",
        Reached { Trouble: not null } => "failed",
        Reached { Test: null, Backend.Program.End: EndKind.Interrupted } => "interrupted",
        Reached { Test.End: EndKind.Interrupted } => "interrupted",
        _ => Ok,
    };
}
