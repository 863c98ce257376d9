using System.Text.RegularExpressions;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Cases;
using CtoHarness.Documents.Cheats;
using CtoHarness.Documents.Drivers;
using CtoHarness.Documents.Engines;
using CtoHarness.Documents.Fixtures;
using CtoHarness.Documents.Models;

namespace CtoHarness.Tests.Documents;

/// <summary>The examples of <c>docs/fixtures.md</c> and <c>docs/backends.md</c> are what they say they are.</summary>
[Trait("Mission", "M15")]
public sealed partial class ExampleTests
{
    private static readonly string[] Pages = ["fixtures.md", "backends.md"];

    public static TheoryData<string> Examples => [.. Texts];

    // A piece of a file that is there already begins with no schema.
    private static IEnumerable<string> Texts => Pages
        .SelectMany(page => Example().Matches(File.ReadAllText(Repository.At("docs", page))))
        .Select(match => match.Groups[1].Value)
        .Where(text => !text.StartsWith(' '));

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_of_the_documentation_is_sound(string text)
    {
        var bytes = DocumentText.Bytes(text);
        var name = Name().Match(text) is { Success: true } match ? match.Groups[1].Value : "";
        var problems = text.Split('\n')[0] switch
        {
            "schema: cto-harness/fixture/v1" => Problems(FixtureDocument.Read("docs", name, bytes)),
            "schema: cto-harness/cases/v1" => Problems(CasesDocument.Read("docs", bytes)),
            "schema: cto-harness/cheats/v1" => Problems(CheatsDocument.Read("docs", bytes)),
            "schema: cto-harness/driver/v1" => Problems(DriverDocument.Read("docs", name, bytes)),
            "schema: cto-harness/engine/v1" => Problems(EngineDocument.Read("docs", name, bytes)),
            "schema: cto-harness/models/v1" => Problems(ModelsDocument.Read("docs", bytes, Registry)),
            var first => first,
        };
        Assert.Equal("", problems);
    }

    [Theory]
    [InlineData("fixture")]
    [InlineData("cases")]
    [InlineData("cheats")]
    [InlineData("driver")]
    [InlineData("engine")]
    [InlineData("models")]
    public void Each_kind_of_file_has_an_example(string kind) =>
        Assert.Contains(Texts, text => text.StartsWith($"schema: cto-harness/{kind}/v1\n", StringComparison.Ordinal));

    [Fact]
    [Trait("Mission", "M05")]
    public void The_page_of_backends_names_every_field_and_every_placeholder()
    {
        var page = File.ReadAllText(Repository.At("docs", "backends.md"));
        var schema = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Repository.At("schemas", "engine-manifest.v1.json")))!;
        Assert.All(schema["properties"]!.AsObject().Select(field => field.Key).Except(["script"]), field => Assert.Contains($"| `{field}` |", page, StringComparison.Ordinal));
        Assert.All(CtoHarness.Core.Engines.Placeholders.Known, name => Assert.Contains($"`${{{name}}}`", page, StringComparison.Ordinal));
        Assert.All(CtoHarness.Core.Engines.EngineLimits.Known.Keys, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_examples_show_every_shape_and_every_predicate()
    {
        var all = string.Join('\n', Texts);
        Assert.All(
            ["value: ", "integer: ", "text: ", "list:", "map:", "one_of: ", "absent: ", "present: ", "nowhere: ", "somewhere: ", "change_at_most: "],
            field => Assert.Contains(field, all, StringComparison.Ordinal));
    }

    // The harness's own, over which a user's file lies.
    private static ModelRegistry Registry =>
        ((Parsed<ModelRegistry>.Value)ModelsDocument.Read("models.yaml", File.ReadAllBytes(Repository.At("harness", "models.yaml")))).Result;

    private static string Problems<T>(Parsed<T> parsed) => parsed is Parsed<T>.Refused refused ? string.Join('\n', refused.Problems) : "";

    [GeneratedRegex("^```yaml\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex("^(?:id|language|name): ([a-z0-9-]+)", RegexOptions.Multiline)]
    private static partial Regex Name();
}
