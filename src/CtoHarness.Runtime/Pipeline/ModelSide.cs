using System.Collections.Concurrent;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;
using CtoHarness.Runtime.Gateway;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Joins a run's gateway with its bundle: each call becomes an event and a span, its bodies lines of a file.</summary>
internal sealed class ModelSide : IDisposable
{
    // So that a provider that hangs is known for one before the backend's time is over.
    private const int IdlePart = 3;

    private readonly RunSite _site;
    private readonly string _provider;
    private readonly Stream _traffic;
    private readonly ModelGateway _gateway;

    // The calls that became events: one that could not be written is trouble of the gateway, and counted nowhere.
    private readonly ConcurrentQueue<ModelCall> _told = new();

    private ModelSide(RunSite site, Provider provider, ModelName model, string? key, string nonce)
    {
        var limits = site.Request.Policy.Gateway;
        var idle = TimeSpan.FromSeconds(Math.Max(1, Math.Min(limits.IdleSeconds, site.Request.Policy.Limits.WallSeconds / IdlePart)));
        _site = site;
        _provider = provider.Name;
        _traffic = site.Bundle.Create(Artifact.Traffic);
        _gateway = new ModelGateway(
            new GatewayPlan(provider, model, key, nonce, limits, idle, PlanStep.GatewayPort), Hear, _traffic, site.Bundle.Withheld, site.Clock);
    }

    /// <summary>Opens it; null where the lane calls no model.</summary>
    /// <exception cref="IOException">Its file cannot be made, or the key cannot be read any more.</exception>
    internal static ModelSide? Open(RunSite site, Reached reached) => reached.Identity is { Model: { } model, Provider: { } provider }
        ? new ModelSide(site, provider, model, ProviderKey.Read(provider, site.Request.Environment), reached.Identity.Nonce)
        : null;

    /// <summary>Serves the listener that sandbox-init handed out.</summary>
    internal void Serve(SafeFileHandle listener) => _gateway.Serve(listener);

    /// <summary>Ends every call, and tells what there was.</summary>
    internal void End()
    {
        var traffic = _gateway.Close() with { Calls = [.. _told] };
        _site.Events.Add(EventNames.GatewayClosed, json => TrafficJson.WriteClosed(json, traffic));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gateway.Dispose();
        _traffic.Dispose();
    }

    private void Hear(ModelCall call)
    {
        var withheld = _site.Bundle.Withheld;
        var told = call with
        {
            Model = CallText.Model(withheld.Redact(call.Model)),
            Detail = CallText.Detail(withheld.Redact(call.Detail)),
            FinishReasons = [.. call.FinishReasons.Select(withheld.Redact)],
        };
        var end = _site.Clock.GetUtcNow();
        _site.Events.Add(EventNames.ModelCalled, json => ModelCallJson.Write(json, told));
        _told.Enqueue(told);
        _site.Trace.AddCall(told, _provider, end - TimeSpan.FromMilliseconds(told.DurationMs), end);
    }
}
