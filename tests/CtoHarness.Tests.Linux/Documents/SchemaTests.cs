using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Documents;

[Trait("Mission", "M19")]
public sealed class SchemaTests(PrintedDocuments printed) : IClassFixture<PrintedDocuments>
{
    private static readonly string[] Names =
    [
        "report.v1.json", "contract.v1.json", "engine.v1.json", "effective-policy.v1.json", "event.v1.json", "span.v1.json", "run-plan.v1.json",
        "run-list.v1.json", "run-repair.v1.json", "engine-list.v1.json", "policy-view.v1.json", "fixture-list.v1.json", "fixture-check.v1.json", "problems.v1.json",
    ];

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
        string[] ofFiles = ["fixture.v1.json", "cases.v1.json", "engine-manifest.v1.json", "models.v1.json", "policy.v1.json"];
        Assert.Equal(
            Directory.GetFiles(Repository.At("schemas")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
            Names.Concat(ofFiles).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("policy.v1.json", "policy.yaml")]
    [InlineData("models.v1.json", "models.yaml")]
    [InlineData("engine-manifest.v1.json", "engines/fake.yaml", "engines/case.yaml")]
    [InlineData("fixture.v1.json", "fixtures/r1-string-slugify/fixture.yaml")]
    [InlineData("cases.v1.json", "fixtures/r1-string-slugify/verify/cases.yaml")]
    public void Every_file_that_a_person_edits_fits_its_schema(string schema, params string[] names) =>
        Schemas.AssertFiles(schema, [.. names.Select(name => Repository.At("harness", name))]);

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

    private static byte[] Bytes(JsonObject document) => System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
}
