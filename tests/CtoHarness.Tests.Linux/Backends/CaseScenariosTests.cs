using System.Collections.Immutable;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The scenarios for Case do what their names say, with the stand-in and without the harness.</summary>
public sealed class CaseScenariosTests
{
    private static readonly ImmutableDictionary<string, string> Fixture = new[] { "README.md", "strings.py", "test_strings.py" }
        .ToImmutableDictionary(name => name, name => File.ReadAllText(Repository.At("harness", "fixtures", TempRoot.Fixture, "workspace", name)));

    [Theory]
    [InlineData("ok", "completed", "strings.py")]
    [InlineData("no-edit", "completed")]
    [InlineData("edit-disallowed", "completed", "README.md", "strings.py")]
    [InlineData("weakens-tests", "completed", "strings.py", "test_strings.py")]
    [InlineData("claims-success", "completed", "strings.py")]
    [InlineData("bad-tests", "completed", "strings.py")]
    [InlineData("invented-commit", "completed", "strings.py")]
    [InlineData("no-result", "failed", "strings.py")]
    [InlineData("refused", "failed")]
    [InlineData("unauthorized", "failed")]
    public void They_change_what_they_should_and_end_with_0(string name, string outcome, params string[] changed)
    {
        using var provider = new ScriptedProvider(CaseScenarios.All.Single(scenario => scenario.Name == name).Script);
        using var world = new CaseWorld(provider.Url, files: Fixture);
        Assert.Equal(0, world.Run().Exit);
        Assert.Equal(outcome, (string?)world.Events()[^1]["outcome"]);
        Assert.Equal(changed, world.Git("diff", "--name-only", "HEAD").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_right_change_is_the_solution_and_a_commit_has_it()
    {
        using var provider = new ScriptedProvider(CaseScenarios.OkWithCommit.Script);
        using var world = new CaseWorld(provider.Url, files: Fixture);
        world.Run();
        Assert.Equal("2\n", world.Git("rev-list", "--count", "HEAD"));
        Assert.Equal(File.ReadAllText(Repository.At("harness", "fixtures", TempRoot.Fixture, "solution", "strings.py")), world.Git("show", "HEAD:strings.py"));
    }

    [Fact]
    public void Another_model_is_asked_for_past_Case()
    {
        using var provider = new ScriptedProvider(CaseScenarios.AnotherModel("another").Script);
        using var world = new CaseWorld(provider.Url, files: Fixture);
        world.Run();
        Assert.Contains("another", provider.Asked.Select(request => Conversation.Read(request.Body)?.Model));
    }
}
