using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>What is asked of the admitted model reaches the provider, and its answer comes back.</summary>
[Trait("Mission", "M10")]
public sealed class PassingTests
{
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
        Assert.Equal(["stop"], call.FinishReasons);
        Assert.NotNull(call.FirstTokenMs);
    }
}
