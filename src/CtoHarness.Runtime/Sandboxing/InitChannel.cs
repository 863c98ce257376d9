using System.Globalization;
using System.Text;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Observation;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What sandbox-init says: whether the program is confined, with which layers, and the descriptors that it hands out.</summary>
/// <param name="supervisor">Serves the notifications; null where none are asked for.</param>
/// <param name="serveListener">Serves the listener inside the sandbox; null where none is asked for.</param>
internal sealed class InitChannel(Supervisor? supervisor, Action<SafeFileHandle>? serveListener)
{
    private const string LandlockName = "landlock=";
    private const int LongestMessage = 64 << 10;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The layers that were laid, as sandbox-init names them; null where it did not come so far.</summary>
    internal string? Layers { get; private set; }

    /// <summary>The Landlock version among them, 0 for none; null where it did not come so far, or what it named cannot be read.</summary>
    internal int? Landlock =>
        Layers is { } layers && layers.StartsWith(LandlockName, StringComparison.Ordinal)
            && int.TryParse(layers.AsSpan(LandlockName.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    /// <summary>Why the sandbox or the start of the program failed; empty where it did not.</summary>
    internal string Failure { get; private set; } = "";

    /// <summary>What a canary tried, line by line; null where none ran to its end.</summary>
    internal string[]? Canary { get; private set; }

    /// <summary>Waits until nothing more is said and every notification is served.</summary>
    internal bool WaitForEnd(TimeSpan atMost) => _over.Task.Wait(atMost);

    /// <summary>Listens until the other end is gone, and serves notifications until no program is left.</summary>
    internal void Listen(SafeFileHandle channel)
    {
        Thread? serving = null;
        try
        {
            var buffer = new byte[LongestMessage];
#pragma warning disable CA2000 // whoever serves it closes it
            while (ChannelCalls.Receive(channel, buffer, out var received) is > 0 and var count)
#pragma warning restore CA2000
            {
                var text = Encoding.UTF8.GetString(buffer, 1, count - 1);
                switch ((char)buffer[0])
                {
                    case 'L' when received is not null && serveListener is not null:
                        serveListener(received);
                        break;
                    case 'N':
                        Layers = text;
                        serving = Serve(received);
                        break;
                    case 'C':
                        Canary = text.Split('\n');
                        break;
                    default:
                        received?.Dispose();
                        Failure = Failure.Length > 0 ? Failure : text.Length > 0 ? text : $"sandbox-init said {PlainText.Quote(((char)buffer[0]).ToString())} and no more";
                        break;
                }
            }

            serving?.Join();
        }
        finally
        {
            _over.TrySetResult();
        }
    }

    private Thread? Serve(SafeFileHandle? listener)
    {
        if (listener is null || supervisor is null)
        {
            listener?.Dispose();
            return null;
        }

        var thread = new Thread(() =>
        {
            using (listener)
            {
                supervisor.Serve(listener);
            }
        })
        { IsBackground = true, Name = "supervisor" };
        thread.Start();
        return thread;
    }
}
