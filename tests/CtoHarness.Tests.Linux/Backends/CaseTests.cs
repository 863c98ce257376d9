using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>Case, or the stand-in that keeps its contract, in the full sandbox, with a scripted model behind the gateway.</summary>
[Trait("Mission", "M06")]
public sealed class CaseTests
{
    [Fact]
    [Trait("Mission", "M14")]
    public void It_passes_and_what_it_says_of_itself_is_kept_as_its_claims()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(CaseScenarios.Ok.Script);
        var bundle = root.Case(provider.Url).Run().Came("pass", "none", "");
        var report = bundle.Report;
        Assert.Equal(AgentRuns.IsCaseStandIn, report["backend_stand_in"]!.GetValue<bool>());
        Assert.True(report["case_process_started"]!.GetValue<bool>());
        Assert.Equal("qwen3.6-35b-a3b", report["case_model"]!.GetValue<string>());
        Assert.Equal("strings.py", Assert.Single(report["changed_files"]!.AsArray())!.GetValue<string>());
        Assert.True(report["freshness"]!["nonce_seen_by_gateway"]!.GetValue<bool>());
        var records = report["backend_claims"]!["records"]!;
        Assert.Equal(1, records["pipeline_end"]!.GetValue<long>());
        Assert.Equal(1, records["phase_end:implement"]!.GetValue<long>());
        Assert.Contains("\"phase_end:implement\"", bundle.Text("backend/claims.jsonl"), StringComparison.Ordinal);
        Assert.Contains("\"observer\":\"backend\"", bundle.Text("backend/claims.jsonl"), StringComparison.Ordinal);
        Assert.Contains("\"pipeline_start\"", bundle.Text("backend/records.jsonl"), StringComparison.Ordinal);
        Assert.Equal("backend", Observer(bundle, "backend/records.jsonl"));
        Assert.Equal("backend", Observer(bundle, "backend/claims.jsonl"));
        Assert.Equal("gateway", Observer(bundle, "backend/model-traffic.jsonl"));
        Assert.Equal("backend", bundle.Events.Single(one => one["event"]!.GetValue<string>() == "backend.claimed")["observer"]!.GetValue<string>());
        Assert.DoesNotContain(".case/", bundle.Text("patch.diff"), StringComparison.Ordinal);
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
        Schemas.Assert(root, "engine.v1.json", File.ReadAllBytes(bundle.At("engine.json")));
        root.AssertNoScratch();
    }

    [Theory]
    [InlineData(nameof(CaseScenarios.OkWithCommit))]
    [InlineData(nameof(CaseScenarios.InventsCommit))]
    [InlineData(nameof(CaseScenarios.NoResult))]
    [Trait("Mission", "M15")]
    public void A_right_change_passes_committed_or_not_whatever_is_claimed_of_it(string scenario)
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(Named(scenario).Script);
        root.Case(provider.Url).Run().Came("pass", "none", "");
    }

    public static TheoryData<string, string> Failures => new()
    {
        { nameof(CaseScenarios.NoEdit), "no-diff" },
        { nameof(CaseScenarios.Refuses), "no-diff" },
        { nameof(CaseScenarios.EditsDisallowed), "disallowed-file" },
        { nameof(CaseScenarios.WeakensTests), "disallowed-file" },
        { nameof(CaseScenarios.ClaimsSuccess), "failed-tests" },
        { nameof(CaseScenarios.BadTests), "failed-tests" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    [Trait("Mission", "M15")]
    public void What_the_model_does_wrong_fails_the_run_although_Case_completes(string scenario, string decisive)
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(Named(scenario).Script);
        var bundle = root.Case(provider.Url).Run().Came("fail", "backend", decisive);
        Assert.DoesNotContain("backend-exit-code", bundle.Findings);
    }

    public static TheoryData<string, string> Troubles => new()
    {
        { nameof(CaseScenarios.Unauthorized), "unauthorized" },
        { nameof(CaseScenarios.ModelMissing), "model-missing" },
        { nameof(CaseScenarios.Unavailable), "overloaded" },
        { nameof(CaseScenarios.CutsTheStream), "cut-off" },
        { nameof(CaseScenarios.MalformedStream), "malformed" },
        { nameof(CaseScenarios.Hangs), "timeout" },
        { nameof(CaseScenarios.EndlessStream), "endless" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    [Trait("Mission", "M17")]
    public void Trouble_of_the_provider_is_inconclusive_and_the_providers(string scenario, string trouble)
    {
        using var root = new TempRoot();
        root.Limit("idle_seconds", 1);
        root.Limit("response_bytes", 8192);
        using var provider = AgentRuns.Provider(Named(scenario).Script);
        var bundle = root.Case(provider.Url, "--timeout", "90").Run().Came("inconclusive", "provider", "provider-unavailable");
        Assert.Contains(bundle.Report["model_traffic"]!["troubles"]!.AsArray(), call => call!["provider"]?.GetValue<string>() == trouble);
        Assert.DoesNotContain("timeout", bundle.Codes);
    }

    [Fact]
    [Trait("Mission", "M17")]
    public void Tools_without_an_end_are_stopped_by_the_budget_of_calls()
    {
        using var root = new TempRoot();
        root.Limit("calls", 5);
        using var provider = AgentRuns.Provider(CaseScenarios.EndlessTools.Script);
        root.Case(provider.Url, "--timeout", "90").Run().Came("fail", "backend", "budget-exceeded");
        Assert.Equal(5, provider.Calls);
    }

    [Fact]
    [Trait("Mission", "M10")]
    public void Another_model_is_refused_and_fails_the_run()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(CaseScenarios.AnotherModel().Script);
        Assert.Contains("gateway-refused-model", root.Case(provider.Url).Run().Came("fail", "backend", "model-not-admitted").Findings);
    }

    internal static CaseScenario Named(string name) => (CaseScenario)typeof(CaseScenarios).GetProperty(name)!.GetValue(null)!;

    private static string Observer(Bundle bundle, string file) =>
        bundle.Report["artifacts"]!.AsArray().Single(one => one!["path"]!.GetValue<string>() == file)!["observer"]!.GetValue<string>();
}
