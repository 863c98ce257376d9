using System.Text;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>The provider's key reaches neither the backend nor the record, whatever the provider does with it.</summary>
[Trait("Mission", "M20")]
public sealed class SecretTests
{
    private const string Mark = "[withheld:PROVIDER_KEY]";
    private static readonly string Hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(OpenGateway.Key));
    private static readonly string Json = OpenGateway.Key.Replace("\"", "\\\"", StringComparison.Ordinal);

    [Fact]
    public void A_provider_that_repeats_its_key_does_not_hand_it_on()
    {
        using var provider = new RawProvider((request, stream, stop) =>
            stream.WriteAsync(Encoding.UTF8.GetBytes(RawProvider.Whole($"{{\"error\":\"{Json} {request.Header("Authorization").Replace("\"", "\\\"", StringComparison.Ordinal)} {Hex}\"}}", status: 401)), stop).AsTask());
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal((401, $"{{\"error\":\"{Mark} Bearer {Mark} {Mark}\"}}"), gateway.Ask(OpenGateway.Body(false)));
        gateway.Close();
        NowhereIn(gateway);
    }

    [Fact]
    public void A_key_that_comes_in_pieces_is_found_wherever_it_is_cut()
    {
        var text = Encoding.UTF8.GetBytes($"data: {{\"x\":\"{Json}\"}}\n\n{RawProvider.Done}");
        for (var cut = 8; cut < 40; cut += 3)
        {
            var at = cut;
            using var provider = new RawProvider(async (_, stream, stop) =>
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(RawProvider.Head()), stop);
                await stream.WriteAsync(text.AsMemory(0, at), stop);
                await Task.Delay(20, stop);
                await stream.WriteAsync(text.AsMemory(at), stop);
            });
            using var gateway = new OpenGateway(provider.Url);
            Assert.Equal((200, $"data: {{\"x\":\"{Mark}\"}}\n\n{RawProvider.Done}"), gateway.Ask(OpenGateway.Body(true)));
            Assert.Equal(ProviderTrouble.None, gateway.Only().Trouble);
            NowhereIn(gateway);
        }
    }

    [Fact]
    public void A_key_in_a_header_of_an_answer_is_not_handed_on()
    {
        using var provider = new RawProvider(RawProvider.Whole("{}", $"application/json; x={OpenGateway.Key}", more: $"X-Key: {OpenGateway.Key}\r\n"));
        using var gateway = new OpenGateway(provider.Url);
        using var wire = new Wire(gateway.Port);
        var answer = wire.Write(Wire.Call(gateway, OpenGateway.Body(false), "Connection: close\r\n")).ReadToEnd();
        Assert.Contains("Content-Type: application/octet-stream\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-test", answer, StringComparison.Ordinal);
        gateway.Close();
        NowhereIn(gateway);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nAuthorization Bearer KEY\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n(KEY): x\r\n\r\n")]
    [InlineData("KEY KEY\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzzKEY\r\n")]
    public void A_key_in_what_is_no_answer_stands_in_no_message_about_it(string answer)
    {
        using var provider = new RawProvider(answer.Replace("KEY", OpenGateway.Key, StringComparison.Ordinal));
        using var gateway = new OpenGateway(provider.Url);
        using var wire = new Wire(gateway.Port);
        Assert.DoesNotContain("sk-test", wire.Write(Wire.Call(gateway, OpenGateway.Body(false), "Connection: close\r\n")).ReadToEnd(), StringComparison.Ordinal);
        var call = gateway.Only();
        Assert.Equal(ProviderTrouble.Malformed, call.Trouble);
        Assert.DoesNotContain("sk-test", call.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("73-6B-2D", call.Detail, StringComparison.Ordinal);
        NowhereIn(gateway);
    }

    [Fact]
    public void A_key_in_the_reason_why_a_model_stopped_stands_in_no_record()
    {
        using var provider = new RawProvider(RawProvider.Whole($"{{\"choices\":[{{\"finish_reason\":\"\\u0073{Json[1..]}\"}}]}}"));
        using var gateway = new OpenGateway(provider.Url);
        gateway.Ask(OpenGateway.Body(false));
        Assert.Equal(Mark, Assert.Single(gateway.Only().FinishReasons));
    }

    [Fact]
    public void A_redirect_does_not_take_the_key_elsewhere()
    {
        using var elsewhere = new RawProvider(RawProvider.Whole("{}"));
        using var provider = new RawProvider(RawProvider.Whole("{}", status: 307, more: $"Location: {elsewhere.Url}/chat/completions\r\n"));
        using var gateway = new OpenGateway(provider.Url);
        Assert.Equal(502, gateway.Ask(OpenGateway.Body(false)).Status);
        Assert.Empty(elsewhere.Asked);
    }

    [Fact]
    public void A_key_that_the_backend_got_hold_of_stands_in_no_record()
    {
        using var provider = new RawProvider(RawProvider.Whole("{}"));
        using var gateway = new OpenGateway(provider.Url);
        gateway.Ask(OpenGateway.Body(false, OpenGateway.Key));
        gateway.Ask(OpenGateway.Body(false, model: OpenGateway.Key));
        Assert.All(gateway.Close().Calls, call => Assert.DoesNotContain("sk-test", call.ToString(), StringComparison.Ordinal));
        NowhereIn(gateway);
        Assert.Contains(Mark, gateway.TrafficText, StringComparison.Ordinal);
        Assert.Contains(Mark, gateway.Told[1].Model, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_bundle_may_hold_is_passed_on_and_stands_in_no_record()
    {
        using var provider = new RawProvider(RawProvider.Whole("{\"x\":\"a plain secret\"}"));
        using var gateway = new OpenGateway(provider.Url, withheld: ValueSearch.Of([new WithheldValue("TOKEN", "plain secret"u8.ToArray())]));
        Assert.Equal((200, "{\"x\":\"a plain secret\"}"), gateway.Ask(OpenGateway.Body(false, "plain secret")));
        Assert.Contains("plain secret", Assert.Single(provider.Asked).Body, StringComparison.Ordinal);
        gateway.Close();
        Assert.DoesNotContain("plain secret", gateway.TrafficText, StringComparison.Ordinal);
        Assert.Equal(2, gateway.TrafficText.Split("[withheld:TOKEN]").Length - 1);
    }

    [Fact]
    public void A_provider_without_a_key_gets_none()
    {
        using var provider = new RawProvider(RawProvider.Whole("{}"));
        using var gateway = new OpenGateway(provider.Url, plan => plan with { Key = null });
        using var request = gateway.Request(OpenGateway.Body(false));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer of-the-backend");
        gateway.Send(request);
        Assert.DoesNotContain("Authorization", Assert.Single(provider.Asked).Headers.Keys);
    }

    private static void NowhereIn(OpenGateway gateway)
    {
        foreach (var form in new[] { OpenGateway.Key, Json, Hex, "sk-test/8+f0", "Bearer sk", "Authorization" })
        {
            Assert.DoesNotContain(form, gateway.TrafficText, StringComparison.Ordinal);
        }
    }
}
