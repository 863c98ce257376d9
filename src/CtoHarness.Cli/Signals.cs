using System.Runtime.InteropServices;

namespace CtoHarness.Cli;

/// <summary>Ctrl-C and SIGTERM: they end the run in an orderly way, and decide the exit code.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _hangUp;

    internal Signals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Take(signal, ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Take(signal, ExitCode.Terminated));
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Take(signal, ExitCode.Terminated));
    }

    /// <summary>Set once a signal came.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>The exit code of the first signal that came; null where none did.</summary>
    internal ExitCode? Code { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _hangUp.Dispose();
        _source.Dispose();
    }

    private void Take(PosixSignalContext signal, ExitCode code)
    {
        signal.Cancel = true;
        Code ??= code;
        _source.Cancel();
    }
}
