using System.Text;
using CtoHarness.Tests.Linux.Backends;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>The record of what passed is whole, or says what it lacks.</summary>
[Trait("Mission", "M18")]
public sealed class TrafficTests
{
    [Fact]
    public void The_pieces_of_a_body_make_the_body()
    {
        var text = string.Concat(Enumerable.Repeat("é\U0001F600x", 40_000));
        var answer = $"{{\"x\":\"{text}\"}}";
        using var provider = new RawProvider(RawProvider.Whole(answer));
        using var gateway = new OpenGateway(provider.Url);
        var body = OpenGateway.Body(false, text);
        Assert.Equal(200, gateway.Ask(body).Status);
        gateway.Close();
        Assert.Equal(body, Text(gateway, "request"));
        Assert.Equal(answer, Text(gateway, "response"));
        Assert.All(gateway.Lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line["text"]?.GetValue<string>() ?? ""), 0, 64 << 10));
        Assert.True(gateway.Lines.Length > 8);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_kept_too()
    {
        byte[] bytes = [.. "{\"x\":\""u8, 0xff, 0xfe, 0, .. "\"}"u8];
        using var provider = new RawProvider(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(RawProvider.Head("application/json")), stop);
            await stream.WriteAsync(bytes, stop);
        });
        using var gateway = new OpenGateway(provider.Url);
        gateway.Ask(OpenGateway.Body(false));
        gateway.Close();
        Assert.Equal(bytes, Convert.FromBase64String(Assert.Single(gateway.Lines, line => line["base64"] is not null)["base64"]!.GetValue<string>()));
    }

    [Fact]
    public void What_is_beyond_the_limit_is_counted_and_its_digest_stands_all_the_same()
    {
        using var provider = new ScriptedProvider(_ => Turns.Bytes(1 << 20));
        using var gateway = new OpenGateway(provider.Url, plan => plan with { Limits = plan.Limits with { TrafficBytes = 200_000 } });
        var (_, first) = gateway.Ask(OpenGateway.Body(false));
        gateway.Ask(OpenGateway.Body(false));
        var traffic = gateway.Close();
        var kept = gateway.Lines.Sum(line => (line["text"]?.GetValue<string>() ?? "").Length);
        var left = gateway.Lines.Where(line => line["part"]!.GetValue<string>() == "end").Sum(line => line["request_not_kept"]!.GetValue<long>() + line["response_not_kept"]!.GetValue<long>());
        Assert.InRange(kept, 100_000, 200_000);
        Assert.Equal(traffic.Calls.Sum(call => call.RequestBytes + call.ResponseBytes), kept + left);
        Assert.StartsWith(Text(gateway, "response"), first, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_fits_its_schema()
    {
        var number = 0;
        using var provider = new ScriptedProvider(_ => (++number % 5) switch
        {
            0 => Turns.Say("é\u0001"),
            1 => Turns.CutAfter(1),
            2 => Turns.Status(503, "no"),
            3 => Turns.Malformed(),
            _ => Turns.Bytes(200_000),
        });
        using var raw = new RawProvider("HTTP/1.1 200 OK\r\nContent-Type: \u0001\r\n\r\n\u00ff");
        using var root = new TempRoot();
        var lines = new List<byte[]>();
        foreach (var url in new[] { provider.Url, raw.Url, "http://no-such-host.invalid" })
        {
            using var gateway = new OpenGateway(url);
            for (var call = 0; call < 10; call++)
            {
                using var wire = new Wire(gateway.Port);
                wire.Write(Wire.Call(gateway, OpenGateway.Body(call % 2 == 0), "Connection: close\r\n")).ReadToEnd();
            }

            Assert.Equal("", gateway.Close().Trouble);
            lines.AddRange(gateway.Lines.Select(line => Encoding.UTF8.GetBytes(line.ToJsonString())));
        }

        Schemas.Assert(root, "traffic.v1.json", [.. lines]);
    }

    [Theory]
    [InlineData("{\"schema\":\"cto-harness/traffic/v1\",\"call\":1,\"part\":\"request\",\"time\":\"2026-06-01T02:58:17.250Z\"}")]
    [InlineData("{\"schema\":\"cto-harness/traffic/v1\",\"call\":1,\"part\":\"request\",\"time\":\"2026-06-01T02:58:17.250Z\",\"text\":\"a\",\"base64\":\"YQ==\"}")]
    [InlineData("{\"schema\":\"cto-harness/traffic/v1\",\"call\":1,\"part\":\"response-head\",\"time\":\"2026-06-01T02:58:17.250Z\",\"status\":200,\"content_type\":\"x\",\"authorization\":\"x\"}")]
    [InlineData("{\"schema\":\"cto-harness/traffic/v1\",\"call\":0,\"part\":\"request\",\"time\":\"2026-06-01T02:58:17.250Z\",\"text\":\"a\"}")]
    public void Control_another_line_does_not(string line)
    {
        using var root = new TempRoot();
        Assert.True(Schemas.Refuses(root, "traffic.v1.json", Encoding.UTF8.GetBytes(line)));
    }

    [Fact]
    public void A_full_disk_ends_the_record_and_not_the_calls_and_the_summary_says_so()
    {
        using var full = new FullStream();
        using var provider = new ScriptedProvider(_ => Turns.Say("well"));
        using var gateway = new OpenGateway(provider.Url, traffic: full);
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        var traffic = gateway.Close();
        Assert.Contains("no space", traffic.Trouble, StringComparison.Ordinal);
        Assert.Equal(2, traffic.Forwarded);
        Assert.Equal(1, full.Tries);
    }

    private static string Text(OpenGateway gateway, string part) =>
        string.Concat(gateway.Lines.Where(line => line["part"]!.GetValue<string>() == part && line["call"]!.GetValue<long>() == 1).Select(line => line["text"]!.GetValue<string>()));

    private sealed class FullStream : MemoryStream
    {
        public int Tries { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Tries++;
            throw new IOException("no space left on device");
        }
    }
}
