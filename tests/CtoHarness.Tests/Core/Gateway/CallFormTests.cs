using System.Text;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Tests.Core.Gateway;

/// <summary>A call is read in one way only, or not at all.</summary>
[Trait("Mission", "M10")]
public sealed class CallFormTests
{
    private const string Sound = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"model\":\"n\",\"Model\":1}],\"stream_options\":{\"include_usage\":true}}";

    [Theory]
    [InlineData(Sound, "m", true)]
    [InlineData("{\"stream\":false,\"model\":\"\\u006d\"}", "m", false)]
    [InlineData(" {\"model\":\"m\",\"stream\":null}\n", "m", false)]
    [InlineData("{\"model\":\" m\"}", " m", false)]
    public void A_call_names_one_model(string body, string model, bool stream) => Assert.Equal(new CallForm(model, stream, ""), Read(body));

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("\"model\"", "no JSON object")]
    [InlineData("{\"model\":\"m\",\"models\":[\"other\"]}", "another model")]
    [InlineData("{\"model\":\"m\",\"Fallbacks\":[]}", "another model")]
    [InlineData("{\"model\":\"m\"", "no JSON")]
    [InlineData("{\"model\":\"m\"}{}", "no JSON")]
    [InlineData("{\"model\":\"m\"} x", "no JSON")]
    [InlineData("{\"model\":\"m\",}", "no JSON")]
    [InlineData("{\"model\":\"m\" /* n */}", "no JSON")]
    [InlineData("\uFEFF{\"model\":\"m\"}", "no JSON")]
    [InlineData("{}", "names no model")]
    [InlineData("{\"model\":\"\"}", "names no model")]
    [InlineData("{\"model\":null}", "names no model")]
    [InlineData("{\"model\":[\"m\"]}", "names no model")]
    [InlineData("{\"MODEL\":\"m\"}", "names no model")]
    [InlineData("{\"model\":\"m\",\"model\":\"n\"}", "twice")]
    [InlineData("{\"model\":\"m\",\"Model\":\"n\"}", "twice")]
    [InlineData("{\"model\":\"m\",\"\\u006dodel\":\"n\"}", "twice")]
    [InlineData("{\"STREAM\":1,\"model\":\"m\",\"stream\":true}", "twice")]
    [InlineData("{\"x\":1,\"model\":\"m\",\"X\":2}", "twice")]
    [InlineData("{\"model\":\"m\",\"\u017Ftream\":true}", "beyond ASCII")]
    [InlineData("{\"model\":\"m\",\"model\\u0000\":\"n\"}", "beyond ASCII")]
    [InlineData("{\"model\":\"m\",\"stream\":\"true\"}", "neither true nor false")]
    [InlineData("{\"model\":\"m\",\"stream\":1}", "neither true nor false")]
    [InlineData("{\"model\":\"\\ud800\"}", "half a character")]
    public void What_could_be_read_otherwise_is_refused(string body, string problem)
    {
        var form = Read(body);
        Assert.Equal(("", false), (form.Model, form.IsStreaming));
        Assert.Contains(problem, form.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_UTF_8_is_refused() => Assert.Contains("UTF-8", CallForm.Read([(byte)'{', 0xff, (byte)'}']).Problem, StringComparison.Ordinal);

    [Fact]
    public void Neither_depth_nor_number_of_names_is_too_much_for_it()
    {
        Assert.NotEqual("", Read($"{{\"model\":\"m\",\"x\":{new string('[', 100_000)}").Problem);
        Assert.Contains("too many", Read($"{{\"model\":\"m\",{string.Join(',', Enumerable.Range(0, 100_000).Select(one => $"\"n{one}\":1"))}}}").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_changed_in_a_call_it_is_read_or_refused() => Law.Holds(
        Mutated.Of(Encoding.UTF8.GetBytes(Sound)),
        bytes => CallForm.Read(bytes) is var form && (form.Problem.Length == 0) == (form.Model.Length > 0),
        Mutated.Usual);

    private static CallForm Read(string body) => CallForm.Read(Encoding.UTF8.GetBytes(body));
}
