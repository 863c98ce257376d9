namespace CtoHarness.SandboxInit;

/// <summary>A thread that no filter holds: it hands the notification descriptor out while nobody answers for the filter yet.</summary>
/// <remarks>The filter holds the thread that laid it, and sending is a call that waits for an answer. This thread ends when the other becomes the program.</remarks>
internal sealed unsafe class Messenger
{
    private const int None = -1;
    private volatile int _descriptor = None;
    private volatile bool _sent;

    /// <summary>Starts the thread.</summary>
    /// <param name="channel">The socket to the harness.</param>
    /// <param name="text">What is said with the descriptor.</param>
    internal Messenger(int channel, byte[] text) => new Thread(() =>
    {
        while (_descriptor == None)
        {
            Thread.Yield();
        }

        fixed (byte* start = text)
        {
            _ = Channel.Send(channel, start, text.Length, _descriptor);
        }

        _sent = true;
    })
    { IsBackground = true }.Start();

    /// <summary>Hands a descriptor out, and returns once it is sent. It makes no call that could wait.</summary>
    internal void Send(int descriptor)
    {
        _descriptor = descriptor;
        while (!_sent)
        {
            Thread.Yield();
        }
    }
}
