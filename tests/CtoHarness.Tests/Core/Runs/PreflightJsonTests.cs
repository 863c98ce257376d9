using System.Collections.Immutable;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;

namespace CtoHarness.Tests.Core.Runs;

[Trait("Mission", "M08")]
public sealed class PreflightJsonTests
{
    [Fact]
    public void Checks_and_layers_are_read_again()
    {
        ImmutableArray<PreflightCheck> checks = [new("backend", true, "/x"), new("sandbox", false, "\u001b no")];
        var layers = ImmutableSortedDictionary<string, string>.Empty.Add("bubblewrap", "0.8.0");
        var json = JsonFields.TryParse(JsonText.Line(writer =>
        {
            writer.WriteStartObject();
            foreach (var check in checks)
            {
                writer.WriteBoolean(check.Name, check.Passed);
            }

            PreflightJson.WriteDetails(writer, checks, layers);
            writer.WriteEndObject();
        }))!.Value;
        var again = PreflightJson.Read(json);
        Assert.Equal(checks.ToArray(), again.Checks.ToArray());
        Assert.Equal(layers, again.Layers);
    }

    [Fact]
    public void Tries_of_the_self_test_are_read_again_and_none_is_not_an_empty_list()
    {
        ImmutableArray<PreflightCheck> tries = [new("dns-out", true, "no way there"), new("signal", false, "\u001b done")];
        Assert.Equal(tries.ToArray(), Again(tries)!.Value.ToArray());
        Assert.Null(Again(null));

        static ImmutableArray<PreflightCheck>? Again(ImmutableArray<PreflightCheck>? tries) => PreflightJson.ReadSelfTest(JsonFields.TryParse(JsonText.Line(writer =>
        {
            writer.WriteStartObject();
            PreflightJson.WriteSelfTest(writer, tries);
            writer.WriteEndObject();
        }))!.Value);
    }

    [Theory]
    [InlineData("{\"self_test\":{\"a\":{},\"b\":5,\"c\":{\"passed\":\"true\"}}}", 2)]
    [InlineData("{\"self_test\":{}}", 0)]
    public void A_try_without_an_answer_did_not_come_out_right(string text, int count)
    {
        var tries = PreflightJson.ReadSelfTest(JsonFields.TryParse(System.Text.Encoding.UTF8.GetBytes(text))!.Value)!.Value;
        Assert.Equal(count, tries.Length);
        Assert.DoesNotContain(tries, one => one.Passed);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"details\":5,\"layers\":[true]}")]
    [InlineData("{\"layers\":{\"\":\"x\",\"y\":5}}")]
    public void What_cannot_be_read_is_left_out(string text)
    {
        var (checks, layers) = PreflightJson.Read(JsonFields.TryParse(System.Text.Encoding.UTF8.GetBytes(text))!.Value);
        Assert.Empty(checks);
        Assert.Empty(layers);
    }
}
