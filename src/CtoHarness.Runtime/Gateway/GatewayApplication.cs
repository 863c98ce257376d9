using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Withholding;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Answers the requests of one run's backend: what is asked of the admitted model is passed on, all else is refused.</summary>
/// <param name="plan">What the gateway serves.</param>
/// <param name="ledger">Numbers and counts calls.</param>
/// <param name="upstream">The way to the provider.</param>
/// <param name="traffic">Keeps what passes.</param>
/// <param name="withheld">The provider's key, then what else may stand in no bundle.</param>
/// <param name="closing">Cancelled when the gateway closes.</param>
internal sealed class GatewayApplication(
    GatewayPlan plan, CallLedger ledger, Upstream upstream, TrafficLog traffic, ValueSearch[] withheld, CancellationToken closing) : IHttpApplication<Exchange>
{
    /// <summary>The one path that is served.</summary>
    internal const string Path = "/v1/chat/completions";

    private const int SharedBytes = 32 << 20;
    private const int BytesPerToken = 4;
    private readonly ByteRoom _room = new(Math.Max(SharedBytes, 2 * plan.Limits.RequestBytes));
    private readonly Sweeper _sweeper = new();
    private readonly LatestNames _refused = new();
    private readonly byte[] _nonce = Encoding.ASCII.GetBytes(plan.Nonce);
    private readonly string[] _hosts = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{plan.Port}"), string.Create(CultureInfo.InvariantCulture, $"localhost:{plan.Port}")];

    /// <inheritdoc/>
    public Exchange CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(Exchange context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(Exchange context)
    {
        var began = Stopwatch.GetTimestamp();
        var call = Unread(ledger.Begin());
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.Gone, closing);
        try
        {
            call = await Answer(call, context, gone.Token);
        }
#pragma warning disable CA1031 // a bug here ends neither the run nor the other calls: the summary names it, and the verdict depends on it
        catch (Exception bug)
#pragma warning restore CA1031
        {
            call = call with { Refusal = CallRefusal.Form, Detail = "the gateway itself failed" };
            ledger.Fail($"{bug.GetType().Name}: {bug.Message}");
            context.Cut();
        }
        finally
        {
            if (closing.IsCancellationRequested)
            {
                context.Abort();
            }

            _refused.Set(context.Connection, !call.IsForwarded);
            ledger.End(call with
            {
                Model = CallText.Model(Redacted(call.Model)),
                Detail = CallText.Detail(Redacted(call.Detail)),
                FinishReasons = [.. call.FinishReasons.Select(Redacted)],
                DurationMs = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds,
            });
        }

        if (context.IsCut)
        {
            throw new CutShortException();
        }
    }

    /// <summary>Notes what was no request at all.</summary>
    internal void Note(string connection, string problem)
    {
        if (_refused.Contains(connection))
        {
            return; // the rest of a request that is noted already
        }

        ledger.End(Unread(ledger.Begin()) with { Refusal = CallRefusal.Form, Detail = CallText.Detail(Redacted(problem)) });
    }

    private static ModelCall Unread(long number) =>
        new(number, "", CallRefusal.None, ProviderTrouble.None, "", false, false, null, false, null, 0, null, 0, null, null, 0, null);

    private async Task<ModelCall> Answer(ModelCall call, Exchange exchange, CancellationToken gone)
    {
        if (Strange(exchange) is var (refusal, detail))
        {
            return await Refuse(call, exchange, refusal, detail);
        }

        HeldBody? body = null;
        try
        {
            (body, refusal) = await HeldBody.Read(exchange.Body, exchange.AnnouncedBytes, plan.Limits.RequestBytes, _room, gone);
        }
        catch (Exception ended) when (gone.IsCancellationRequested && Fault.IsEnd(ended))
        {
            return call with { Refusal = CallRefusal.Form, Detail = "the connection ended within the request", IsAbandoned = true };
        }
        catch (Exception bad) when (bad is BadHttpRequestException or IOException or ConnectionAbortedException)
        {
            return await Refuse(call, exchange, CallRefusal.Form, $"the request could not be read: {bad.Message}");
        }

        if (body is null)
        {
            return await Refuse(call, exchange, refusal, refusal == CallRefusal.Size ? "the request is too large" : "too many large requests are under way");
        }

        using (body)
        {
            return await Pass(call, body.Bytes, exchange, gone);
        }
    }

    // What is not even looked into, with the reason; null for a call of this wire.
    private (CallRefusal, string)? Strange(Exchange exchange)
    {
        if (exchange.Count("Host") != 1 || !_hosts.Contains(exchange.Header("Host"), StringComparer.OrdinalIgnoreCase))
        {
            return (CallRefusal.Host, $"it is meant for {PlainText.Quote(exchange.Header("Host") ?? "")}; this gateway is {_hosts[0]}");
        }

        if (exchange is not { Method: "POST", Target: Path, IsUpgrade: false })
        {
            return (CallRefusal.Wire, $"{PlainText.Visible(exchange.Method, 20)} {PlainText.Visible(exchange.Target, 100)} is not known here; POST {Path} is");
        }

        return exchange.Count("Content-Encoding") > 0 || !IsJson(exchange) ? (CallRefusal.Form, "its body is not declared as plain application/json in UTF-8") : null;
    }

    // Whoever reads the same bytes in another character set finds something else in them.
    private static bool IsJson(Exchange exchange) =>
        exchange.Count("Content-Type") == 0
        || (MediaTypeHeaderValue.TryParse(exchange.Header("Content-Type"), out var type) && string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            && type.Parameters.All(one => string.Equals(one.Name, "charset", StringComparison.OrdinalIgnoreCase) && string.Equals(one.Value?.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase)));

    private async Task<ModelCall> Pass(ModelCall call, ReadOnlyMemory<byte> body, Exchange exchange, CancellationToken gone)
    {
        var form = CallForm.Read(body.Span);
        call = call with
        {
            Model = form.Model,
            IsStreaming = form.IsStreaming,
            HasNonce = body.Span.IndexOf(_nonce) >= 0,
            Request = Digest.Of(body.Span),
            RequestBytes = body.Length,
        };
        if (form.Problem.Length > 0)
        {
            return await Refuse(call, exchange, CallRefusal.Form, form.Problem);
        }

        if (form.Model != plan.Model.Name)
        {
            return await Refuse(call, exchange, CallRefusal.Model, $"the model {PlainText.Quote(form.Model)} is not this run's, which is {PlainText.Quote(plan.Model.Name)}");
        }

        var expected = body.Length / BytesPerToken;
        var refusal = ledger.TryForward(expected);
        if (refusal != CallRefusal.None)
        {
            return await Refuse(call, exchange, refusal, refusal == CallRefusal.Budget ? "the run's budget of calls or tokens is used up" : "too many calls are under way");
        }

        return await Forward(call, body, expected, exchange, gone);
    }

    private async Task<ModelCall> Forward(ModelCall call, ReadOnlyMemory<byte> body, long expected, Exchange exchange, CancellationToken gone)
    {
        var record = traffic.Of(call.Number);
        var spent = expected;
        try
        {
            call = await new Passage(plan, upstream, _room, _sweeper, withheld[0], exchange).Run(call, body, record, gone);
            spent = (call.InputTokens ?? expected) + (call.OutputTokens ?? call.ResponseBytes / BytesPerToken);
            return call;
        }
        finally
        {
            ledger.Passed(expected, spent);
            record.End(call);
        }
    }

    private static async Task<ModelCall> Refuse(ModelCall call, Exchange exchange, CallRefusal refusal, string detail)
    {
        await exchange.Say(
            refusal switch
            {
                CallRefusal.Model => 403,
                CallRefusal.Wire => 404,
                CallRefusal.Host => 421,
                CallRefusal.Budget => 429,
                CallRefusal.Size => 413,
                CallRefusal.Busy => 503,
                _ => 400,
            },
            Words.Of(refusal),
            detail);
        return call with { Refusal = refusal, Detail = detail };
    }

    private string Redacted(string text) => withheld.Aggregate(text, (rest, search) => search.Redact(rest));
}
