using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>Sends back what comes over a listener that was handed out of a sandbox, until it is disposed.</summary>
internal sealed class EchoListener : IDisposable
{
    private const int MostConnections = 8;
    private const int MostBytes = 4096;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private volatile bool _isOver;
    private Thread? _thread;

    /// <summary>Serves a listener on a thread of its own, and closes it in the end.</summary>
    internal void Serve(SafeFileHandle listener)
    {
        if (_thread is not null)
        {
            listener.Dispose(); // one sandbox has one listener
            return;
        }

        _thread = new Thread(() =>
        {
            using (listener)
            {
                Answer(listener);
            }
        })
        { IsBackground = true, Name = "echo" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _thread?.Join(Patience + Patience);
    }

    private void Answer(SafeFileHandle listener)
    {
        try
        {
            using var handle = new SafeSocketHandle(listener.DangerousGetHandle(), ownsHandle: false);
            using var socket = new Socket(handle);
            for (var served = 0; served < MostConnections && !_isOver;)
            {
                if (!socket.Poll(Look, SelectMode.SelectRead))
                {
                    continue;
                }

                using var one = socket.Accept();
                served++;
                Echo(one);
            }
        }
        catch (Exception gone) when (gone is SocketException or InvalidOperationException)
        {
            // the sandbox and its network are gone, or what was handed out is no listener: nothing is sent back, and the canary says so
        }
    }

    private static void Echo(Socket one)
    {
        var buffer = new byte[MostBytes];
        for (var left = MostBytes; left > 0;)
        {
            if (!one.Poll(Patience, SelectMode.SelectRead) || one.Receive(buffer, Math.Min(left, buffer.Length), SocketFlags.None) is not (> 0 and var count))
            {
                return;
            }

            left -= count;
            one.Send(buffer.AsSpan(0, count));
        }
    }
}
