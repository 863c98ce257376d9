using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Documents.Engines;
using CtoHarness.Tests.Documents;

namespace CtoHarness.Tests.Core.Engines;

[Trait("Mission", "M05")]
public sealed class CommandEngineTests
{
    [Theory]
    [InlineData("pi")]
    [InlineData("case")]
    public void The_engines_of_the_checkout_are_started_like_this(string name)
    {
        var engine = DocumentText.Sound(EngineDocument.Read(name + ".yaml", name, DocumentText.Shipped("engines", name + ".yaml")));
        var command = new CommandEngine(engine).CommandFor(SomeTask.Of(engine));
        Assert.Equal("", command.Refusal);
        Approved.Matches($"command.{name}", Shown(command));
    }

    [Fact]
    public void A_program_is_started_itself_and_a_script_by_its_interpreter()
    {
        Assert.Equal("/opt/agent/agent.js", Command(SomeTask.Told("a")).Program);
        var script = Command(SomeTask.Told("a") with { InterpreterName = "node" });
        Assert.Equal("/usr/bin/node", script.Program);
        Assert.Equal(["/opt/agent/agent.js", "a"], script.Arguments.ToArray());
    }

    [Fact]
    public void Variables_and_standard_input_are_expanded_too()
    {
        var command = Command(SomeTask.Told() with { Input = "${task}: ${instruction}", Environment = SomeTask.Told().Environment.Add("A", "${base_url}") });
        Assert.Equal("r1-string-slugify: Say \"it\"\nand \\ stop.\n", command.Input);
        Assert.Equal("http://127.0.0.1:4000/v1", command.Environment["A"]);
    }

    [Fact]
    public void The_test_command_is_quoted_for_a_shell() =>
        Assert.Equal([@"'python3' '-c' 'print('\''a b'\'')'"], SomeTask.Arguments(SomeTask.Told("${test_command}")).ToArray());

    [Fact]
    public void In_JSON_a_value_is_the_inside_of_a_text()
    {
        var file = Assert.Single(Command(SomeTask.Given(new FileTemplate(FilePlace.Home, "a/${task}.json", true, """{"a": "<${instruction}>"}"""))).Files);
        Assert.Equal("a/r1-string-slugify.json", file.Path.ToString());
        using var json = System.Text.Json.JsonDocument.Parse(file.Text);
        Assert.Equal("<Say \"it\"\nand \\ stop.\n>", json.RootElement.GetProperty("a").GetString());
    }

    [Theory]
    [InlineData("{", "a")]
    [InlineData("""{"a": ${instruction}}""", "a")]
    [InlineData("""{"a": "${instruction}"}""", "a", (char)0xD800)]
    public void What_gives_no_JSON_is_refused(string text, string instruction, char more = ' ') => Assert.Contains(
        "is no JSON", Refusal(SomeTask.Given(new FileTemplate(FilePlace.Home, "a", true, text)), instruction + more), StringComparison.Ordinal);

    [Fact]
    public void A_path_that_leads_elsewhere_is_refused() =>
        Assert.Contains("gives no path of a file", Refusal(SomeTask.Given(new FileTemplate(FilePlace.Home, "../a", false, "a"))), StringComparison.Ordinal);

    [Fact]
    public void A_value_that_no_program_can_be_given_is_refused()
    {
        Assert.Contains("argument 2 would hold a NUL character", Refusal(SomeTask.Told("a", "${instruction}"), "a\0b"), StringComparison.Ordinal);
        var variable = SomeTask.Told() with { Environment = SomeTask.Told().Environment.Add("A", "${instruction}") };
        Assert.Contains("the variable \"A\" would hold a NUL character", Refusal(variable, "\0"), StringComparison.Ordinal);
        Assert.Contains("argument 1 would be 131073 bytes long", Refusal(SomeTask.Told("${instruction}"), new string('a', 131_072)), StringComparison.Ordinal);
        Assert.Contains("argument 1 would be", Refusal(SomeTask.Told("${instruction}"), new string('\u20ac', 50_000)), StringComparison.Ordinal);
        Assert.Contains("the variable \"A\" would be 131073 bytes long", Refusal(variable, new string('a', 131_070)), StringComparison.Ordinal);
        Assert.Contains("long together", Refusal(SomeTask.Told([.. Enumerable.Repeat("${instruction}", 9)]), new string('a', 131_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Control_what_just_fits_is_passed_on()
    {
        Assert.Equal(131_071, Assert.Single(SomeTask.Arguments(SomeTask.Told("${instruction}"), new string('a', 131_071))).Length);
        Assert.Equal("a\0b", new CommandEngine(SomeTask.Told() with { Input = "${instruction}" }).CommandFor(SomeTask.Of(SomeTask.Told(), "a\0b")).Input);
    }

    [Fact]
    [Trait("Mission", "M15")]
    public void Own_files_that_would_hide_a_change_are_refused() =>
        Assert.Contains("which covers \"strings.py\"", Refusal(SomeTask.Told() with { OwnFiles = [Sample.Pattern("strings.*")] }), StringComparison.Ordinal);

    [Fact]
    public void The_file_of_the_records_may_have_a_star() =>
        Assert.Equal(".a/r1-string-slugify/*.jsonl", Command(SomeTask.Told() with { OutputFile = ".a/${task}/*.jsonl" }).OutputFile!.Text);

    [Fact]
    public void An_engine_only_lowers_a_limit()
    {
        var low = EngineLimits.Over(RunPolicy.BuiltIn, SomeTask.Told() with { Limits = SomeTask.Told().Limits.Add("limits.wall_seconds", 10).Add("gateway.calls", 10_000) });
        Assert.Equal(10, low.Limits.WallSeconds);
        Assert.Equal("engines/some.yaml", low.Settings.Single(one => one.Name == "limits.wall_seconds").Source);
        Assert.Equal(RunPolicy.BuiltIn.Gateway, low.Gateway);
    }

    private static EngineCommand Command(EngineManifest engine)
    {
        var command = new CommandEngine(engine).CommandFor(SomeTask.Of(engine));
        Assert.Equal("", command.Refusal);
        return command;
    }

    private static string Refusal(EngineManifest engine, string? instruction = null)
    {
        var command = new CommandEngine(engine).CommandFor(SomeTask.Of(engine, instruction));
        Assert.Empty(command.Program);
        Assert.StartsWith("the engine some cannot be started: ", command.Refusal, StringComparison.Ordinal);
        return command.Refusal;
    }

    private static string Shown(EngineCommand command)
    {
        var text = new StringBuilder();
        text.Append("program: ").Append(command.Program).Append('\n');
        foreach (var argument in command.Arguments)
        {
            text.Append("argument: ").Append(argument).Append('\n');
        }

        foreach (var (name, value) in command.Environment)
        {
            text.Append("variable: ").Append(name).Append('=').Append(value).Append('\n');
        }

        text.Append("records: ").Append(command.OutputFile?.Text ?? "standard output").Append('\n');
        text.Append("--- standard input\n").Append(command.Input);
        foreach (var file in command.Files)
        {
            text.Append("--- ").Append(file.Place).Append(": ").Append(file.Path.ToString()).Append('\n').Append(file.Text);
        }

        return text.ToString();
    }
}
