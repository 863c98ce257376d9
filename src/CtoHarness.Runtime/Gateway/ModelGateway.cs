using CtoHarness.Core.Gateway;
using CtoHarness.Core.Withholding;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Gateway;

/// <summary>The one way from a sandbox to a model: it serves the listener that sandbox-init handed out, until it is closed.</summary>
internal sealed class ModelGateway : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CallLedger _ledger;
    private readonly Upstream _upstream;
    private readonly Func<GatewayApplication> _application;
    private Task<GatewayServer?>? _server;
    private ModelTraffic? _closed;

    /// <summary>Prepares a gateway; nothing is opened yet.</summary>
    /// <param name="plan">What it serves.</param>
    /// <param name="called">Hears of each listed call when it ends, one after the other, on any thread.</param>
    /// <param name="traffic">Takes the lines of <c>backend/model-traffic.jsonl</c>.</param>
    /// <param name="withheld">What may stand in no bundle, the provider's key aside.</param>
    /// <param name="clock">Tells the time.</param>
    internal ModelGateway(GatewayPlan plan, Action<ModelCall> called, Stream traffic, ValueSearch withheld, TimeProvider clock)
    {
        ValueSearch[] searches = [plan.Key is null ? ValueSearch.None : ValueSearch.Of([new WithheldValue(plan.KeyName, System.Text.Encoding.UTF8.GetBytes(plan.Key))]), withheld];
        _ledger = new CallLedger(plan.Limits, called);
        _upstream = new Upstream(plan.Provider.Address, plan.Key);
        var log = new TrafficLog(traffic, searches, plan.Limits.TrafficBytes, clock, _ledger.Fail);
        _application = () => new GatewayApplication(plan, _ledger, _upstream, log, searches, _closing.Token);
    }

    /// <summary>Serves a listener, and closes it in the end. Returns at once: who connects meanwhile waits.</summary>
    internal void Serve(SafeFileHandle listener)
    {
        lock (_gate)
        {
            if (_server is not null || _closed is not null)
            {
                listener.Dispose(); // one sandbox has one listener
                return;
            }

            _server = Task.Run(() => Start(listener));
        }
    }

    /// <summary>Stops serving, ends every call that is under way, and says what there was.</summary>
    /// <returns>All calls. What went wrong in the gateway itself stands there, too.</returns>
    internal ModelTraffic Close()
    {
        lock (_gate)
        {
            return _closed ??= End();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _upstream.Dispose();
        _closing.Dispose();
    }

    private async Task<GatewayServer?> Start(SafeFileHandle listener)
    {
        try
        {
            return await GatewayServer.Start(listener, _application());
        }
#pragma warning disable CA1031 // the edge of a task: the backend finds nobody to speak to, and the summary says why
        catch (Exception fault)
#pragma warning restore CA1031
        {
            listener.Dispose();
            _ledger.Fail($"the gateway could not be opened: {fault.Message}");
            return null;
        }
    }

    private ModelTraffic End()
    {
        try
        {
            _closing.Cancel();
            if (_server is { } starting)
            {
                using var server = starting.GetAwaiter().GetResult();
                server?.Stop(StopPatience).GetAwaiter().GetResult();
            }
        }
#pragma warning disable CA1031 // a run must come to its end whatever a server's end is like
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _ledger.Fail($"the gateway did not close: {fault.Message}");
        }

        return _ledger.Close(EndPatience);
    }
}
