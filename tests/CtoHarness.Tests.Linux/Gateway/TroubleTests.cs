using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CtoHarness.Core.Gateway;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>Whatever goes wrong on the provider's side has a name, by what the gateway saw.</summary>
[Trait("Mission", "M17")]
public sealed class TroubleTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData(401, ProviderTrouble.Unauthorized)]
    [InlineData(403, ProviderTrouble.Unauthorized)]
    [InlineData(402, ProviderTrouble.Overloaded)]
    [InlineData(404, ProviderTrouble.ModelMissing)]
    [InlineData(408, ProviderTrouble.Timeout)]
    [InlineData(429, ProviderTrouble.Overloaded)]
    [InlineData(500, ProviderTrouble.Overloaded)]
    [InlineData(503, ProviderTrouble.Overloaded)]
    [InlineData(999, ProviderTrouble.Overloaded)]
    public void A_status_of_the_provider_is_passed_on_and_named(int status, ProviderTrouble trouble)
    {
        using var provider = new RawProvider(RawProvider.Whole("{\"error\":\"no\"}", status: status));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal((status, "{\"error\":\"no\"}"), gateway.Ask(OpenGateway.Body(true)));
        var call = gateway.Only();
        Assert.Equal((trouble, status, 14L), (call.Trouble, call.Status, call.ResponseBytes));
        Assert.Contains("the provider answered", call.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301, "Location: http://127.0.0.1:1/v1/chat/completions\r\n")]
    [InlineData(307, "Location: /elsewhere\r\n")]
    [InlineData(304, "")]
    [InlineData(204, "")]
    [InlineData(206, "Content-Range: bytes 0-1/2\r\n")]
    [InlineData(200, "Content-Encoding: gzip\r\n")]
    public void What_no_model_answers_is_malformed_and_is_not_passed_on(int status, string more)
    {
        using var provider = new RawProvider(RawProvider.Whole(status is 204 or 304 ? "" : "{}", status: status, more: more));
        using var gateway = new OpenGateway(provider.Url);
        var (answered, text) = gateway.Ask(OpenGateway.Body(false));
        Assert.Equal(502, answered);
        Assert.Equal("malformed", JsonNode.Parse(text)!["error"]!["code"]!.GetValue<string>());
        var call = gateway.Only();
        Assert.Equal((ProviderTrouble.Malformed, status), (call.Trouble, call.Status));
        Assert.Single(provider.Asked);
    }

    [Fact]
    public void A_provider_that_is_not_there_is_unreachable()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Unreachable($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/v1");
        Unreachable("http://no-such-host.invalid/v1");
    }

    [Fact]
    public void A_provider_that_speaks_no_TLS_is_unreachable_by_https()
    {
        using var provider = new RawProvider("no TLS");
        Unreachable(provider.Url.Replace("http:", "https:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, -1, 504)]
    [InlineData(false, -1, 504)]
    [InlineData(true, 2, 200)]
    [InlineData(false, 1, 200)]
    public void A_provider_that_falls_silent_is_timed_out(bool stream, int chunks, int status)
    {
        using var provider = new ScriptedProvider(_ => Turns.HangAfter(chunks));
        using var gateway = new OpenGateway(provider.Url, plan => plan with { Idle = Short });
        var answer = Cut(gateway, OpenGateway.Body(stream), status);
        Assert.Equal(status == 504, answer.Contains("\"timeout\"", StringComparison.Ordinal));
        var call = gateway.Only();
        Assert.Equal((ProviderTrouble.Timeout, status == 504 ? null : 200), (call.Trouble, call.Status));
        Assert.Equal(status == 504, call.ResponseBytes == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_that_ends_within_itself_is_cut_off(bool stream)
    {
        using var provider = new ScriptedProvider(_ => Turns.CutAfter(2));
        using var gateway = new OpenGateway(provider.Url);
        Cut(gateway, OpenGateway.Body(stream), 200);
        Assert.Equal(ProviderTrouble.CutOff, gateway.Only().Trouble);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/ev")]
    public void An_answer_without_a_head_is_cut_off(string head)
    {
        using var provider = new RawProvider(head);
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal(502, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.Equal((ProviderTrouble.CutOff, null), (gateway.Told[0].Trouble, gateway.Only().Status));
    }

    [Fact]
    public void A_stream_without_an_end_is_cut_off_though_its_connection_ended_well()
    {
        using var provider = new RawProvider(RawProvider.Whole("data: {\"choices\":[]}\n\n", "text/event-stream"));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal((200, "data: {\"choices\":[]}\n\n"), gateway.Ask(OpenGateway.Body(true)));
        Assert.Equal(ProviderTrouble.CutOff, gateway.Only().Trouble);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_that_is_no_JSON_is_malformed(bool stream)
    {
        using var provider = new ScriptedProvider(_ => Turns.Malformed());
        using var gateway = new OpenGateway(provider.Url);
        Cut(gateway, OpenGateway.Body(stream), 200, isWhole: !stream);
        Assert.Equal(ProviderTrouble.Malformed, gateway.Only().Trouble);
    }

    [Theory]
    [InlineData("not HTTP at all\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")]
    public void What_is_no_HTTP_is_malformed(string answer)
    {
        using var provider = new RawProvider(answer);
        using var gateway = new OpenGateway(provider.Url);
        using var wire = new Wire(gateway.Port);
        wire.Write(Wire.Call(gateway, OpenGateway.Body(true), "Connection: close\r\n")).ReadToEnd();
        Assert.Equal(ProviderTrouble.Malformed, gateway.Only().Trouble);
    }

    [Fact]
    public void Headers_without_end_are_malformed()
    {
        using var provider = new RawProvider(RawProvider.Head(more: string.Concat(Enumerable.Repeat("X: " + new string('x', 1000) + "\r\n", 200))) + RawProvider.Done);
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal(502, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.Equal(ProviderTrouble.Malformed, gateway.Only().Trouble);
    }

    [Fact]
    public void An_answer_that_is_no_stream_though_one_was_asked_for_is_malformed()
    {
        using var provider = new RawProvider(RawProvider.Whole("{\"choices\":[]}"));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.Equal(ProviderTrouble.Malformed, gateway.Only().Trouble);
    }

    [Fact]
    public void An_error_within_a_stream_is_an_overloaded_provider_and_is_passed_on()
    {
        const string Events = "data: {\"error\":{\"message\":\"out of memory\"}}\n\ndata: [DONE]\n\n";
        using var provider = new RawProvider(RawProvider.Whole(Events, "text/event-stream"));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal((200, Events), gateway.Ask(OpenGateway.Body(true)));
        Assert.Equal(ProviderTrouble.Overloaded, gateway.Only().Trouble);
    }

    [Fact]
    public void An_endless_answer_is_cut_at_the_limit()
    {
        using var provider = new ScriptedProvider(_ => Turns.Endless(TimeSpan.Zero));
        using var gateway = new OpenGateway(provider.Url, plan => plan with { Limits = plan.Limits with { ResponseBytes = 200_000 } });
        Cut(gateway, OpenGateway.Body(true), 200);
        var call = gateway.Only();
        Assert.Equal(ProviderTrouble.Endless, call.Trouble);
        Assert.InRange(call.ResponseBytes, 100_000, 200_000);
    }

    [Fact]
    public void After_trouble_the_next_call_is_passed_on()
    {
        var calls = 0;
        using var provider = new ScriptedProvider(_ => ++calls == 1 ? Turns.CutAfter(1) : Turns.Say("well"));
        using var gateway = new OpenGateway(provider.Url);
        Cut(gateway, OpenGateway.Body(true), 200);
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.Null(gateway.Close().Unrecovered);
    }

    private static void Unreachable(string address)
    {
        using var gateway = new OpenGateway(address);
        var (status, text) = gateway.Ask(OpenGateway.Body(true));
        Assert.Equal(502, status);
        Assert.Equal("unreachable", JsonNode.Parse(text)!["error"]!["code"]!.GetValue<string>());
        var call = gateway.Only();
        Assert.Equal((ProviderTrouble.Unreachable, null), (call.Trouble, call.Status));
        Assert.True(call.IsForwarded);
    }

    // What comes, and that a chunked body lacks its end where the answer was cut.
    private static string Cut(OpenGateway gateway, string body, int status, bool isWhole = false)
    {
        using var wire = new Wire(gateway.Port);
        var answer = wire.Write(Wire.Call(gateway, body, "Connection: close\r\n")).ReadToEnd();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 200 && !isWhole, !answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal) && answer.Contains("chunked", StringComparison.Ordinal));
        return answer;
    }
}
