using System.Globalization;
using System.Text.Json.Nodes;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>All but calls of the admitted model, on the one wire and to the one host, is refused, noted, and seen by no provider.</summary>
[Trait("Mission", "M10")]
public sealed class RefusalTests : IDisposable
{
    private readonly RawProvider _provider = new(RawProvider.Whole("{\"usage\":{\"prompt_tokens\":600,\"completion_tokens\":500}}"));

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData("other", 403, CallRefusal.Model)]
    [InlineData("Scripted", 403, CallRefusal.Model)]
    [InlineData("scripted ", 403, CallRefusal.Model)]
    [InlineData("p/scripted", 403, CallRefusal.Model)]
    [InlineData("scripted\\u0000", 403, CallRefusal.Model)]
    [InlineData("\",\"x\":\"", 400, CallRefusal.Form)]
    [InlineData("\",\"Model\":\"other", 400, CallRefusal.Form)]
    [InlineData("scripted\",\"Model\":\"other", 400, CallRefusal.Form)]
    [InlineData("scripted\",\"model\":\"other", 400, CallRefusal.Form)]
    [InlineData("scripted\",\"\\u004dODEL\":\"other", 400, CallRefusal.Form)]
    [InlineData("scripted\"}{\"model\":\"other", 400, CallRefusal.Form)]
    [InlineData("scripted\",\"stream\":\"yes", 400, CallRefusal.Form)]
    public void A_call_of_another_model_is_refused_however_it_is_written(string inside, int status, CallRefusal refusal)
    {
        using var gateway = Open();
        var (answered, text) = gateway.Ask($"{{\"model\":\"{inside}\",\"messages\":[]}}");
        var call = Refused(gateway, answered, text, refusal);
        Assert.Equal(status, answered);
        Assert.NotNull(call.Request);
        Assert.Equal(refusal == CallRefusal.Model, call.Model.Length > 0);
    }

    [Theory]
    [InlineData("POST /v1/responses")]
    [InlineData("POST /v1/messages")]
    [InlineData("POST /v1/completions")]
    [InlineData("GET /v1/models")]
    [InlineData("GET /v1/chat/completions")]
    [InlineData("PUT /v1/chat/completions")]
    [InlineData("OPTIONS *")]
    [InlineData("POST /v1/chat/completions/")]
    [InlineData("POST /v1/chat/completions?x=1")]
    [InlineData("POST /v1//chat/completions")]
    [InlineData("POST /v1/x/../chat/completions")]
    [InlineData("POST /v1/chat/%63ompletions")]
    [InlineData("POST http://HOST/v1/chat/completions")]
    [InlineData("CONNECT HOST")]
    public void Another_path_or_method_is_another_wire(string line)
    {
        using var gateway = Open();
        using var wire = new Wire(gateway.Port);
        var host = $"127.0.0.1:{gateway.Port}";
        var answer = wire.Write($"{line.Replace("HOST", host, StringComparison.Ordinal)} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").ReadToEnd();
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        Refused(gateway, 404, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], CallRefusal.Wire);
    }

    [Theory]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\n")]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n")]
    public void Another_protocol_is_another_wire(string headers)
    {
        using var gateway = Open();
        using var wire = new Wire(gateway.Port);
        Assert.Contains(" 404 ", wire.Write(Wire.Call(gateway, OpenGateway.Body(false), headers)).ReadUntil("}}"), StringComparison.Ordinal);
        Assert.Equal(CallRefusal.Wire, gateway.Only().Refusal);
        Assert.Empty(_provider.Asked);
    }

    [Theory]
    [InlineData("api.openai.com")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]:PORT")]
    [InlineData("localhost.evil:PORT")]
    [InlineData("2130706433:PORT")]
    public void Another_host_is_refused(string host)
    {
        using var gateway = Open();
        using var request = gateway.Request(OpenGateway.Body(false));
        request.Headers.Host = host.Replace("PORT", gateway.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var (status, text) = gateway.Send(request);
        Assert.Equal(421, status);
        Refused(gateway, status, text, CallRefusal.Host);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonp")]
    public void A_body_that_somebody_could_read_in_another_way_is_refused(string type)
    {
        using var gateway = Open();
        using var request = gateway.Request(OpenGateway.Body(false));
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        var (status, text) = gateway.Send(request);
        Assert.Equal(400, status);
        Refused(gateway, status, text, CallRefusal.Form);
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json;charset=\"utf-8\"")]
    [InlineData("")]
    public void Control_such_a_body_is_not(string type)
    {
        using var gateway = Open();
        using var request = gateway.Request(OpenGateway.Body(false));
        request.Content!.Headers.Remove("Content-Type");
        if (type.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        Assert.Equal(200, gateway.Send(request).Status);
        Assert.Equal("application/json", Assert.Single(_provider.Asked).Header("Content-Type"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_that_is_too_large_is_refused(bool announced)
    {
        using var gateway = Open(limits => limits with { RequestBytes = 10_000 });
        using var request = gateway.Request(OpenGateway.Body(false, new string('x', 10_000)));
        request.Headers.TransferEncodingChunked = !announced;
        var (status, text) = gateway.Send(request);
        Assert.Equal(413, status);
        Assert.Null(Refused(gateway, status, text, CallRefusal.Size).Request);
    }

    [Fact]
    public void Control_a_call_of_the_largest_size_is_not()
    {
        var body = OpenGateway.Body(false, new string('x', 9000));
        using var gateway = Open(limits => limits with { RequestBytes = body.Length });
        Assert.Equal(200, gateway.Ask(body).Status);
    }

    [Theory]
    [InlineData(3, 1L << 40, 3)]
    [InlineData(100, 2000, 2)]
    public void Beyond_the_budget_nothing_is_passed_on(long calls, long tokens, int passed)
    {
        using var gateway = Open(limits => limits with { Calls = calls, Tokens = tokens });
        var answers = Enumerable.Range(0, 6).Select(_ => gateway.Ask(OpenGateway.Body(false)).Status).ToList();
        Assert.Equal([.. Enumerable.Repeat(200, passed), .. Enumerable.Repeat(429, 6 - passed)], answers);
        Assert.Equal(passed, _provider.Asked.Length);
        var traffic = gateway.Close();
        Assert.Equal((passed, 6L - passed), (traffic.Forwarded, traffic.Refused));
        Assert.All(traffic.Calls.Skip(passed), call => Assert.Equal(CallRefusal.Budget, call.Refusal));
    }

    [Fact]
    public void Where_the_provider_counts_nothing_the_budget_is_kept_by_size()
    {
        using var provider = new RawProvider(RawProvider.Whole("{\"x\":\"" + new string('x', 4000) + "\"}"));
        using var gateway = new OpenGateway(provider.Url, plan => plan with { Limits = plan.Limits with { Tokens = 2000 } });
        var answers = Enumerable.Range(0, 4).Select(_ => gateway.Ask(OpenGateway.Body(false)).Status).ToList();
        Assert.Equal([200, 200, 429, 429], answers);
        Assert.All(gateway.Close().Calls, call => Assert.Null(call.InputTokens));
    }

    [Fact]
    public void A_flood_of_refused_calls_is_counted_and_only_its_beginning_told()
    {
        using var gateway = Open();
        Parallel.For(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number => Assert.Equal(403, gateway.Ask(OpenGateway.Body(false, model: $"m{number}")).Status));
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(false)).Status);
        var traffic = gateway.Close();
        Assert.Equal((1L, 10_000L, 9_900L, ""), (traffic.Forwarded, traffic.Refused, traffic.NotListed, traffic.Trouble));
        Assert.Equal(101, gateway.Told.Length);
        Assert.Equal(10_001, gateway.Told[^1].Number);
    }

    [Fact]
    public void A_flood_of_one_kind_hides_no_call_of_another()
    {
        using var gateway = Open();
        for (var number = 0; number <= ModelTraffic.MostRefusedListed; number++)
        {
            Assert.Equal(400, gateway.Ask("{}").Status);
        }

        Assert.Equal(403, gateway.Ask(OpenGateway.Body(false, model: "another")).Status);
        var traffic = gateway.Close();
        Assert.Equal((102L, 1L), (traffic.Refused, traffic.NotListed));
        Assert.Equal("another", Assert.Single(traffic.Calls, call => call.Refusal == CallRefusal.Model).Model);
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002hello")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/9.9\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public void What_is_no_request_is_not_answered_and_is_noted(string text)
    {
        using var gateway = Open();
        using (var wire = new Wire(gateway.Port))
        {
            var answer = wire.Write(text).ReadToEnd();
            Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal);
        }

        Assert.Equal(CallRefusal.Form, gateway.Only().Refusal);
        Assert.Empty(_provider.Asked);
    }

    [Fact]
    public void Two_sizes_of_one_body_hide_no_second_call()
    {
        using var gateway = Open();
        var hidden = Wire.Call(gateway, OpenGateway.Body(false, model: "other"));
        using var wire = new Wire(gateway.Port);
        wire.Write($"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{gateway.Port}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\n0\r\n\r\n{hidden}").ReadToEnd();
        Assert.All(gateway.Close().Calls, call => Assert.False(call.IsForwarded));
        Assert.Empty(_provider.Asked);
    }

    [Fact]
    public void What_a_call_holds_is_shown_safely()
    {
        using var gateway = Open();
        gateway.Ask(OpenGateway.Body(false, model: "\u001b[31m\u202e" + new string('é', 5000)));
        var call = gateway.Only();
        Assert.InRange(call.Model.Length, 1, 200);
        Assert.InRange(call.Detail.Length, 1, 300);
        Assert.DoesNotContain(call.Model + call.Detail, letter => char.IsControl(letter) || letter == '\u202e');
    }

    private OpenGateway Open(Func<GatewayLimits, GatewayLimits>? limits = null) =>
        new(_provider.Url, plan => limits is null ? plan : plan with { Limits = limits(plan.Limits) });

    private ModelCall Refused(OpenGateway gateway, int status, string text, CallRefusal refusal)
    {
        Assert.True(status >= 400);
        var error = JsonNode.Parse(text)!["error"]!.AsObject();
        Assert.Equal(["message", "type", "code"], error.Select(field => field.Key));
        Assert.Equal("cto_harness_gateway", error["type"]!.GetValue<string>());
        var call = gateway.Only();
        Assert.Equal(refusal, call.Refusal);
        Assert.NotEqual("", call.Detail);
        Assert.Equal((null, 0L, null), (call.Response, call.ResponseBytes, call.Status));
        Assert.Empty(_provider.Asked);
        Assert.Equal("", gateway.TrafficText);
        return call;
    }
}
