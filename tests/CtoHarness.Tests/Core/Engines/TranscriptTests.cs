using System.Text;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Tests.Core.Engines;

/// <summary>What real programs printed, and what is read out of it.</summary>
[Trait("Mission", "M14")]
public sealed class TranscriptTests
{
    [Theory]
    [InlineData("ok")]
    [InlineData("bad-tests")]
    [InlineData("edit-disallowed")]
    [InlineData("refused")]
    [InlineData("unavailable")]
    [InlineData("hang")]
    public void What_Pi_printed_is_read_as(string scenario) => Read(OutputWire.Pi, "pi", scenario, $"{scenario}.jsonl");

    [Theory]
    [InlineData("ok")]
    [InlineData("bad-tests")]
    [InlineData("edit-disallowed")]
    [InlineData("refused")]
    [InlineData("hang")]
    public void What_Case_logged_is_read_as(string scenario) => Read(OutputWire.Case, "case", scenario, $"{scenario}.events.jsonl");

    [Fact]
    public void A_phase_that_was_skipped_is_none_that_ended()
    {
        var counted = Counted(OutputWire.Case, "case", "refused.events.jsonl");
        Assert.Equal(1, counted.Records["phase_end:implement"]);
        Assert.False(counted.Records.ContainsKey("phase_end:verify"));
        Assert.Equal(3, counted.Records["phase_skipped:verify"]);
    }

    [Fact]
    public void The_last_record_of_a_run_that_was_stopped_is_missing()
    {
        Assert.False(Counted(OutputWire.Case, "case", "hang.events.jsonl").Records.ContainsKey("pipeline_end"));
        Assert.False(Counted(OutputWire.Pi, "pi", "hang.jsonl").Records.ContainsKey("agent_end"));
        Assert.True(Counted(OutputWire.Case, "case", "ok.events.jsonl").Records.ContainsKey("pipeline_end"));
        Assert.True(Counted(OutputWire.Pi, "pi", "ok.jsonl").Records.ContainsKey("agent_end"));
    }

    [Theory]
    [InlineData("""{"event":"phase_end","outcome":"completed"}""")]
    [InlineData("""{"event":1}""")]
    [InlineData("""{"type":"phase_end"}""")]
    [InlineData("""[{"event":"pipeline_end"}]""")]
    [InlineData("""{"event":"pipeline_end"} {}""")]
    [InlineData("""{"event":"pipeline_end",}""")]
    [InlineData("""{"event":"a\nb"}""")]
    [InlineData("pipeline_end")]
    public void A_line_that_is_not_Cases_is_not_recognised(string line) => Assert.Null(Engine(OutputWire.Case).Recognise(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void A_line_that_is_nested_too_deep_is_not_recognised() =>
        Assert.Null(Engine(OutputWire.Pi).Recognise(Encoding.UTF8.GetBytes($"{{\"type\":\"a\",\"b\":{new string('[', 70)}{new string(']', 70)}}}")));

    [Fact]
    public void An_engine_without_records_has_none() => Assert.Null(Engine(OutputWire.None).Recognise("""{"type":"a"}"""u8));

    [Fact]
    public void The_records_of_any_other_program_have_a_type_and_may_say_more()
    {
        var engine = Engine(OutputWire.JsonLines);
        Assert.Equal(new EngineEvent("done"), engine.Recognise("""{"type":"done"}"""u8));
        Assert.Equal(
            new EngineEvent("tool", "bash", "ok", false, 12),
            engine.Recognise("""{"duration_ms":12,"is_error":false,"outcome":"ok","tool":"bash","type":"tool","more":[{"type":"x"}]}"""u8));
        Assert.Equal(
            new EngineEvent("tool"),
            engine.Recognise(Encoding.UTF8.GetBytes($$"""{"type":"tool","tool":"{{new string('a', 101)}}","outcome":"a\u001b[m","is_error":1,"duration_ms":-1}""")));
    }

    [Theory]
    [InlineData("event")]
    [InlineData("type")]
    public void Whatever_a_program_prints_is_read_without_trouble(string name)
    {
        foreach (var wire in Enum.GetValues<OutputWire>())
        {
            var engine = Engine(wire);
            Law.Ends(Some.Bytes, bytes => engine.Recognise(bytes), tries: 300);
            Law.Ends(
                Some.Glued("{", "}", $"\"{name}\":", "\"phase_end\"", ",", "\"phase\":", "\"message\":", "\"stopReason\":", "[", "]", "\\ud800", "\"", "1e9", "null", "true", "\u00e9", " "),
                bytes => engine.Recognise(bytes),
                tries: 1000);
        }
    }

    private static void Read(OutputWire wire, string program, string scenario, string file)
    {
        var reader = new ClaimReader(Engine(wire));
        var claims = reader.Append(Transcript(program, file)).Concat(reader.Finish()).ToList();
        var text = new StringBuilder(Encoding.UTF8.GetString(JsonText.Document(json =>
        {
            json.WriteStartObject();
            BackendClaimsJson.Write(json, reader.Counted);
            json.WriteEndObject();
        })));
        claims.ForEach(claim => text.Append(Encoding.UTF8.GetString(BackendClaimsJson.Line(claim))));
        Approved.Matches($"claims.{program}.{scenario}", text.ToString());
    }

    private static BackendClaims Counted(OutputWire wire, string program, string file)
    {
        var reader = new ClaimReader(Engine(wire));
        reader.Append(Transcript(program, file));
        reader.Finish();
        return reader.Counted;
    }

    private static CommandEngine Engine(OutputWire wire) => new(SomeTask.Told() with { Output = wire });

    private static byte[] Transcript(string program, string file) =>
        File.ReadAllBytes(Repository.At("tests", "CtoHarness.Tests", "Core", "Engines", "Transcripts", program, file));
}
