using System.Diagnostics;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Passes one call on to the provider, and its answer back.</summary>
/// <param name="plan">What the gateway serves.</param>
/// <param name="upstream">The way to the provider.</param>
/// <param name="room">Memory that all calls share.</param>
/// <param name="sweeper">Hears of each byte that passed.</param>
/// <param name="key">Searches for the provider's key, which the backend gets back from nobody.</param>
/// <param name="exchange">The request.</param>
internal sealed class Passage(GatewayPlan plan, Upstream upstream, ByteRoom room, Sweeper sweeper, ValueSearch key, Exchange exchange)
{
    private const int LongestHeader = 200;

    // A stream that said that it is over need not be waited for much longer.
    private static readonly TimeSpan AfterTheEnd = TimeSpan.FromSeconds(1);

    private readonly long _began = Stopwatch.GetTimestamp();
    private bool _isAbandoned;

    /// <summary>Passes the call on.</summary>
    /// <param name="call">What is known of it.</param>
    /// <param name="body">Its body.</param>
    /// <param name="record">Keeps what passes.</param>
    /// <param name="gone">Cancelled when nobody waits for the answer any more.</param>
    /// <returns>What became of it. Never throws for what the provider or the backend does.</returns>
    internal async Task<ModelCall> Run(ModelCall call, ReadOnlyMemory<byte> body, TrafficRecord record, CancellationToken gone)
    {
        record.Request(body.Span);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
        patience.CancelAfter(plan.Idle);
        try
        {
            using var answer = await upstream.Ask(body, Accepted(exchange.Header("Accept")), patience.Token);
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
            call = call with { Status = (int)answer.StatusCode };
            return await Answer(call, answer, record, patience, gone);
        }
        catch (Exception ended) when (gone.IsCancellationRequested && Fault.IsEnd(ended))
        {
            return call with { IsAbandoned = true };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return await Told(call, Silence("before its answer"));
        }
        catch (Exception failed) when (Fault.Of(failed) is { } fault)
        {
            return await Told(call, fault);
        }
    }

    private async Task<ModelCall> Answer(ModelCall call, HttpResponseMessage answer, TrafficRecord record, CancellationTokenSource patience, CancellationToken gone)
    {
        var fault = Fault.Of((int)answer.StatusCode);
        var encoding = Field(answer, "Content-Encoding");
        if (encoding is not (null or "identity"))
        {
            fault ??= new Fault(ProviderTrouble.Malformed, "the provider's answer is packed, which nobody asked for");
        }

        if (encoding is not (null or "identity") || fault is { Trouble: ProviderTrouble.Malformed })
        {
            return await Told(call, fault!);
        }

        var type = TypeOf(answer);
        record.Head((int)answer.StatusCode, type);
        await exchange.Begin((int)answer.StatusCode, type);
        var isJson = type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
        var reader = fault is null && answer.IsSuccessStatusCode ? new AnswerReader(IsEvents(type) || (call.IsStreaming && !isJson)) : null;
        using var relay = new Relay(exchange.Output, reader, record, room, sweeper, key, plan.Limits.ResponseBytes, _began);
        var seen = await Pass(answer, relay, patience, gone);
        fault ??= seen;
        call = relay.Note(call);
        if (_isAbandoned)
        {
            return call with { IsAbandoned = true };
        }

        if (fault is null && call.IsStreaming && isJson && answer.IsSuccessStatusCode)
        {
            fault = new Fault(ProviderTrouble.Malformed, "a stream was asked for, and the provider's answer is none");
        }

        return fault is null ? call : Blamed(call, fault);
    }

    // What is wrong with the answer; null where nothing is, or nobody waited for its end.
    private async Task<Fault?> Pass(HttpResponseMessage answer, Relay relay, CancellationTokenSource patience, CancellationToken gone)
    {
        try
        {
            var fault = await Carry(answer, relay, patience, gone);
            if (fault is { Trouble: not ProviderTrouble.Overloaded } && !relay.IsWhole)
            {
                exchange.Cut();
            }
            else
            {
                await relay.End(gone);
            }

            return fault;
        }
        catch (Exception ended) when (gone.IsCancellationRequested && Fault.IsEnd(ended))
        {
            _isAbandoned = true;
            return null;
        }
    }

    private async Task<Fault?> Carry(HttpResponseMessage answer, Relay relay, CancellationTokenSource patience, CancellationToken gone)
    {
        long? over = null;
        try
        {
            await using var source = await answer.Content.ReadAsStreamAsync(gone);
            return await relay.Run(source, Wait, gone);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested && patience.IsCancellationRequested)
        {
            return relay.IsOver ? null : Silence("within its answer");
        }
        catch (Exception failed) when (!gone.IsCancellationRequested && Fault.Of(failed) is not null)
        {
            return relay.IsOver ? null : relay.Broken(Fault.Of(failed)!);
        }

        CancellationToken Wait(bool isWaiting)
        {
            over ??= relay.IsOver ? Stopwatch.GetTimestamp() : null;
            patience.CancelAfter(
                !isWaiting ? Timeout.InfiniteTimeSpan
                : over is { } since ? TimeSpan.FromTicks(Math.Max(0, (AfterTheEnd - Stopwatch.GetElapsedTime(since)).Ticks))
                : plan.Idle);
            return patience.Token;
        }
    }

    private async Task<ModelCall> Told(ModelCall call, Fault fault)
    {
        await exchange.Say(fault.Trouble == ProviderTrouble.Timeout ? 504 : 502, Words.Of(fault.Trouble), key.Redact(fault.Detail));
        return Blamed(call, fault);
    }

    private static ModelCall Blamed(ModelCall call, Fault fault) => call with { Trouble = fault.Trouble, Detail = fault.Detail };

    private Fault Silence(string when) => new(ProviderTrouble.Timeout, string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"the provider was silent for {plan.Idle.TotalSeconds:0.###} s {when}"));

    private static bool IsEvents(string type) => type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static string? Accepted(string? accept) => accept is { Length: <= LongestHeader } && IsPlain(accept) ? accept : null;

    private static string? Field(HttpResponseMessage answer, string name) =>
        answer.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    // What a provider writes there must not carry its key to the backend.
    private string TypeOf(HttpResponseMessage answer) =>
        Field(answer, "Content-Type") is { Length: > 0 and <= LongestHeader } type && IsPlain(type) && key.FirstIn(System.Text.Encoding.ASCII.GetBytes(type)) is null
            ? type
            : "application/octet-stream";

    private static bool IsPlain(string text) => text.All(letter => letter is >= ' ' and <= '~');
}
