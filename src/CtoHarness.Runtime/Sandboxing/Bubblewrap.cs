using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>Runs one program in one sandbox, and sees to it that nothing of it is left.</summary>
internal sealed class Bubblewrap(SandboxTools tools)
{
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan NamespaceEnd = TimeSpan.FromSeconds(5);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="policy">What the sandbox may see and change.</param>
    /// <param name="command">What runs inside.</param>
    /// <param name="wall">How long it may run.</param>
    /// <param name="output">Takes its standard output.</param>
    /// <param name="error">Takes its standard error.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <param name="begun">Called once its process exists.</param>
    /// <param name="talk">Speaks with the program over its standard streams, in place of taking its output; null where nobody does.</param>
    /// <param name="passed">Set where a limit was passed for which it must end; null where nobody watches.</param>
    /// <param name="init">Hears sandbox-init; null where the policy confines nothing, or nobody wants to hear.</param>
    /// <param name="isAttached">Whether it has the harness's own standard streams in place of the sinks.</param>
    /// <returns>How it ended. Never throws for what the program does.</returns>
    /// <exception cref="IOException">Nothing was started.</exception>
    internal ProgramOutcome Run(
        SandboxPolicy policy, EngineCommand command, TimeSpan wall, ByteSink output, ByteSink error, CancellationToken interrupt,
        Action? begun = null, ITalk? talk = null, WaitHandle? passed = null, InitChannel? init = null, bool isAttached = false)
    {
        var input = command.Input.Length == 0 ? (Action<Stream>?)null : stream => stream.Write(Encoding.UTF8.GetBytes(command.Input));
        var heard = policy.Confinement is null ? null : init ?? new InitChannel(null, null);
        var status = new SandboxStatus();
        using var group = ControlGroup.Make(policy.Limits);
        var began = Stopwatch.GetTimestamp();
        using var program = RunningProgram.TryStart(new ProgramPlan(
            (descriptor, channel) => BubblewrapArguments.For(tools, HostView.Now(policy), command, descriptor, channel) is var line && group is not null ? group.Enter(line) : line,
            "/", ImmutableSortedDictionary<string, string>.Empty, talk is null ? output.Drain : talk.Listen, error.Drain,
            talk is null ? input : talk.Speak, status.Read, heard is null ? null : heard.Listen, isAttached), out var refusal);
        if (program is null)
        {
            throw new IOException($"the sandbox could not be started: {refusal}");
        }

        begun?.Invoke();
        var stopped = Await(program, status, policy.Limits.StopSeconds, wall, talk?.Over, passed, interrupt);
        status.Processes?.Kill();
        var survivors = Survivors(status);
        program.JoinStreams(NamespaceEnd);
        var confined = heard is null || (heard.WaitForEnd(NamespaceEnd) && heard is { Layers: not null, Failure: "" });
        var end = confined ? EndOf(stopped, status.ExitCode) : stopped ?? EndKind.SandboxFailed;
        return new ProgramOutcome(
            group is { Ended: > 0 } && end is EndKind.Exited or EndKind.Signalled ? EndKind.OverLimit : end,
            status.ExitCode,
            Stopwatch.GetElapsedTime(began),
            output.Total,
            ReferenceEquals(output, error) ? 0 : error.Total,
            output.Cut + (ReferenceEquals(output, error) ? 0 : error.Cut),
            survivors);
    }

    // Stop: ask, wait, kill the tree, wait bounded.
    private static EndKind? Await(RunningProgram program, SandboxStatus status, long stopSeconds, TimeSpan wall, WaitHandle? over, WaitHandle? passed, CancellationToken interrupt)
    {
        using var never = new ManualResetEvent(false);
        var reason = WaitHandle.WaitAny([program.Ended, interrupt.WaitHandle, over ?? never, passed ?? never], wall);
        if (reason == 0)
        {
            status.WaitForEnd(NamespaceEnd);

            // Ctrl-C reaches bubblewrap before it reaches us.
            return status.ExitCode is null && interrupt.WaitHandle.WaitOne(SignalDelay) ? EndKind.Interrupted : null;
        }

        // Who was spoken to long enough is not asked to end.
        if (reason != 2 && status.WaitForBegin(TimeSpan.FromSeconds(stopSeconds)))
        {
            ProcessCalls.Signal(-status.Processes!.First, ProcessCalls.Terminate);
            program.Ended.WaitOne(TimeSpan.FromSeconds(stopSeconds));
        }

        program.Kill();
        program.Ended.WaitOne(AfterKill);
        return reason switch { 1 => EndKind.Interrupted, 3 => EndKind.OverLimit, _ => EndKind.TimedOut };
    }

    private static EndKind EndOf(EndKind? stopped, int? exitCode) => stopped ?? exitCode switch
    {
        null => EndKind.SandboxFailed,
        > 128 and <= 192 => EndKind.Signalled, // as shells write it: 128 + signal
        _ => EndKind.Exited,
    };

    private static int? Survivors(SandboxStatus status)
    {
        if (status.Processes is not { } processes)
        {
            return null;
        }

        var began = Stopwatch.GetTimestamp();
        while (!processes.IsGone && Stopwatch.GetElapsedTime(began) < NamespaceEnd)
        {
            Thread.Sleep(1);
        }

        return processes.Count();
    }
}
