using System.Text.Json.Nodes;
using CtoHarness.Documents.Bundles;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>The summary that is sealed says something else than the files below it, by the holder of the key.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class TamperedSealTests(Made made)
{
    private const string Zero = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly Dictionary<string, (string Check, Action<JsonObject> Change)> Changes = new()
    {
        ["status"] = ("verdict", run => run["status"] = "pass"),
        ["fault"] = ("verdict", run => run["fault"] = "none"),
        ["stage"] = ("verdict", run => run["stage"] = 3),
        ["backend"] = ("verdict", run => run["backend"] = "case"),
        ["backend_stand_in"] = ("verdict", run => run["backend_stand_in"] = false),
        ["model"] = ("verdict", run => (run["model"], run["model_provider"]) = ("x", "x")),
        ["digests.fixture"] = ("verdict", run => run["digests"]!["fixture"] = Zero),
        ["digests.contract"] = ("verdict", run => run["digests"]!["contract"] = Zero),
        ["digests.policy"] = ("verdict", run => run["digests"]!["policy"] = Zero),
        ["digests.backend"] = ("verdict", run => run["digests"]!["backend"] = Zero),
        ["digests.harness"] = ("verdict", run => run["digests"]!["harness"] = Zero),
        ["nonce"] = ("verdict", run => run["nonce"] = new string('1', 64)),
        ["nonce_from"] = ("verdict", run => run["nonce_from"] = "verifier"),
        ["started_at"] = ("verdict", run => run["started_at"] = "2026-01-01T00:00:00.000Z"),
        ["completed_at"] = ("verdict", run => run["completed_at"] = "2036-01-01T00:00:00.000Z"),
        ["sealed_at, before the run"] = ("freshness", run => run["sealed_at"] = "2026-01-01T00:00:00.000Z"),
        ["sealed_at, in the future"] = ("freshness", run => run["sealed_at"] = "2136-01-01T00:00:00.000Z"),
        ["event_count"] = ("verdict", run => run["event_count"] = 15),
        ["chain_head"] = ("verdict", run => run["chain_head"] = Zero),
        ["harness_version"] = ("verdict", run => run["harness_version"] = "9.9.9"),
        ["task_id"] = ("verdict", run => run["task_id"] = "r2-other"),
        ["run_id"] = ("events", run => run["run_id"] = "20260601T025817Z-r1-string-slugify-2907822"),
        ["judge"] = ("seal-statement", run => run["judge"] = "0"),
        ["an unknown status"] = ("seal-statement", run => run["status"] = "admitted"),
        ["an unknown field"] = ("seal-statement", run => run["admitted"] = true),
        ["a field that is gone"] = ("seal-statement", run => run.Remove("fault")),
        ["a stage of no ladder"] = ("seal-statement", run => run["stage"] = 0),
    };

    public static TheoryData<string> Fields => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Another_summary_is_refused(string field) =>
        new Lie(Changes[field].Check, forger => forger.Say(Changes[field].Change), one => one.Failing, Follows: false).AssertRefused(made);

    [Fact]
    public void A_statement_of_another_kind_is_refused() =>
        Assert.Equal("seal-statement", new Forger(made.Passing).Sealed(predicateType: "https://slsa.dev/provenance/v1").Review().Refusal!.Check);

    [Theory]
    [InlineData("files", "a link", 0)]
    [InlineData("subjects", "exactly the", 1)]
    [InlineData("report", "as it follows from the evidence", 2)]
    [InlineData("agreement", "as the records have it", 3)]
    public void The_command_names_the_check_and_says_what_was_expected_and_found(string check, string words, int how)
    {
        var of = made.Failing;
        var folder = Path.Combine(of.Root.At("copies"), $"{how}", Path.GetFileName(of.Folder));
        var forger = new Forger(of);
        _ = how switch
        {
            2 => forger.Document("report.json", report => report["status"] = "pass").Sealed(),
            3 => forger.Event("evidence.collected", data => data["backend"]!["exit_code"] = 9).Followed().Sealed(),
            _ => forger,
        };
        forger.Save(folder);
        if (how == 0)
        {
            File.Delete(Path.Combine(folder, "test.log"));
            File.CreateSymbolicLink(Path.Combine(folder, "test.log"), "/etc/passwd");
        }
        else if (how == 1)
        {
            File.AppendAllText(Path.Combine(folder, "test.log"), "OK\n");
        }

        var said = of.Root.Command("verify", folder, "--no-color").Run().Expect(1);
        Assert.Contains(check, said.Text, StringComparison.Ordinal);
        Assert.Contains("expected", said.Text, StringComparison.Ordinal);
        Assert.Contains("found", said.Text, StringComparison.Ordinal);
        Assert.Contains(words, said.Text, StringComparison.Ordinal);
        var json = of.Root.Command("verify", folder, "--json").Run().Expect(1);
        Assert.Equal(check, json.Json["refusal"]!["check"]!.GetValue<string>());
        Assert.NotEmpty(json.Json["refusal"]!["expected"]!.GetValue<string>());
        Assert.NotEmpty(json.Json["refusal"]!["found"]!.GetValue<string>());
        Assert.Null(json.Json["run"]); // of a bundle that is refused nothing is told as if it were known
        Schemas.Assert(of.Root, "verify.v1.json", json.Output);
    }

    [Fact]
    public void Control_the_command_accepts_the_untouched_bundle()
    {
        var json = made.Failing.Root.Command("verify", made.Failing.Folder, "--json").Run().Expect(0);
        Assert.True(json.Json["accepted"]!.GetValue<bool>());
        Assert.Equal("fail", json.Json["run"]!["status"]!.GetValue<string>());
        Schemas.Assert(made.Failing.Root, "verify.v1.json", json.Output);
    }

    [Fact]
    public void Every_check_that_is_always_made_refuses_something_in_these_tests() => Assert.Equal(
        CheckNames.Always.Select(check => check.Name).Order(StringComparer.Ordinal),
        TamperedEvidenceTests.Checks.Concat(TamperedFilesTests.Checks).Concat(Changes.Values.Select(change => change.Check)).Append("report").Distinct().Order(StringComparer.Ordinal));
}
