using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Evidence;

[Trait("Mission", "M19")]
public sealed class ReportJsonTests
{
    [Fact]
    public void The_report_of_a_passing_fake_run() => Approved.Matches("report.fake-pass.json", Report(Sample.FakeRun));

    [Fact]
    [Trait("Mission", "M07")]
    public void The_report_of_a_case_run_whose_provider_let_it_down() => Approved.Matches("report.case-provider.json", ReportJson.Of(Sample.TroubledCaseRun, Judge.Decide(Sample.TroubledCaseRun), []));

    [Fact]
    public void The_report_of_a_case_run_whose_gates_are_closed() => Approved.Matches("report.case-blocked.json", ReportJson.Of(Sample.BlockedCaseRun, Judge.Decide(Sample.BlockedCaseRun), []));

    [Fact]
    public void The_report_of_a_failed_run_full_of_hostile_names() =>
        Approved.Matches("report.hostile-fail.json", ReportJson.Of(HostileRun.Evidence, Judge.Decide(HostileRun.Evidence), HostileRun.Artifacts));

    [Fact]
    [Trait("Mission", "M07")]
    public void Case_counts_as_started_only_where_it_was_spawned()
    {
        Assert.False(Read(Sample.BlockedCaseRun)["case_process_started"]!.GetValue<bool>());
        Assert.False(Read(Sample.BlockedCaseRun)["backend_process_started"]!.GetValue<bool>());
        Assert.True(Read(Sample.CaseRun)["case_process_started"]!.GetValue<bool>());
        Assert.False(Read(Sample.FakeRun).ContainsKey("case_process_started"));
    }

    [Fact]
    public void The_models_names_carry_the_word_case_for_case_alone()
    {
        var other = Sample.CaseRun with { Identity = Sample.CaseRun.Identity with { Engine = Sample.Case with { Name = "other", Kind = "other" } } };
        Assert.Equal("qwen3.6-35b-a3b", Read(Sample.CaseRun)["case_model"]!.GetValue<string>());
        Assert.Equal("qwen3.6-35b-a3b", Read(other)["model"]!.GetValue<string>());
        Assert.DoesNotContain(Read(other), field => field.Key.StartsWith("case_", StringComparison.Ordinal));
        Assert.DoesNotContain(Read(Sample.CaseRun), field => field.Key is "model" or "model_provider" or "model_admission_status");
    }

    [Fact]
    [Trait("Mission", "M10")]
    public void Admitting_a_model_never_admits_the_source() =>
        Assert.All(
            new[] { Sample.FakeRun, Sample.CaseRun, Sample.BlockedCaseRun },
            evidence => Assert.Equal("not_admitted", Read(evidence)["source_admission_status"]!.GetValue<string>()));

    [Fact]
    [Trait("Mission", "M12")]
    public void A_protected_role_without_a_path_is_not_declared_and_no_role_is_proved_by_silence()
    {
        var roots = Read(Sample.FakeRun)["protected_roots"]!.AsArray();
        Assert.Equal(["not_observed", "not_declared"], roots.Select(root => root!["state"]!.GetValue<string>()));
        Assert.Null(Read(Sample.FakeRun)["no_mutation_passed"]);
    }

    [Fact]
    public void A_run_that_never_got_a_contract_has_a_report_all_the_same()
    {
        var evidence = Sample.BlockedCaseRun with { Contract = null, Refusals = [new Blocker(BlockerCode.FixtureInvalid, "no fixture.yaml", "report.json")] };
        var digests = Read(evidence)["freshness"]!["digests"]!;
        Assert.Null(digests["fixture"]);
        Assert.Null(digests["contract"]);
        Assert.Equal("blocked", Read(evidence)["status"]!.GetValue<string>());
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void The_contracts_digest_is_that_of_contract_json() =>
        Assert.Equal(
            Digest.Of(ContractJson.Of(Sample.FakeRun.Contract!)).ToString(),
            Read(Sample.FakeRun)["freshness"]!["digests"]!["contract"]!.GetValue<string>());

    [Fact]
    public void Whatever_was_named_the_report_is_ASCII_and_no_name_stands_in_it_twice() =>
        Law.Holds(Some.Text, text =>
        {
            var evidence = HostileRun.Evidence with { Trouble = new RunTrouble(BlockerCode.Infrastructure, text), Preflight = [new PreflightCheck(text, false, text)] };
            var report = Report(evidence);
            using var document = JsonDocument.Parse(report, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Ascii.IsValid(report) && report[^1] == '\n' && !report.AsSpan().ContainsAny((byte)'\r', (byte)0x1b, (byte)0x7f);
        });

    [Fact]
    public void An_open_and_a_closed_gate_are_told_apart()
    {
        var gates = Gates.Of(Sample.Case, 2, new Dictionary<string, string> { ["CTO_HARNESS_ALLOW_CASE"] = "1" });
        var evidence = Sample.BlockedCaseRun with { Identity = Sample.BlockedCaseRun.Identity with { Gates = gates } };
        Assert.Equal([true, false], Read(evidence)["gates"]!.AsArray().Select(gate => gate!["open"]!.GetValue<bool>()));
    }

    private static byte[] Report(RunEvidence evidence) => ReportJson.Of(evidence, Judge.Decide(evidence), Sample.Artifacts);

    private static JsonObject Read(RunEvidence evidence) => JsonNode.Parse(Encoding.UTF8.GetString(Report(evidence)))!.AsObject();
}
