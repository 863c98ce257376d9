using System.Text.Json.Nodes;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>Each field of a report that somebody would like to be otherwise, sealed with the right key: reports are made again, and never believed.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class TamperedReportTests(Made made)
{
    private static readonly Dictionary<string, Action<JsonNode>> Changes = new()
    {
        ["schema"] = report => report["schema"] = "cto-harness/report/v2",
        ["task_id"] = report => report["task_id"] = "r2-other",
        ["stage"] = report => report["stage"] = 3,
        ["status"] = report => report["status"] = "pass",
        ["fault"] = report => report["fault"] = "none",
        ["summary"] = report => report["summary"] = "all is well",
        ["backend"] = report => report["backend"] = "case",
        ["backend_digest"] = report => report["backend_digest"] = "sha256:" + new string('0', 64),
        ["backend_stand_in"] = report => report["backend_stand_in"] = false,
        ["provider_stand_in"] = report => report["provider_stand_in"] = false,
        ["source_admission_status"] = report => report["source_admission_status"] = "admitted",
        ["model_admission_status"] = report => report["model_admission_status"] = "admitted",
        ["gates, one open more"] = report => report["gates"]!.AsArray().Add(JsonNode.Parse("{\"name\":\"X\",\"required\":\"1\",\"open\":true}")),
        ["gates, closed where it was open"] = report => report["gates"]![0]!["open"] = false,
        ["started_at"] = report => report["started_at"] = "2030-01-01T00:00:00.000Z",
        ["completed_at"] = report => report["completed_at"] = "2030-01-01T00:00:00.000Z",
        ["duration_ms"] = report => report["duration_ms"] = 1,
        ["changed_files"] = report => report["changed_files"] = new JsonArray("other.py"),
        ["disallowed_files"] = report => report["disallowed_files"] = null,
        ["tests_passed"] = report => report["tests_passed"] = null,
        ["verification.passed"] = report => report["verification"]!["passed"] = 77,
        ["verification.observer"] = report => report["verification"]!["observer"] = "kernel",
        ["required_events_passed"] = report => report["required_events_passed"] = false,
        ["allowed_writes_passed"] = report => report["allowed_writes_passed"] = true,
        ["allowed_writes.attempts"] = report => report["allowed_writes"]!["attempts"] = new JsonArray(),
        ["allowed_writes.coverage"] = report => report["allowed_writes"]!["coverage"]!["not_covered"] = new JsonArray(),
        ["no_mutation_passed"] = report => report["no_mutation_passed"] = null,
        ["protected_roots"] = report => report["protected_roots"] = new JsonArray(),
        ["no_target_inspection_passed"] = report => report["no_target_inspection_passed"] = null,
        ["persistence"] = report => report["persistence"]!["total"] = 0,
        ["freshness_passed"] = report => report["freshness_passed"] = false,
        ["freshness.nonce"] = report => report["freshness"]!["nonce"] = new string('0', 64),
        ["freshness.nonce_seen_by_gateway"] = report => report["freshness"]!["nonce_seen_by_gateway"] = true,
        ["freshness.digests"] = report => report["freshness"]!["digests"]!["contract"] = "sha256:" + new string('0', 64),
        ["withheld"] = report => report["withheld"] = new JsonArray("TOKEN"),
        ["harness_commit"] = report => report["harness_commit"] = new string('0', 40),
        ["harness_worktree_clean"] = report => report["harness_worktree_clean"] = "yes",
        ["sandbox.layers"] = report => report["sandbox"]!["layers"]!["landlock"] = "99",
        ["sandbox.self_test"] = report => report["sandbox"]!["self_test"] = new JsonArray(),
        ["sandbox.limits"] = report => report["sandbox"]!["limits"] = new JsonArray(),
        ["sandbox.survivors"] = report => report["sandbox"]!["survivors"] = 1,
        ["baseline"] = report => report["baseline"]!["status"] = "inconclusive",
        ["controls"] = report => report["controls"] = null,
        ["blockers"] = report => report["blockers"] = new JsonArray(),
        ["findings"] = report => report["findings"] = new JsonArray(),
        ["artifacts, one less"] = report => report["artifacts"]!.AsArray().RemoveAt(0),
        ["artifacts, another observer"] = report => report["artifacts"]![0]!["observer"] = "kernel",
        ["an unknown field"] = report => report["verdict"] = "pass",
        ["a field that is gone"] = report => report.AsObject().Remove("findings"),
    };

    public static TheoryData<string> Fields => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Another_value_in_the_report_is_refused(string field) =>
        new Lie("report", forger => forger.Document("report.json", Changes[field]), one => one.Tried, Follows: false).AssertRefused(made);

    [Theory]
    [InlineData("report.json", "baseline/")]
    [InlineData("report.json", "controls/noop/")]
    [InlineData("report.json", "controls/cheat/")]
    public void Nor_may_the_report_of_another_lane_be_another(string name, string lane) =>
        new Lie("report", forger => forger.Document(lane + name, report => report["summary"] = "all is well"), one => one.Tried, Follows: false).AssertRefused(made);

    [Theory]
    [InlineData("report.md", "fail", "pass")]
    [InlineData("report.md", "\n", "\r\n")]
    [InlineData("controls/cheat/report.md", "fail", "pass")]
    [InlineData("report.json", "{", "\ufeff{")]
    [InlineData("report.json", "\n", "\r\n")]
    [InlineData("report.json", "\"status\": \"fail\"", "\"status\": \"pass\",\n  \"status\": \"fail\"")]
    [InlineData("report.json", "\"duration_ms\": ", "\"duration_ms\": NaN, \"x\": ")]
    public void Nor_may_a_page_or_a_spelling(string name, string old, string now) =>
        new Lie("report", forger => forger.Edit(name, old, now), one => one.Tried, Follows: false).AssertRefused(made);

    [Fact]
    public void Control_the_holder_of_the_key_may_seal_what_is_true()
    {
        foreach (var bundle in new[] { made.Passing, made.Failing, made.Tried })
        {
            var review = new Forger(bundle).Rechained().Followed().Sealed().Review();
            Assert.True(review.IsAccepted, $"{review.Refusal?.Check}: {review.Refusal?.Expected}; {review.Refusal?.Found}");
        }
    }
}
