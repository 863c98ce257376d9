using System.Text;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Tests.Core.Gateway;

[Trait("Mission", "M10")]
public sealed class CallSpanTests
{
    private static readonly ModelCall Call = new(
        1, "m", CallRefusal.None, ProviderTrouble.None, "", false, true, 200, true, null, 10, null, 20, 3, 4, 5, 6) { FinishReasons = ["stop"] };

    [Fact]
    public void A_call_is_told_in_the_names_of_OpenTelemetry()
    {
        Assert.Equal("chat m", CallSpan.NameOf(Call));
        Assert.Equal(
            """{"gen_ai.operation.name":"chat","gen_ai.provider.name":"p","gen_ai.request.model":"m","gen_ai.response.finish_reasons":["stop"],"gen_ai.usage.input_tokens":3,"gen_ai.usage.output_tokens":4,"http.response.status_code":200}""",
            Attributes(Call));
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var refused = Call with { Model = "", Refusal = CallRefusal.Form, Status = null, InputTokens = null, OutputTokens = null, FinishReasons = [] };
        Assert.Equal("chat", CallSpan.NameOf(refused));
        Assert.Equal("""{"gen_ai.operation.name":"chat","gen_ai.provider.name":"p","error.type":"refused-form"}""", Attributes(refused));
    }

    [Fact]
    public void An_error_has_one_word()
    {
        Assert.EndsWith("\"error.type\":\"cut-off\"}", Attributes(Call with { Trouble = ProviderTrouble.CutOff }), StringComparison.Ordinal);
        Assert.EndsWith("\"error.type\":\"422\"}", Attributes(Call with { Status = 422 }), StringComparison.Ordinal);
        Assert.EndsWith("\"error.type\":\"abandoned\"}", Attributes(Call with { IsAbandoned = true }), StringComparison.Ordinal);
    }

    private static string Attributes(ModelCall call) => Encoding.UTF8.GetString(JsonText.Line(json =>
    {
        json.WriteStartObject();
        CallSpan.WriteAttributes(json, call, "p");
        json.WriteEndObject();
    }));
}
