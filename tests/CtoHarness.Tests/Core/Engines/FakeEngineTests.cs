using System.Text;
using CtoHarness.Core.Engines;

namespace CtoHarness.Tests.Core.Engines;

[Trait("Mission", "M05")]
public sealed class FakeEngineTests
{
    private readonly FakeEngine _engine = new();

    [Fact]
    public void It_starts_the_given_script_with_the_solution_and_the_workspace()
    {
        var command = _engine.CommandFor(SomeTask.Of(Sample.Fake));
        Assert.Equal("/bin/sh", command.Program);
        Assert.Equal(["/given/engine.sh", "/given/solution", "/work"], command.Arguments.ToArray());
        Assert.Empty(command.Environment);
    }

    [Theory]
    [InlineData("""{"type":"started"}""", "started")]
    [InlineData("""{"type":"copied","file":"a\u0000b"}""", "copied")]
    [InlineData("""  { "type" : "finished" }""", "finished")]
    public void A_line_of_its_script_is_recognised(string line, string type) =>
        Assert.Equal(new EngineEvent(type), _engine.Recognise(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("\"type\"")]
    [InlineData("""["type"]""")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"type":"a"} {"type":"b"}""")]
    [InlineData("""{"type":"a"}x""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":""}""")]
    [InlineData("""{"type":"a\u0000b"}""")]
    public void Any_other_line_is_not(string line) => Assert.Null(_engine.Recognise(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Whatever_a_backend_writes_is_read_without_trouble()
    {
        Law.Ends(Some.Bytes, bytes => _engine.Recognise(bytes), tries: 1000);
        Law.Ends(Some.Glued("{", "}", "\"type\"", ":", "\"x\"", ",", "[", "]", "\\ud800", "\"", "1", "null", "\u00e9", " "), bytes => _engine.Recognise(bytes), tries: 2000);
    }

    [Fact]
    public void It_is_the_only_one_that_sees_the_solution()
    {
        Assert.True(EngineKinds.Find(Sample.Fake)!.SeesSolution);
        Assert.Equal("fake", EngineKinds.Find(Sample.Fake)!.Kind);
        Assert.All(EngineKinds.Known.Where(kind => kind != "fake"), kind => Assert.False(EngineKinds.Find(Sample.Fake with { Kind = kind })!.SeesSolution));
    }

    [Fact]
    public void Each_kind_has_an_adapter_and_no_other_has()
    {
        Assert.All(EngineKinds.Known, kind => Assert.Equal(kind, EngineKinds.Find(Sample.Case with { Kind = kind })!.Kind));
        Assert.Null(EngineKinds.Find(Sample.Fake with { Kind = "Fake" }));
    }
}
