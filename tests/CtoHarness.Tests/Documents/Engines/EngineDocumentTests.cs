using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Engines;

namespace CtoHarness.Tests.Documents.Engines;

[Trait("Mission", "M05")]
public sealed class EngineDocumentTests
{
    private const string Case =
        """
        schema: cto-harness/engine/v1
        name: case
        kind: case
        title: Case
        executable: {name: ca, variable: CTO_HARNESS_CASE_BIN}
        wire: openai-chat-completions
        model: {provider: p, name: m}
        output: {wire: case}
        required_records: [pipeline_end]
        """;

    private const string Fake =
        """
        schema: cto-harness/engine/v1
        name: fake
        kind: fake
        title: Stand-in
        version: "1"
        script: fake/engine.sh
        """;

    private const string Whole =
        """
        schema: cto-harness/engine/v1
        name: some
        kind: command
        title: Some
        executable: {name: some, variable: SOME_BIN, package: true, interpreter: {name: node, variable: NODE_BIN}}
        version_command: [--version]
        wire: none
        arguments: [-p, "${task}"]
        environment: {SOME_MODE: on}
        input: ${instruction}
        files:
          - {place: home, path: .some.json, form: json, text: '{"a": "${model}"}'}
          - {place: workspace, path: ".some/${task}", form: text, text: x}
        own_files: [.some/**]
        output: {wire: json-lines, file: .some/*.log}
        required_records: [done]
        limits: {wall_seconds: 60, model_calls: 3}
        stand_in: true
        """;

    private const string Wrong =
        """
        schema: cto-harness/engine/v1
        name: some
        kind: command
        title: Some
        executable: {name: a/b, variable: X-Y, package: "true", interpreter: {name: /node, variable: n}}
        version_command: --version
        wire: soap
        arguments: ["${nounce}", "${task", []]
        environment: {HOME: /, 1A: x, A-B: x, C: "${x}", D: []}
        input: ${key}
        files:
          - {place: elsewhere, path: ../a, form: yaml, text: "${b}"}
          - {place: home, path: "a/${instruction}", form: json, text: '{"a": ${task}}'}
          - {place: home, path: b, form: text, text: x, mode: 644}
          - {place: home, path: b, form: text, text: x}
          - {place: workspace, path: .git/config, form: text, text: x}
          - {place: workspace, path: strings.py, form: text, text: x}
        own_files: ["**", "*/a", .git/**, a//b]
        output: {wire: xml, file: a/**/b}
        limits: {wall_seconds: 0, model_calls: 1.5, requests: 3}
        stand_in: maybe
        required_records: ["a\nb"]
        """;

    private const string Scripted =
        """
        schema: cto-harness/engine/v1
        name: says-done
        kind: scripted
        title: Reports success after no edit
        script: says-done/engine.sh
        """;

    [Fact]
    public void Every_engine_in_the_checkout_is_sound()
    {
        var names = Directory.GetFiles(Repository.At("harness", "engines"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        Assert.Equal(["case", "fake", "pi"], names.Where(name => name is "case" or "fake" or "pi").Order(StringComparer.Ordinal));
        Assert.All(names, name => DocumentText.Sound(EngineDocument.Read(name + ".yaml", name, DocumentText.Shipped("engines", name + ".yaml"))));
    }

    [Fact]
    [Trait("Mission", "M10")]
    public void The_case_of_the_checkout_calls_the_first_admitted_model_and_asks_for_its_records()
    {
        var engine = DocumentText.Sound(EngineDocument.Read("case.yaml", "case", DocumentText.Shipped("engines", "case.yaml")));
        Assert.Equal(new ModelName("qwen-local", "qwen3.6-35b-a3b"), engine.Model);
        Assert.Contains("pipeline_end", engine.RequiredRecords);
        Assert.Equal(("ca", "CTO_HARNESS_CASE_BIN"), (engine.ExecutableName, engine.ExecutableVariable));
        Assert.False(engine.IsFake);
    }

    [Fact]
    public void The_fake_of_the_checkout_is_the_fake_engine_and_its_script_is_there()
    {
        var engine = DocumentText.Sound(EngineDocument.Read("fake.yaml", "fake", DocumentText.Shipped("engines", "fake.yaml")));
        Assert.True(engine.IsFake);
        Assert.Null(engine.Model);
        Assert.True(File.Exists(Repository.At(["harness", "engines", .. engine.Script.Split('/')])));
    }

    [Fact]
    public void All_problems_are_reported_at_once() => Approved.Matches("engine.problems", DocumentText.Problems(Read("case",
        """
        schema: cto-harness/engine/v9
        kind: case
        title: ""
        executable: {name: /usr/bin/ca, variable: lower, path: x}
        model: [p, m]
        script: /x
        required_records: all
        """)));

    [Fact]
    public void All_problems_of_a_program_are_reported_at_once() => Approved.Matches("engine.command.problems", DocumentText.Problems(Read("some", Wrong)));

    [Fact]
    public void A_manifest_may_describe_a_program_whole()
    {
        var bytes = DocumentText.Bytes(Whole);
        var engine = DocumentText.Sound(EngineDocument.Read("x", "some", bytes));
        Assert.Equal(("some", "SOME_BIN", "node", "NODE_BIN", true), (engine.ExecutableName, engine.ExecutableVariable, engine.InterpreterName, engine.InterpreterVariable, engine.IsPackage));
        Assert.Equal(["--version"], engine.VersionArguments.ToArray());
        Assert.Equal(["-p", "${task}"], engine.Arguments.ToArray());
        Assert.Equal("on", engine.Environment["SOME_MODE"]);
        Assert.Equal("${instruction}", engine.Input);
        Assert.Equal(
            [new FileTemplate(FilePlace.Home, ".some.json", true, "{\"a\": \"${model}\"}"), new FileTemplate(FilePlace.Workspace, ".some/${task}", false, "x")],
            engine.Files.ToArray());
        Assert.Equal((OutputWire.JsonLines, ".some/*.log", ""), (engine.Output, engine.OutputFile, engine.ProviderWire));
        Assert.Equal(".some/**", Assert.Single(engine.OwnFiles).Text);
        Assert.Equal(["gateway.calls", "limits.wall_seconds"], engine.Limits.Keys);
        Assert.Equal(60, engine.Limits["limits.wall_seconds"]);
        Assert.True(engine is { IsDeclaredStandIn: true, IsStandIn: true, IsScript: false, Model: null });
        Assert.Equal((Whole, Digest.Of(bytes)), (engine.Text, engine.TextDigest));
    }

    [Theory]
    [InlineData("fake", "case")]
    [InlineData("other", "fake")]
    public void Only_the_engine_named_fake_may_be_fake(string name, string kind)
    {
        var text = (kind == "fake" ? Fake : Case).Replace("name: fake\n", $"name: {name}\n", StringComparison.Ordinal).Replace("name: case\n", $"name: {name}\n", StringComparison.Ordinal);
        Assert.Equal("only the engine named fake may be of kind fake, and it must be", Assert.Single(Refused(name, text)).Message);
    }

    [Fact]
    public void A_script_may_stand_in_for_a_backend_under_any_other_name()
    {
        var engine = DocumentText.Sound(Read("says-done", Scripted));
        Assert.True(engine is { IsStandIn: true, IsFake: false, Model: null, Version: "", Script: "says-done/engine.sh" });
        Assert.Equal("only the engine named fake may be of kind fake, and it must be", Assert.Single(Refused("fake", Scripted.Replace("name: says-done", "name: fake", StringComparison.Ordinal))).Message);
    }

    [Theory]
    [InlineData("script: says-done/engine.sh", "script: ../engine.sh", "script is")]
    [InlineData("script: says-done/engine.sh", "", "\"script\" is missing")]
    [InlineData("title:", "model: {provider: p, name: m}\ntitle:", "\"model\" is no field here")]
    [InlineData("title:", "executable: {name: a, variable: A}\ntitle:", "\"executable\" is no field here")]
    public void A_script_that_stands_in_has_no_program_and_no_model(string right, string wrong, string message) =>
        Assert.Contains(message, Assert.Single(Refused("says-done", Scripted.Replace(right, wrong, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("other")]
    [InlineData("CASE")]
    [InlineData("")]
    public void A_name_that_is_not_the_files_is_a_problem(string fileName) =>
        Assert.Contains("in a file named", Assert.Single(Refused(fileName, Case)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../engine.sh")]
    [InlineData("/bin/sh")]
    [InlineData("a/../../b")]
    public void A_script_outside_the_engines_folder_is_a_problem(string script) =>
        Assert.Contains("script is", Assert.Single(Refused("fake", Fake.Replace("fake/engine.sh", script, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("name: ca,", "name: ./ca,", "executable name is")]
    [InlineData("CTO_HARNESS_CASE_BIN", "\"CTO_HARNESS_CASE BIN\"", "executable variable is")]
    [InlineData("executable: {name: ca, variable: CTO_HARNESS_CASE_BIN}", "", "\"executable\" is missing")]
    [InlineData("model: {provider: p, name: m}", "", "\"model\" is missing")]
    [InlineData("{provider: p, name: m}", "{provider: p}", "\"name\" is missing")]
    [InlineData("wire: openai-chat-completions", "wire: none", "an engine whose wire is none calls no model")]
    [InlineData("wire: openai-chat-completions\n", "", "\"wire\" is missing")]
    [InlineData("output: {wire: case}\n", "", "records are required of an engine whose output has none")]
    [InlineData("output: {wire: case}", "output: {wire: none}", "records are required of an engine whose output has none")]
    [InlineData("name: ca,", "name: ca, package: true,", "\"interpreter\" is missing")]
    [InlineData("output: {wire: case}", "output: {wire: case, file: a.log}", "is none of the engine's own files")]
    [InlineData("output: {wire: case}", "output: {wire: case, file: a/**}\nown_files: [a/**]", "is no pattern for a file")]
    [InlineData("title: Case", "script: x\ntitle: Case", "\"script\" is no field here")]
    public void A_real_engine_names_its_program_and_its_model(string right, string wrong, string message) =>
        Assert.Contains(message, Assert.Single(Refused("case", Case.Replace(right, wrong, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Fact]
    [Trait("Mission", "M06")]
    public void No_manifest_can_state_its_own_gates() =>
        Assert.Contains("\"gates\" is no field here", Assert.Single(Refused("case", Case + "\ngates: []")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("kind: case", "kind: claude", 3)]
    [InlineData("name: case\n", "name: other\n", 2)]
    public void A_wrong_value_is_reported_on_its_own_line(string right, string wrong, int line) =>
        Assert.Equal(line, Assert.Single(Refused("case", Case.Replace(right, wrong, StringComparison.Ordinal))).Line);

    [Theory]
    [InlineData("[]")]
    [InlineData("text")]
    public void A_document_that_is_no_mapping_is_one_problem(string text) =>
        Assert.Equal("named fields are expected here", Assert.Single(Refused("case", text)).Message);

    private static ImmutableArray<Problem> Refused(string fileName, string text) => Assert.IsType<Parsed<EngineManifest>.Refused>(Read(fileName, text)).Problems;

    private static Parsed<EngineManifest> Read(string fileName, string text) => EngineDocument.Read("engines/x.yaml", fileName, DocumentText.Bytes(text));
}
