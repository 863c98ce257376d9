using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Documents;

[Trait("Mission", "M19")]
public sealed class SchemaTests(PrintedDocuments printed) : IClassFixture<PrintedDocuments>
{
    private static readonly string[] Names =
    [
        "report.v1.json", "contract.v1.json", "engine.v1.json", "effective-policy.v1.json", "event.v1.json", "span.v1.json", "verification.v1.json", "run-plan.v1.json",
        "run-list.v1.json", "run-repair.v1.json", "engine-list.v1.json", "policy-view.v1.json", "fixture-list.v1.json", "fixture-check.v1.json", "problems.v1.json",
        "doctor.v1.json", "pack.v1.json", "key-list.v1.json", "verify.v1.json", "challenge.v1.json", "seal.v1.json", "observation.v1.json", "claim.v1.json",
    ];

    private static readonly string[] Pages = ["fixtures.md", "backends.md"];

    public static TheoryData<string> OfDocuments => [.. Names];

    [Theory]
    [MemberData(nameof(OfDocuments))]
    public void Every_document_fits_its_schema(string schema) => Schemas.Assert(printed.Root, schema, [.. printed.BySchema[schema]]);

    [Theory]
    [MemberData(nameof(OfDocuments))]
    public void Control_a_document_with_one_name_too_many_or_one_too_few_does_not(string schema)
    {
        var document = JsonNode.Parse(printed.BySchema[schema][0])!.AsObject();
        document["one_too_many"] = 1;
        Assert.True(Schemas.Refuses(printed.Root, schema, Bytes(document)));
        document.Remove("one_too_many");
        document.Remove(document.Last().Key);
        Assert.True(Schemas.Refuses(printed.Root, schema, Bytes(document)));
    }

    [Theory]
    [InlineData("status", "passed")]
    [InlineData("fault", "nobody")]
    [InlineData("run_id", "../../etc")]
    [InlineData("started_at", "today")]
    [InlineData("source_admission_status", "admitted")]
    public void Control_a_report_with_another_word_does_not(string name, string word)
    {
        var document = JsonNode.Parse(printed.BySchema["report.v1.json"][0])!.AsObject();
        document[name] = word;
        Assert.True(Schemas.Refuses(printed.Root, "report.v1.json", Bytes(document)));
    }

    [Fact]
    public void Every_schema_is_used_by_some_test_here()
    {
        string[] ofFiles = ["fixture.v1.json", "cases.v1.json", "cheats.v1.json", "driver.v1.json", "engine-manifest.v1.json", "models.v1.json", "policy.v1.json", "traffic.v1.json" /* in Gateway/TrafficTests */];
        Assert.Equal(
            Directory.GetFiles(Repository.At("schemas")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
            Names.Concat(ofFiles).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("policy.v1.json", "policy.yaml")]
    [InlineData("models.v1.json", "models.yaml")]
    [InlineData("engine-manifest.v1.json", "engines/*.yaml")]
    [InlineData("fixture.v1.json", "fixtures/*/fixture.yaml")]
    [InlineData("cases.v1.json", "fixtures/*/verify/cases.yaml")]
    [InlineData("cheats.v1.json", "fixtures/*/verify/cheats.yaml")]
    [InlineData("driver.v1.json", "drivers/*/driver.yaml")]
    public void Every_file_that_a_person_edits_fits_its_schema(string schema, string pattern) => Schemas.AssertFiles(schema, [.. Files(pattern)]);

    [Theory]
    [InlineData("fixture")]
    [InlineData("cases")]
    [InlineData("cheats")]
    [InlineData("driver")]
    [InlineData("engine", "engine-manifest")]
    public void The_examples_of_the_documentation_fit_their_schemas(string kind, string? schema = null) =>
        Schemas.AssertFiles((schema ?? kind) + ".v1.json", [.. Examples(kind).Select((text, number) => File(printed.Root, $"example-{kind}-{number}.yaml", text))]);

    [Theory]
    [InlineData("cases", "name: slugify}", "name: 2slugify}")]
    [InlineData("cases", "raises: TypeError", "raises: TypeError, expected: 1")]
    [InlineData("cases", "name: plain-words", "name: drawn-1")]
    [InlineData("cases", "count: 40", "count: 0")]
    [InlineData("cases", "{integer: {min: 0, max: 9}}", "{integer: {min: 0, max: 9}, value: 1}")]
    [InlineData("cases", "{integer: {min: 0, max: 9}}", "{}")]
    [InlineData("cases", "exit_code: 0}}", "exit_code: 256}}")]
    [InlineData("cases", "stdin: \"a\\n\"", "stdin: 1")]
    [InlineData("cases", "command: [python3, wc.py]", "command: [python3, wc.py]\ntree: true")]
    [InlineData("cases", "{absent: old_name.py}", "{absent: ../old_name.py}")]
    [InlineData("cases", "tree: true", "tree: true\ncases: []")]
    [InlineData("cheats", "breach: failed-tests", "breach: gate-closed")]
    [InlineData("cheats", "strings.py: |", ".git/config: |")]
    [InlineData("cheats", "control: memorised-answers", "controls: memorised-answers")]
    [InlineData("driver", "file: driver.py", "file: ../driver.py")]
    [InlineData("driver", "command: [python3, -I, -B]", "command: []")]
    [InlineData("engine", "script: ", "model: {provider: p, name: m}\nscript: ")]
    [InlineData("engine", "name: says-done", "name: fake")]
    [InlineData("engine", "wire: openai-chat-completions", "wire: none")]
    [InlineData("engine", "wire: openai-chat-completions\n", "")]
    [InlineData("engine", "output: {wire: json-lines}", "output: {wire: lines}")]
    [InlineData("engine", "kind: command", "kind: command\nscript: x")]
    [InlineData("engine", "kind: command", "kind: command\nown_files: [\"**\"]")]
    [InlineData("engine", "kind: command", "kind: command\nown_files: [.git/x]")]
    [InlineData("engine", "kind: command", "kind: command\nenvironment: {HOME: /x}")]
    [InlineData("engine", "kind: command", "kind: command\nlimits: {wall_seconds: 0}")]
    [InlineData("engine", "kind: command", "kind: command\nfiles: [{place: home, path: ../x, form: text, text: x}]")]
    [InlineData("engine", ", interpreter: {name: python3, variable: TINY_PYTHON_BIN}", ", package: true")]
    public void Control_an_example_with_a_mistake_does_not(string kind, string right, string wrong)
    {
        var text = Examples(kind).First(example => example.Contains(right, StringComparison.Ordinal)).Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(0, Schemas.ExitOf((kind == "engine" ? "engine-manifest" : kind) + ".v1.json", File(printed.Root, $"mistake-{Path.GetRandomFileName()}.yaml", text)));
    }

    [Theory]
    [InlineData("policy.v1.json", "policy.yaml", "wall_seconds: 900", "wall_seconds: forever")]
    [InlineData("models.v1.json", "models.yaml", "admission: admitted", "admission: maybe")]
    [InlineData("engine-manifest.v1.json", "engines/case.yaml", "title:", "titel:")]
    [InlineData("fixture.v1.json", "fixtures/r1-string-slugify/fixture.yaml", "base: \"6", "base: \"x")]
    [InlineData("cases.v1.json", "fixtures/r1-string-slugify/verify/cases.yaml", "expected: \"\"}", "expect: \"\"}")]
    public void Control_a_mistake_in_such_a_file_is_refused_by_the_schema_and_by_the_command(string schema, string name, string old, string now)
    {
        using var root = new TempRoot();
        root.Edit("harness/" + name, old, now);
        Assert.NotEqual(0, Schemas.ExitOf(schema, root.At("harness/" + name)));
        Assert.True(root.Run("--engine", name.Contains("case.yaml", StringComparison.Ordinal) ? "case" : "fake").Run().Exit is 2 or 3);
    }

    private static List<string> Examples(string kind)
    {
        var blocks = Pages
            .SelectMany(page => System.IO.File.ReadAllText(Repository.At("docs", page)).Split("```yaml\n").Skip(1))
            .Select(block => block.Split("```\n")[0]);
        return [.. blocks.Where(block => block.StartsWith($"schema: cto-harness/{kind}/v1\n", StringComparison.Ordinal))];
    }

    private static string File(TempRoot root, string name, string text)
    {
        root.Write(name, text);
        return root.At(name);
    }

    // A * stands for any one name.
    private static List<string> Files(string pattern)
    {
        IEnumerable<string> places = [Repository.At("harness")];
        foreach (var part in pattern.Split('/'))
        {
            places = places.Where(Directory.Exists).SelectMany(place => Directory.GetFileSystemEntries(place, part));
        }

        return [.. places.Order(StringComparer.Ordinal)];
    }

    private static byte[] Bytes(JsonObject document) => System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
}
