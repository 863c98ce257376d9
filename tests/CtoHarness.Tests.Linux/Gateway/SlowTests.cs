using System.Diagnostics;
using System.Text;
using CtoHarness.Core.Gateway;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>Whoever reads or writes slowly, or goes away, holds nothing but himself.</summary>
[Trait("Mission", "M10")]
public sealed class SlowTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_reader_that_stops_stops_the_provider()
    {
        long written = 0;
        using var provider = Endless(() => Interlocked.Add(ref written, Block));
        using var gateway = new OpenGateway(provider.Url);
        using var wire = new Wire(gateway.Port, receiveBuffer: 16 << 10);
        wire.Write(Wire.Call(gateway, OpenGateway.Body(true))).Skip(100_000);
        var before = Settled(() => Interlocked.Read(ref written));
        Assert.InRange(before, 100_000, 32 << 20);
        Assert.Empty(gateway.Told);

        // It goes on where the reader does.
        wire.Skip(before + (4 << 20));
        Assert.True(Interlocked.Read(ref written) > before);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_the_provider_s_answer()
    {
        using var provider = Endless(() => { });
        using var gateway = new OpenGateway(provider.Url);
        using (var wire = new Wire(gateway.Port))
        {
            wire.Write(Wire.Call(gateway, OpenGateway.Body(true))).Skip(100_000);
        }

        Until(() => provider.Gone == 1 && gateway.Told.Length == 1);
        var call = gateway.Only();
        Assert.Equal((true, ProviderTrouble.None, 200), (call.IsAbandoned, call.Trouble, call.Status));
        Assert.True(call.ResponseBytes >= 100_000);
        Assert.NotNull(call.Response);
    }

    [Fact]
    public void Whoever_goes_away_before_the_answer_s_head_is_noted_too()
    {
        using var asked = new SemaphoreSlim(0);
        using var provider = new RawProvider(async (_, _, stop) =>
        {
            asked.Release();
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var gateway = new OpenGateway(provider.Url);
        using (var wire = new Wire(gateway.Port))
        {
            wire.Write(Wire.Call(gateway, OpenGateway.Body(true)));
            Assert.True(asked.Wait(Patience));
        }

        Until(() => gateway.Told.Length == 1);
        var call = gateway.Only();
        Assert.Equal((true, CallRefusal.None, ProviderTrouble.None, null), (call.IsAbandoned, call.Refusal, call.Trouble, call.Status));
    }

    [Fact]
    public void Whoever_goes_away_within_the_request_is_refused()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("x"));
        using var gateway = new OpenGateway(provider.Url);
        using (var wire = new Wire(gateway.Port))
        {
            wire.Write($"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{gateway.Port}\r\nContent-Length: 100\r\n\r\n{{\"model\"");
            wire.Write(":");
        }

        Until(() => gateway.Told.Length == 1);
        var call = gateway.Only();
        Assert.Equal(CallRefusal.Form, call.Refusal);
        Assert.Equal(0, provider.Calls);
    }

    [Fact]
    public void Requests_that_never_end_are_ended_and_keep_nobody_else_waiting()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("well"));
        using var gateway = new OpenGateway(provider.Url);
        var slow = Enumerable.Range(0, 50).Select(_ => new Wire(gateway.Port)).ToList();
        slow.ForEach(wire => wire.Write("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-"));
        var slower = Enumerable.Range(0, 50).Select(_ => new Wire(gateway.Port)).ToList();
        slower.ForEach(wire => wire.Write($"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{gateway.Port}\r\nContent-Length: 1000\r\n\r\n{{"));
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.All(slow.Concat(slower), wire => Assert.StartsWith("HTTP/1.1 4", wire.ReadUntil("\r\n"), StringComparison.Ordinal));
        slow.Concat(slower).ToList().ForEach(wire => wire.Dispose());
        var traffic = gateway.Close();
        Assert.Equal((1L, 100L, ""), (traffic.Forwarded, traffic.Refused, traffic.Trouble));
        Assert.All(traffic.Calls.Where(call => !call.IsForwarded), call => Assert.Equal(CallRefusal.Form, call.Refusal));
    }

    [Fact]
    public void Many_large_requests_at_once_share_one_room()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("well"));
        using var gateway = new OpenGateway(provider.Url);
        var body = OpenGateway.Body(false, new string('x', 7 << 20));
        var half = body[..(body.Length - 10)];
        var wires = Enumerable.Range(0, 40).Select(_ => new Wire(gateway.Port)).ToList();
        Parallel.ForEach(wires, new ParallelOptions { MaxDegreeOfParallelism = 8 }, wire => TryWrite(
            wire, $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{gateway.Port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{half}"));
        Until(() => gateway.Told.Count(call => call.Refusal == CallRefusal.Busy) > 20, () => string.Join('\n', gateway.Told.Select(call => $"{call.Refusal} {call.Detail} {call.DurationMs}")));
        wires.ForEach(wire => wire.Dispose());
        Until(() => gateway.Told.Length == 40);
        Assert.Equal(200, gateway.Ask(body).Status);
        Assert.Equal("", gateway.Close().Trouble);
    }

    [Fact]
    public void A_slow_answer_is_no_silent_one()
    {
        using var provider = new ScriptedProvider(_ => Turns.Slow("it takes a while", 400));
        using var gateway = new OpenGateway(provider.Url, plan => plan with { Idle = TimeSpan.FromSeconds(1) });
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(1), "the answer came too quickly to show anything");
        Assert.Equal(ProviderTrouble.None, gateway.Only().Trouble);
    }

    private const int Block = 64 << 10;

    private static RawProvider Endless(Action written) => new(async (_, stream, stop) =>
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(RawProvider.Head()), stop);
        var block = Encoding.ASCII.GetBytes("data: {\"x\":\"" + new string('x', Block - 16) + "\"}\n\n");
        while (true)
        {
            await stream.WriteAsync(block, stop);
            written();
        }
    });

    private static void TryWrite(Wire wire, string text)
    {
        try
        {
            wire.Write(text);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // refused before all of it was sent
        }
    }

    private static long Settled(Func<long> count)
    {
        for (var (last, same) = (count(), 0); ;)
        {
            Thread.Sleep(100);
            var now = count();
            same = now == last ? same + 1 : 0;
            last = now;
            if (same == 10)
            {
                return now;
            }
        }
    }

    private static void Until(Func<bool> isSo, Func<string>? seen = null)
    {
        for (var began = Stopwatch.GetTimestamp(); !isSo(); Thread.Sleep(10))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"it did not come about: {seen?.Invoke()}");
        }
    }
}
