using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The scenarios for Pi do what their names say, with the real Pi and without the harness; and whatever they do, Pi ends with 0.</summary>
[Trait("Tier", "Long")]
public sealed class PiScenariosTests
{
    [Theory]
    [InlineData("ok", 4, "strings.py")]
    [InlineData("no-edit", 3)]
    [InlineData("edit-disallowed", 6, "README.md", "strings.py")]
    [InlineData("weakens-tests", 4, "strings.py", "test_strings.py")]
    [InlineData("bad-tests", 3, "strings.py")]
    [InlineData("refused", 1)]
    [InlineData("unauthorized", 1)]
    [InlineData("model-missing", 1)]
    [InlineData("unavailable", 1)]
    [InlineData("unavailable-later", 2, "strings.py")]
    [InlineData("cut", 1)]
    [InlineData("malformed", 1)]
    public void They_change_what_they_should_in_so_many_calls(string name, int calls, params string[] changed)
    {
        using var provider = new ScriptedProvider(PiScenarios.All.Single(scenario => scenario.Name == name).Script);
        using var world = new PiWorld(provider.Url);
        var (exit, lines) = world.Run();
        Assert.Equal(0, exit);
        Assert.Equal(calls, provider.Calls);
        Assert.Equal(changed, world.Changed());
        Assert.DoesNotContain(lines, line => (string?)line["type"] == "tool_execution_end" && (bool)line["isError"]!);
    }

    [Fact]
    public void The_right_change_passes_the_tests_and_a_commit_has_it()
    {
        using var provider = new ScriptedProvider(PiScenarios.OkWithCommit.Script);
        using var world = new PiWorld(provider.Url);
        Assert.Equal(0, world.Run().Exit);
        Assert.Empty(world.Changed());
        Assert.Equal("2\n", world.Git("rev-list", "--count", "HEAD"));
        Assert.Equal(File.ReadAllText(Repository.At("harness", "fixtures", TempRoot.Fixture, "solution", "strings.py")), File.ReadAllText(Path.Combine(world.Workspace, "strings.py")));
    }

    [Fact]
    public void The_wrong_change_fails_the_tests()
    {
        using var provider = new ScriptedProvider(PiScenarios.ClaimsSuccess.Script);
        using var world = new PiWorld(provider.Url);
        Assert.Contains(Results(world.Run().Lines), text => text.Contains("FAILED (failures=", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_model_is_asked_for_past_Pi()
    {
        using var provider = new ScriptedProvider(PiScenarios.AnotherModel("another").Script);
        using var world = new PiWorld(provider.Url);
        Assert.Contains("status 200\n", Results(world.Run().Lines));
        Assert.Equal(["another"], provider.Asked.Select(request => Conversation.Read(request.Body)!.Model).Distinct().Where(model => model != ScriptedProvider.Model));
    }

    private static IEnumerable<string> Results(JsonNode[] lines) =>
        lines.Where(line => (string?)line["type"] == "tool_execution_end").Select(line => (string)line["result"]!["content"]![0]!["text"]!);
}
