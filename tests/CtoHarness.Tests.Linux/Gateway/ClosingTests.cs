using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Gateway;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>A gateway always comes to its end, and its end tells all.</summary>
[Trait("Mission", "M10")]
public sealed class ClosingTests
{
    [Fact]
    public void A_gateway_that_never_served_saw_nothing()
    {
        using var stream = new MemoryStream();
        using var gateway = Closed(stream);
        var traffic = gateway.Close();
        Assert.Equal((0L, 0L, null, ""), (traffic.Forwarded, traffic.Refused, traffic.NonceSeen, traffic.Trouble));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_listener_that_comes_too_late_is_closed()
    {
        using var stream = new MemoryStream();
        using var gateway = Closed(stream);
        gateway.Close();
        using var file = File.OpenHandle("/dev/null");
        gateway.Serve(file);
        Assert.True(file.IsClosed);
        Assert.Equal("", gateway.Close().Trouble);
    }

    [Fact]
    public void What_is_no_listener_is_trouble_of_the_gateway_and_nobody_else_s()
    {
        using var stream = new MemoryStream();
        using var gateway = Closed(stream);
        using var file = File.OpenHandle("/dev/null");
        gateway.Serve(file);
        using var second = File.OpenHandle("/dev/null");
        gateway.Serve(second);
        Assert.True(second.IsClosed);
        var traffic = gateway.Close();
        Assert.Contains("could not be opened", traffic.Trouble, StringComparison.Ordinal);
        Assert.True(file.IsClosed);
    }

    [Fact]
    public void A_call_that_is_under_way_at_the_end_is_told_of_as_abandoned()
    {
        using var provider = new ScriptedProvider(_ => Turns.HangAfter(2));
        using var gateway = new OpenGateway(provider.Url);
        using var wires = new Wires();
        for (var number = 0; number < 5; number++)
        {
            var wire = wires.Add(new Wire(gateway.Port));
            wire.Write(Wire.Call(gateway, OpenGateway.Body(true))).ReadUntil("data:");
        }

        var traffic = gateway.Close();
        Assert.Equal("", traffic.Trouble);
        Assert.Equal(["", "", "", "", ""], traffic.Calls.Select(call => call.Detail));
        Assert.All(traffic.Calls, call => Assert.Equal((true, ProviderTrouble.None, 200), (call.IsAbandoned, call.Trouble, call.Status)));
        Assert.All(traffic.Calls, call => Assert.True(call.ResponseBytes > 0));
        Assert.Equal(5, gateway.Told.Length);
        Assert.Null(traffic.Unrecovered);
        Assert.Equal(5, gateway.Lines.Count(line => line["part"]!.GetValue<string>() == "end"));
    }

    [Fact]
    public void After_the_end_nobody_is_served()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("well"));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        var traffic = gateway.Close();
        Assert.Throws<HttpRequestException>(() => gateway.Ask(OpenGateway.Body(true)));
        Assert.Equal(traffic, gateway.Close());
        Assert.Equal(1, provider.Calls);
    }

    [Fact]
    public void Whoever_listens_may_fail_without_ending_anything()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("well"));
        using var gateway = new OpenGateway(provider.Url, called: _ => throw new IOException("no space left on device"));
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        Assert.Equal(200, gateway.Ask(OpenGateway.Body(true)).Status);
        var traffic = gateway.Close();
        Assert.Contains("no space", traffic.Trouble, StringComparison.Ordinal);
        Assert.Equal(2, traffic.Forwarded);
    }

    private static ModelGateway Closed(Stream stream) => new(
        new GatewayPlan(
            new Provider("p", "P", "http://127.0.0.1:1/v1", Provider.ChatCompletions, "", "", true), new ModelName("p", "m"), null, OpenGateway.Nonce,
            new GatewayLimits(1, 1, 1, 1, 1, 1, 0), TimeSpan.FromSeconds(1), 1),
        _ => Assert.Fail("nothing was called"), stream, ValueSearch.None, TimeProvider.System);

    private sealed class Wires : IDisposable
    {
        private readonly List<Wire> _wires = [];

        public Wire Add(Wire wire)
        {
            _wires.Add(wire);
            return wire;
        }

        public void Dispose() => _wires.ForEach(wire => wire.Dispose());
    }
}
