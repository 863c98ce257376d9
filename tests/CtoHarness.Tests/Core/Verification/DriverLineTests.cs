using System.Text;
using CtoHarness.Core.Verification;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Verification;

[Trait("Mission", "M15")]
public sealed class DriverLineTests
{
    private const string Token = "t1";

    [Theory]
    [InlineData("""{"ready":true}""")]
    [InlineData(""" { "ready" : true } """)]
    public void A_driver_that_is_ready_says_just_this(string line) => Assert.True(DriverLine.IsReady(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData("")]
    [InlineData("ready")]
    [InlineData("true")]
    [InlineData("""["ready",true]""")]
    [InlineData("""{"ready":false}""")]
    [InlineData("""{"ready":1}""")]
    [InlineData("""{"ready":"true"}""")]
    [InlineData("""{"ready":null}""")]
    [InlineData("""{"Ready":true}""")]
    [InlineData("""{"ready":true,"case":"t1"}""")]
    [InlineData("""{"ready":true,"ready":true}""")]
    [InlineData("""{"ready":true}{"ready":true}""")]
    [InlineData("""{"ready":true}x""")]
    [InlineData("{}")]
    public void Anything_else_is_not_ready(string line) => Assert.False(DriverLine.IsReady(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData("""{"case":"t1","value":null}""", "null")]
    [InlineData("""{"value":{"a":[1.0]},"case":"t1"}""", """{"a":[1.0]}""")]
    [InlineData("""{"case":"\u0074\u0031","value":"x"}""", "\"x\"")]
    public void A_value_is_an_answer(string line, string value) =>
        Assert.True(new Answer.Returned(SomeValues.Read(value)).SameAs(Answered(line)!));

    [Fact]
    public void An_error_is_an_answer() => Assert.Equal(new Answer.Raised("ValueError"), Answered("""{"case":"t1","raised":"ValueError"}"""));

    [Fact]
    public void The_name_of_an_error_has_1_to_200_characters()
    {
        Assert.NotNull(Answered($$"""{"case":"t1","raised":"{{new string('E', 200)}}"}"""));
        Assert.Null(Answered($$"""{"case":"t1","raised":"{{new string('E', 201)}}"}"""));
        Assert.Null(Answered("""{"case":"t1","raised":""}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("hello")]
    [InlineData("""{"case":"t1"}""")]
    [InlineData("""{"value":1}""")]
    [InlineData("""{"case":"t2","value":1}""")]
    [InlineData("""{"case":"T1","value":1}""")]
    [InlineData("""{"case":"t1 ","value":1}""")]
    [InlineData("""{"case":["t1"],"value":1}""")]
    [InlineData("""{"case":null,"value":1}""")]
    [InlineData("""{"case":"t1","value":1,"raised":"E"}""")]
    [InlineData("""{"case":"t1","value":1,"extra":null}""")]
    [InlineData("""{"case":"t1","extra":1}""")]
    [InlineData("""{"case":"t1","Value":1}""")]
    [InlineData("""{"case":"t1","case":"t1"}""")]
    [InlineData("""{"case":"t1","value":1,"value":1}""")]
    [InlineData("""{"case":"t1","raised":1}""")]
    [InlineData("""{"case":"t1","raised":null}""")]
    [InlineData("""{"case":"t1","raised":["E"]}""")]
    [InlineData("""{"case":"t1","value":1}{"case":"t1","value":1}""")]
    [InlineData("""{"case":"t1","value":1} {"case":"t2","value":1}""")]
    [InlineData("""{"case":"t1","value":1}x""")]
    [InlineData("""x{"case":"t1","value":1}""")]
    [InlineData("""{"case":"t1","value":1""")]
    [InlineData("""{"case":"t1","value":NaN}""")]
    [InlineData("""{"case":"t1","value":"\ud800"}""")]
    [InlineData("""{"case":"t1","value":{"a":1,"a":2}}""")]
    [InlineData("""{"case":"t1","raised":"\ud800"}""")]
    [InlineData("""[{"case":"t1","value":1}]""")]
    [InlineData("""{"ready":true}""")]
    public void Any_other_line_is_none(string line) => Assert.Null(Answered(line));

    [Fact]
    public void An_answer_that_is_written_is_read_again() => Law.Holds(
        SomeValues.Value, value => Answered(Encoding.UTF8.GetString([.. """{"case":"t1","value":"""u8, .. SomeValues.Write(value), .. "}"u8])) is { } answer && answer.SameAs(new Answer.Returned(value)), tries: 1000);

    [Fact]
    public void No_line_that_answers_one_request_answers_another() => Law.Holds(
        Some.Text.Where(token => token != Token), token => DriverLine.TryRead("""{"case":"t1","value":1}"""u8.ToArray(), token) is null);

    [Fact]
    public void Whatever_a_driver_writes_is_read_without_trouble()
    {
        Law.Ends(Some.Bytes, bytes => _ = (DriverLine.TryRead(bytes, Token), DriverLine.IsReady(bytes)), tries: 2000);
        Law.Ends(
            Some.Glued("{", "}", "\"case\"", "\"t1\"", "\"value\"", "\"raised\"", "\"ready\"", "true", ":", ",", "[", "]", "1", "\\ud800", "\"", " "),
            bytes => _ = (DriverLine.TryRead(bytes, Token), DriverLine.IsReady(bytes)),
            tries: 5000);
    }

    [Fact]
    public void A_request_is_one_line_of_ASCII()
    {
        var input = (JsonValue.Map)SomeValues.Read("""{"arguments":["é\n\u2028",1.50],"keywords":{"max":null}}""");
        Assert.Equal("""{"case":"t1","arguments":["\u00E9\n\u2028",1.50],"keywords":{"max":null}}""" + "\n", Encoding.UTF8.GetString(DriverLine.Request(Token, input)));
        Law.Holds(
            SomeValues.Value,
            value => DriverLine.Request("a\nb", new JsonValue.Map([("arguments", new JsonValue.List([value]))])) is var bytes
                && bytes.IndexOf((byte)'\n') == bytes.Length - 1 && bytes.All(one => one < 0x80));
    }

    [Fact]
    public void A_command_answers_with_its_output_and_its_exit_code()
    {
        Assert.True(new Answer.Returned(SomeValues.Read("""{"stdout":"é\n","exit_code":3}""")).SameAs(DriverLine.OfCommand("é\n"u8, 3)));
        Assert.True(new Answer.Returned(SomeValues.Read("""{"stdout_base64":"/w==","exit_code":0}""")).SameAs(DriverLine.OfCommand([0xff], 0)));
    }

    [Fact]
    public void A_value_and_an_error_of_the_same_text_are_not_the_same() =>
        Assert.False(new Answer.Returned(new JsonValue.Characters("E")).SameAs(new Answer.Raised("E")));

    [Fact]
    public void An_answer_is_written_with_the_name_that_it_has()
    {
        Assert.Equal("""{"value":[1]}""", Encoding.UTF8.GetString(CtoHarness.Core.Evidence.JsonText.Line(new Answer.Returned(SomeValues.Read("[1]")).WriteTo)));
        Assert.Equal("""{"raised":"E"}""", Encoding.UTF8.GetString(CtoHarness.Core.Evidence.JsonText.Line(new Answer.Raised("E").WriteTo)));
    }

    private static Answer? Answered(string line) => DriverLine.TryRead(Encoding.UTF8.GetBytes(line), Token);
}
