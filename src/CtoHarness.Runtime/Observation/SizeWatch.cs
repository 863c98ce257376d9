using System.Diagnostics;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Observation;

/// <summary>Measures again and again what a lane takes up on the disk while a program runs in it, and says when that is beyond the policy.</summary>
/// <remarks>It sees what has a name: a file that is deleted and still open, and what lies in a folder closed to the ordinary user who asks, are not counted.</remarks>
internal sealed class SizeWatch : IDisposable
{
    private const long WholeLane = 4; // with its repository, home and temporary files, a lane has more entries than the workspace
    private const long MostDepth = 512;
    private const int LeastPauseMs = 250;
    private const int PauseFactor = 10; // at most a tenth of one core
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ManualResetEvent _passed = new(false);
    private readonly CancellationTokenSource _over = new();
    private readonly Thread _thread;
    private volatile string _words = "";

    private SizeWatch(string root, Limits limits) =>
        _thread = new Thread(() => Watch(root, limits)) { IsBackground = true, Name = "size watch" };

    /// <summary>Begins to watch.</summary>
    /// <param name="root">All that the program may write to.</param>
    /// <param name="limits">The policy's limits.</param>
    internal static SizeWatch Of(string root, Limits limits)
    {
        var watch = new SizeWatch(root, limits);
        watch._thread.Start();
        return watch;
    }

    /// <summary>Set once a limit was seen passed.</summary>
    internal WaitHandle Passed => _passed;

    /// <summary>Which limit, how much and when; empty where none was passed.</summary>
    internal string Words => _words;

    /// <summary>Measures once.</summary>
    /// <returns>Which limit is passed, and by how much; empty where none is.</returns>
    internal static string Measure(string root, Limits limits, CancellationToken interrupt)
    {
        long bytes = 0, entries = 0;
        var most = limits.WorkspaceEntries * WholeLane;
        var refusal = LaneWalk.Go(root, most, MostDepth, (_, _, _, entry, closed) =>
        {
            bytes += closed ? 0 : entry.DiskBytes;
            entries += closed ? 0 : 1;
        }, interrupt);
        return bytes > limits.WorkspaceBytes
            ? string.Create(CultureInfo.InvariantCulture, $"its folders take up {bytes} bytes on the disk, limits.workspace_bytes is {limits.WorkspaceBytes}")
            : entries >= most && refusal.Length > 0
                ? string.Create(CultureInfo.InvariantCulture, $"its folders hold more than {most} entries, four times limits.workspace_entries")
                : refusal;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.Cancel();
        if (_thread.Join(Patience))
        {
            _over.Dispose();
            _passed.Dispose();
        }
    }

    private void Watch(string root, Limits limits)
    {
        var began = Stopwatch.GetTimestamp();
        var pause = LeastPauseMs;
        try
        {
            while (!_over.Token.WaitHandle.WaitOne(pause))
            {
                var before = Stopwatch.GetTimestamp();
                if (Measure(root, limits, _over.Token) is { Length: > 0 } words)
                {
                    _words = string.Create(CultureInfo.InvariantCulture, $"{words}, {(long)Stopwatch.GetElapsedTime(began).TotalMilliseconds} ms after the start");
                    _passed.Set();
                    return;
                }

                pause = Math.Max(LeastPauseMs, (int)Math.Min(60_000, PauseFactor * Stopwatch.GetElapsedTime(before).TotalMilliseconds));
            }
        }
        catch (OperationCanceledException)
        {
            // the program has ended
        }
        catch (MachineException fault)
        {
            // What cannot be measured is not within its limit.
            _words = $"its folders could not be measured: {fault.Message}";
            _passed.Set();
        }
    }
}
