using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Verification;

/// <summary>Gives a command its standard input and takes what it prints, up to a limit.</summary>
internal sealed class CommandFeed(byte[] text, long limit) : ITalk, IDisposable
{
    private readonly ManualResetEvent _over = new(false);
    private readonly MemoryStream _kept = new();
    private bool _tooLong;

    /// <inheritdoc/>
    public WaitHandle Over => _over;

    /// <summary>What it printed; null where that was beyond the limit.</summary>
    internal byte[]? Output => _tooLong ? null : _kept.ToArray();

    /// <inheritdoc/>
    public void Speak(Stream input) => input.Write(text);

    /// <inheritdoc/>
    public void Listen(Stream output)
    {
        var buffer = new byte[16384];
        int read;
        while ((read = output.Read(buffer)) > 0)
        {
            if (_tooLong |= _kept.Length + read > limit)
            {
                _over.Set();
            }
            else
            {
                _kept.Write(buffer, 0, read);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.Dispose();
        _kept.Dispose();
    }
}
