using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Cases;
using CtoHarness.Documents.Cheats;
using CtoHarness.Documents.Drivers;
using CtoHarness.Documents.Engines;
using CtoHarness.Documents.Fixtures;
using CtoHarness.Documents.Models;
using CtoHarness.Documents.Policies;
using CtoHarness.Documents.Yaml;
using FsCheck;

namespace CtoHarness.Tests.Documents.Yaml;

/// <summary>Every reader answers on every input: a value, or problems, never an exception.</summary>
public sealed class YamlLaws
{
    private static readonly Gen<byte[]> Marks = Some.Glued(
        "a", "b: ", ": ", "- ", "\n", "\n  ", " ", "[", "]", "{", "}", ",", "? ", "# x\n", "'", "\"", "\\", "\\u", "\\xff", "|\n", ">-\n", "---\n", "...\n",
        "%YAML 1.2\n", "~", "\t", "\r", "\u0085", "\u2028", "\ufeff", "\0", "1", "@", "`", "\u00e9", "\ud83d\ude00");

    private static readonly Gen<byte[]> Names = Some.Glued(
        "&", "*", "!", "!!", "!<", ">", "!a!", "!!str ", "%TAG !a! tag:x,1:\n", "%TAG ", "%YAML ", "%20", "%zz", "---\n", "a", "x,y", ":", "/", "[", "]", "{", " ", "\n", "-", "1.2", "9999999999");

    private static readonly Gen<byte[]> Fields = Some.Glued(
        "schema: cto-harness/fixture/v1\n", "schema: cto-harness/engine/v1\n", "schema: cto-harness/models/v1\n", "schema: cto-harness/policy/v1\n",
        "id: a\n", "name: a\n", "kind: fake\n", "kind: case\n", "title: t\n", "title: []\n", "base: \"00\"\n", "allowed_files: [a, ../b]\n", "allowed_files: {}\n",
        "test_command: [1, []]\n", "script: /x\n", "executable: {name: a/b}\n", "executable: 1\n", "model: {provider: p, name: m}\n", "model: []\n",
        "kind: command\n", "wire: none\n", "wire: []\n", "arguments: [a, '${x}', {}]\n", "environment: {A: b, B: [], '': c}\n", "environment: []\n", "input: '${'\n", "own_files: ['*', a/**, []]\n",
        "files: [{place: home, path: a, form: json, text: '{'}, [], 1, {}]\n", "output: {wire: pi, file: '*'}\n", "output: []\n", "stand_in: yes\n", "version_command: {}\n",
        "providers:\n", "  - name: p\n    title: t\n    models: [{name: m, admission: yes}]\n", "providers: [1, [], {}]\n",
        "limits: {wall_seconds: 99999999999999999999}\n", "limits:\n", "  wall_seconds: 5\n", "sandbox: [uid]\n", "protected_roots: {case_source: [a, [], /b]}\n", "- x\n", "x",
        "function: {file: f, name: n}\n", "function: []\n", "cases:\n", "  - {name: a, arguments: [], expected: 1}\n", "cases: [1, {}, []]\n",
        "schema: cto-harness/cases/v1\n", "schema: cto-harness/cheats/v1\n", "schema: cto-harness/driver/v1\n", "command: [a, []]\n", "command: {}\n", "tree: true\n", "limits: {seconds: x}\n",
        "  - {name: b, arguments: [0x1, ~], raises: E, expected: {stdout: 1}}\n", "  - {name: b, stdin: [], keywords: {}}\n", "generator:\n", "  count: 3\n", "  arguments: [{value: 1}, {integer: {min: 9, max: 1}}, {}, 1]\n",
        "  keywords: {a: {list: {of: {text: {pieces: [1, a]}}}}}\n", "  stdin: {one_of: [{map: {a: 1}}, {one_of: {}}]}\n", "generator: {count: 1000, arguments: [{list: {of: {list: {of: {value: 1}, min: 0, max: 1000}}, min: 0, max: 1000}}]}\n",
        "predicates:\n", "  - {absent: ..}\n", "  - {nowhere: {text: a, files: []}}\n", "  - {change_at_most: 1}\n", "control: a\n", "control: []\n", "cheats:\n",
        "  - {name: a, title: t, breach: no-diff, files: {a: 1, a/b: c, ../x: []}}\n", "  - {name: a, breach: gate-closed, script: []}\n", "language: a\n", "file: a/b\n");

    [Theory]
    [InlineData("? : ")]
    [InlineData("a: 1\n? :\n")]
    [InlineData("...\n~")]
    [InlineData("!<>")]
    [InlineData("!!]")]
    [InlineData("a: !<%zz> 1")]
    [InlineData("? {\r1")]
    public void A_document_that_the_parser_chokes_on_is_a_problem_too(string text) =>
        Assert.IsType<Parsed<YamlNode>.Refused>(YamlText.Read("x.yaml", System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Any_bytes_are_read_without_trouble() => Answers(Some.Bytes);

    [Fact]
    public void Any_text_is_read_without_trouble() => Answers(FsCheck.Fluent.Gen.Select(Some.Text, System.Text.Encoding.UTF8.GetBytes));

    [Fact]
    public void Any_mixture_of_what_YAML_is_made_of_is_read_without_trouble() => Answers(Marks);

    [Fact]
    public void Any_mixture_of_anchors_tags_and_directives_is_read_without_trouble() => Answers(Names);

    [Fact]
    public void Any_mixture_of_fields_is_read_without_trouble() => Answers(Fields);

    private static void Answers(Gen<byte[]> documents) =>
        Law.Holds(
            documents,
            bytes => Sound(YamlText.Read("x.yaml", bytes))
                && Sound(FixtureDocument.Read("x.yaml", "a", bytes))
                && Sound(EngineDocument.Read("x.yaml", "a", bytes))
                && Sound(ModelsDocument.Read("x.yaml", bytes))
                && Sound(PolicyDocument.Read("x.yaml", bytes, RunPolicy.BuiltIn))
                && Sound(CasesDocument.Read("x.yaml", bytes))
                && Sound(CheatsDocument.Read("x.yaml", bytes))
                && Sound(DriverDocument.Read("x.yaml", "a", bytes)),
            tries: 5000);

    private static bool Sound<T>(Parsed<T> parsed) => parsed switch
    {
        Parsed<T>.Refused refused => !refused.Problems.IsEmpty && refused.Problems.All(problem => problem.Message.Length > 0 && problem.Remedy.Length > 0),
        _ => true,
    };
}
