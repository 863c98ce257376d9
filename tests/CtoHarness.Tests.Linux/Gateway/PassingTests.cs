using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>What is asked of the admitted model reaches the provider, and its answer comes back.</summary>
[Trait("Mission", "M10")]
public sealed class PassingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_is_passed_on_and_its_answer_comes_back(bool stream)
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("it is done")) { Key = OpenGateway.Key };
        using var gateway = new OpenGateway(provider.Url);
        var body = OpenGateway.Body(stream, $"the nonce is {OpenGateway.Nonce}");
        var (status, text) = gateway.Ask(body);
        Assert.Equal(200, status);
        Assert.Contains("done", text, StringComparison.Ordinal);
        Assert.Equal(body, Assert.Single(provider.Asked).Body);
        var call = gateway.Only();
        Assert.Equal((CallRefusal.None, ProviderTrouble.None, 200, stream), (call.Refusal, call.Trouble, call.Status, call.IsStreaming));
        Assert.Equal(Digest.Of(Encoding.UTF8.GetBytes(text)), call.Response);
        Assert.Equal(Digest.Of(Encoding.UTF8.GetBytes(body)), call.Request);
        Assert.Equal(text.Length, call.ResponseBytes);
        Assert.True(call.HasNonce);
        Assert.Equal("stop", Assert.Single(call.FinishReasons));
        Assert.NotNull(call.FirstTokenMs);
        Assert.NotNull(call.InputTokens);
    }

    [Theory]
    [InlineData("{ \"model\" : \"scripted\",\n\t\"x\": [1.0, 1e5, \"\\u00e9 é\"] , \"messages\":[]}  ")]
    [InlineData("{\"mod\\u0065l\":\"\\u0073cripted\",\"messages\":[]}")]
    public void The_bytes_of_a_call_are_passed_on_as_they_came(string body)
    {
        using var provider = new RawProvider(RawProvider.Whole("{}"));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal((200, "{}"), gateway.Ask(body));
        Assert.Equal(body, Assert.Single(provider.Asked).Body);
        Assert.False(gateway.Only().HasNonce);
    }

    [Fact]
    public void A_call_in_chunks_is_passed_on_whole()
    {
        using var provider = new RawProvider(RawProvider.Whole("{}"));
        using var gateway = new OpenGateway(provider.Url);
        var body = OpenGateway.Body(false);
        using var wire = new Wire(gateway.Port);
        wire.Write($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:{gateway.Port}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        foreach (var letter in body)
        {
            wire.Write($"1\r\n{letter}\r\n");
        }

        Assert.Contains("200 OK", wire.Write("0\r\n\r\n").ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(body, Assert.Single(provider.Asked).Body);
    }

    [Fact]
    public void Of_the_headers_of_a_call_none_but_what_is_accepted_is_passed_on_and_the_key_is_the_harness_s_own()
    {
        using var provider = new RawProvider(RawProvider.Whole("{}"));
        using var gateway = new OpenGateway(provider.Url);
        using var request = gateway.Request(OpenGateway.Body(false));
        foreach (var (name, value) in new[]
        {
            ("Authorization", "Bearer of-the-backend"), ("Cookie", "a=b"), ("X-Forwarded-For", "1.2.3.4"), ("traceparent", "00-1-2-3"), ("OpenAI-Organization", "o"),
            ("Accept", "text/event-stream, */*;q=0.5"), ("User-Agent", "agent"), ("Accept-Encoding", "gzip, br"),
        })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        Assert.Equal(200, gateway.Send(request).Status);
        var asked = Assert.Single(provider.Asked);
        Assert.Equal(
            [
                "Accept-Encoding: identity", "Accept: text/event-stream, */*;q=0.5", $"Authorization: Bearer {OpenGateway.Key}",
                $"Content-Length: {OpenGateway.Body(false).Length}", "Content-Type: application/json", $"Host: {new Uri(provider.Url).Authority}", "User-Agent: cto-harness",
            ],
            asked.Headers.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(("POST", "/v1/chat/completions"), (asked.Method, asked.Path));
    }

    [Fact]
    public void Of_the_headers_of_an_answer_none_but_its_type_comes_back()
    {
        using var provider = new RawProvider(RawProvider.Whole("{}", "application/json; charset=utf-8", more: "Set-Cookie: a=b\r\nServer: x\r\nX-Request-Id: 7\r\nRetry-After: 9\r\n"));
        using var gateway = new OpenGateway(provider.Url);
        using var wire = new Wire(gateway.Port);
        var answer = wire.Write(Wire.Call(gateway, OpenGateway.Body(false), "Connection: close\r\n")).ReadToEnd();
        var names = answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n").Skip(1).Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(["Connection", "Content-Type", "Date", "Transfer-Encoding"], names);
        Assert.Contains("Content-Type: application/json; charset=utf-8\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_piece_of_a_stream_comes_at_once_and_not_with_the_next()
    {
        using var first = new SemaphoreSlim(0);
        using var provider = new RawProvider(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(RawProvider.Head() + "data: {\"n\":1}\n\n"), stop);
            Assert.True(await first.WaitAsync(Patience, stop));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(RawProvider.Done), stop);
        });
        using var gateway = new OpenGateway(provider.Url);
        using var wire = new Wire(gateway.Port);
        var begun = wire.Write(Wire.Call(gateway, OpenGateway.Body(true))).ReadUntil("{\"n\":1}\n\n");
        Assert.EndsWith("{\"n\":1}\n\n\r\n", begun, StringComparison.Ordinal);
        first.Release();
        Assert.Contains("[DONE]", wire.ReadUntil("0\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(ProviderTrouble.None, gateway.Only().Trouble);
    }

    [Fact]
    public void A_stream_that_said_that_it_is_over_is_not_waited_for()
    {
        using var provider = new RawProvider(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(RawProvider.Head() + RawProvider.Done), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal((200, RawProvider.Done), gateway.Ask(OpenGateway.Body(true)));
        Assert.Equal(ProviderTrouble.None, gateway.Only().Trouble);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public void A_call_that_the_provider_does_not_like_is_no_trouble_of_the_provider(int status)
    {
        using var provider = new RawProvider(RawProvider.Whole("{\"error\":{\"message\":\"context too long\"}}", status: status));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal((status, "{\"error\":{\"message\":\"context too long\"}}"), gateway.Ask(OpenGateway.Body(true)));
        var call = gateway.Only();
        Assert.Equal((ProviderTrouble.None, status, CallRefusal.None), (call.Trouble, call.Status, call.Refusal));
    }

    [Fact]
    public void Calls_are_numbered_as_they_come_and_told_as_they_end()
    {
        using var provider = new ScriptedProvider(talk => Turns.Say(talk.Text.Contains("slow", StringComparison.Ordinal) ? new string('x', 200) : "x"));
        using var gateway = new OpenGateway(provider.Url);
        for (var number = 1; number <= 5; number++)
        {
            gateway.Ask(OpenGateway.Body(number % 2 == 0));
        }

        var traffic = gateway.Close();
        Assert.Equal([1L, 2L, 3L, 4L, 5L], traffic.Calls.Select(call => call.Number));
        Assert.Equal(traffic.Calls.AsEnumerable(), gateway.Told.AsEnumerable());
        Assert.Equal(5, traffic.Forwarded);
        Assert.Equal(["request", "response-head", "response", "end"], gateway.Lines.Where(line => line["call"]!.GetValue<long>() == 3).Select(line => line["part"]!.GetValue<string>()));
    }
}
