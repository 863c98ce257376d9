using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Processes;

/// <summary>A started program with the threads that serve its streams.</summary>
/// <remarks>The thread that starts it lives until it has ended: bubblewrap's <c>--die-with-parent</c> follows that thread.</remarks>
internal sealed class RunningProgram : IDisposable
{
    // One start at a time: between making the status pipe and closing our copy of its end, no other program may inherit it.
    private static readonly Lock StartGate = new();
    private static bool _descriptorsKept;

    private readonly ManualResetEventSlim _started = new();
    private readonly ManualResetEvent _ended = new(false);
    private readonly List<Thread> _streams = [];
    private Exception? _streamFault;
    private Process? _process;
    private string _refusal = "";

    private RunningProgram()
    {
    }

    /// <summary>Set once the program has ended.</summary>
    internal WaitHandle Ended => _ended;

    /// <summary>What went wrong in a thread that served a stream, beyond the end of the stream; null where nothing did.</summary>
    internal Exception? StreamFault => _streamFault;

    /// <summary>The program's exit code, once it has ended.</summary>
    internal int ExitCode { get; private set; }

    /// <summary>Starts a program.</summary>
    /// <param name="plan">What to start.</param>
    /// <param name="refusal">The machine's words, where it refused; otherwise empty.</param>
    /// <returns>The running program, or null where the machine refused.</returns>
    internal static RunningProgram? TryStart(ProgramPlan plan, out string refusal)
    {
        var program = new RunningProgram();
        var thread = new Thread(() => program.Live(plan)) { IsBackground = true, Name = "program" };
        thread.Start();
        program._started.Wait();
        refusal = program._refusal;
        if (refusal.Length == 0)
        {
            return program;
        }

        program.Dispose();
        return null;
    }

    /// <summary>Ends the program at once.</summary>
    internal void Kill()
    {
        try
        {
            _process?.Kill();
        }
        catch (InvalidOperationException)
        {
            // it has ended
        }
    }

    /// <summary>Waits until every stream has been read to its end.</summary>
    /// <returns>False where one is still open after the time given, because somebody else holds it.</returns>
    internal bool JoinStreams(TimeSpan atMost)
    {
        var until = Stopwatch.GetTimestamp() + (long)(atMost.TotalSeconds * Stopwatch.Frequency);
        return _streams.TrueForAll(thread =>
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), until);
            return thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _ended.WaitOne(TimeSpan.FromSeconds(5));
        _process?.Dispose();
        _ended.Dispose();
        _started.Dispose();
    }

    private void Live(ProgramPlan plan)
    {
        try
        {
            Begin(plan);
        }
        catch (Win32Exception refusal)
        {
            Refuse(refusal.Message);
            return;
        }
#pragma warning disable CA1031 // the edge of a thread: what is not caught here ends the whole program. Whoever waits for it is told.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Refuse($"{fault.GetType().Name}: {fault.Message}");
            return;
        }

        _started.Set();
        _process!.WaitForExit();
        ExitCode = _process.ExitCode;
        _ended.Set();
    }

    private void Refuse(string words)
    {
        _refusal = words;
        _ended.Set();
        _started.Set();
    }

    private void Begin(ProgramPlan plan)
    {
        lock (StartGate)
        {
            if (!_descriptorsKept)
            {
                ProcessCalls.KeepDescriptors();
                _descriptorsKept = true;
            }

#pragma warning disable CA2000 // the thread that reads it closes it
            var status = plan.Status is null ? null : new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
#pragma warning restore CA2000
            var channel = plan.Channel is null ? ((SafeFileHandle Ours, SafeFileHandle Theirs)?)null : ChannelCalls.Make();
            using var theirs = channel?.Theirs; // until the program has its copy
            var command = plan.Command(
                status is null ? -1 : int.Parse(status.GetClientHandleAsString(), System.Globalization.CultureInfo.InvariantCulture),
                theirs is null ? -1 : (int)theirs.DangerousGetHandle());
            var start = new ProcessStartInfo(command[0])
            {
                WorkingDirectory = plan.WorkingFolder,
                RedirectStandardInput = !plan.IsAttached,
                RedirectStandardOutput = !plan.IsAttached,
                RedirectStandardError = !plan.IsAttached,
                UseShellExecute = false,
            };
            foreach (var argument in command.Skip(1))
            {
                start.ArgumentList.Add(argument);
            }

            start.Environment.Clear();
            foreach (var (name, value) in plan.Environment)
            {
                start.Environment[name] = value;
            }

            _process = Process.Start(start)!;
            if (status is not null)
            {
                status.DisposeLocalCopyOfClientHandle();
                Serve(() => plan.Status!(status), status);
            }

            if (channel is { Ours: var ours })
            {
                Serve(() => plan.Channel!(ours), ours);
            }
        }

        if (!plan.IsAttached)
        {
            ServeStreams(plan, _process);
        }
    }

    private void ServeStreams(ProgramPlan plan, Process process)
    {
        Serve(() => plan.Output(process.StandardOutput.BaseStream), null);
        Serve(() => plan.Error(process.StandardError.BaseStream), null);
        if (plan.Input is null)
        {
            process.StandardInput.Close();
        }
        else
        {
            Serve(() => plan.Input(process.StandardInput.BaseStream), process.StandardInput);
        }
    }

    private void Serve(Action act, IDisposable? after)
    {
        var thread = new Thread(() =>
        {
            try
            {
                act();
            }
            catch (IOException)
            {
                // the other end is gone; what came until then was taken
            }
            catch (ObjectDisposedException)
            {
                // we stopped waiting for a stream that somebody else held open
            }
#pragma warning disable CA1031 // the edge of a thread: what is not caught here ends the whole program. Whoever waits for it is told.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _streamFault, fault, null);
            }
            finally
            {
                Close(after);
            }
        })
        { IsBackground = true, Name = "stream" };
        _streams.Add(thread);
        thread.Start();
    }

    private static void Close(IDisposable? stream)
    {
        try
        {
            stream?.Dispose();
        }
        catch (IOException)
        {
            // a program that does not read its input any more
        }
    }
}
