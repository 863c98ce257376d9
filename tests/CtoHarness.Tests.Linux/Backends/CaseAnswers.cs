using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using static CtoHarness.Tests.Linux.Backends.Turns;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>How a model ends a phase of Case: with a block of JSON that Case believes.</summary>
internal static class CaseAnswers
{
    private static readonly string[] VerifierCategories = ["reproduced-scenario", "exercised-changed-path", "evidence-proves-change", "edge-case-checked"];

    private static readonly string[] ReviewerCategories = ["principle-compliance", "test-sufficiency", "scope-discipline", "pattern-fit"];

    private static readonly Answer RunTests = Bash("python3 -m unittest -v 2>&1 | tail -20");

    /// <summary>Phases in which everything is found to be good, but for the implement phase, which only claims so.</summary>
    public static ImmutableDictionary<string, ImmutableArray<Answer>> Usual { get; } = new Dictionary<string, ImmutableArray<Answer>>
    {
        ["IMPLEMENTER"] = [Implemented()],
        ["VERIFIER"] = [RunTests, Verified("pass")],
        ["REVIEWER"] = [Bash("git diff HEAD~1 --stat"), Reviewed()],
        ["CLOSER"] = [Bash("command -v gh || echo no-gh"), Result("no PR in sandbox", Artifacts())],
        ["RETROSPECTIVE"] = [Result("retrospective", Artifacts())],
    }.ToImmutableDictionary();

    /// <summary>Says that it is implemented and that the tests pass.</summary>
    public static Answer Implemented(string commit = "HEAD") => Result("implement slugify", Artifacts(commit, true, ["strings.py"], ["tested"]));

    /// <summary>Says how every category came out: pass or fail.</summary>
    public static Answer Verified(string verdict) => Result("verified", Artifacts(), ("rubric", Rubric("verifier", VerifierCategories, verdict, "unittest")));

    private static Answer Reviewed() => Result(
        "reviewed",
        Artifacts(),
        ("findings", new JsonObject { ["critical"] = 0, ["warnings"] = 0, ["info"] = 0, ["details"] = new JsonArray() }),
        ("rubric", Rubric("reviewer", ReviewerCategories, "pass", "ok")));

    private static Answer Result(string summary, JsonObject artifacts, params ReadOnlySpan<(string Name, JsonNode Value)> more)
    {
        var result = new JsonObject { ["status"] = "completed", ["summary"] = summary, ["artifacts"] = artifacts };
        foreach (var (name, value) in more)
        {
            result[name] = value;
        }

        result["error"] = null;
        return Say($"That is all.\n\n<<<AGENT_RESULT\n{result.ToJsonString()}\nAGENT_RESULT>>>\n");
    }

    private static JsonObject Artifacts(string? commit = null, bool? testsPassed = null, string[]? files = null, string[]? markers = null) => new()
    {
        ["commit"] = commit,
        ["filesChanged"] = JsonSerializer.SerializeToNode(files ?? []),
        ["testsPassed"] = testsPassed,
        ["screenshotUrls"] = new JsonArray(),
        ["evidenceMarkers"] = JsonSerializer.SerializeToNode(markers ?? []),
        ["prUrl"] = null,
        ["prNumber"] = null,
    };

    private static JsonObject Rubric(string role, string[] categories, string verdict, string detail) => new()
    {
        ["role"] = role,
        ["categories"] = JsonSerializer.SerializeToNode(categories.Select(category => new { category, verdict, detail })),
    };
}
