using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The real Pi from npm in the full sandbox, with a scripted model behind the gateway.</summary>
[Trait("Mission", "M05")]
public sealed class PiTests
{
    [Fact]
    [Trait("Mission", "M10")]
    public void It_passes_with_no_network_but_the_gateway_and_the_bundle_says_who_it_was()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiScenarios.Ok.Script);
        var bundle = root.Pi(provider.Url, "--json").Run().Came("pass", "none", "");
        var report = bundle.Report;
        Assert.False(report["backend_stand_in"]!.GetValue<bool>());
        Assert.Equal(InstalledAgents.PiVersion, report["backend_version"]!.GetValue<string>());
        Assert.Equal("strings.py", Assert.Single(report["changed_files"]!.AsArray())!.GetValue<string>());
        foreach (var name in new[] { "allowed_writes_passed", "no_mutation_passed", "no_target_inspection_passed", "freshness_passed", "required_events_passed", "tests_passed" })
        {
            Assert.True(report[name]!.GetValue<bool>(), name);
        }

        Assert.True(report["freshness"]!["nonce_seen_by_gateway"]!.GetValue<bool>());
        var traffic = report["model_traffic"]!;
        Assert.Equal(provider.Calls, traffic["calls"]!.GetValue<long>());
        Assert.True(traffic["input_tokens"]!.GetValue<long>() > 0 && traffic["output_tokens"]!.GetValue<long>() > 0);
        Assert.Equal(0, traffic["refused"]!.GetValue<long>());
        Assert.All(provider.Asked, request => Assert.Equal("Bearer " + AgentRuns.Key, request.Header("authorization")));
        Assert.Equal(1, report["backend_claims"]!["records"]!["agent_end"]!.GetValue<long>());
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
        Schemas.Assert(root, "engine.v1.json", File.ReadAllBytes(bundle.At("engine.json")));
        Schemas.Assert(root, "contract.v1.json", File.ReadAllBytes(bundle.At("contract.json")));
        var calls = provider.Calls;
        root.Command("verify", bundle.Folder, "--recheck", "--harness-root", root.Harness).Run().Expect(0);
        Assert.Equal(calls, provider.Calls); // what is made again needs no model
        root.AssertNoScratch();
    }

    [Fact]
    public void Its_commit_counts_as_its_change_and_no_more()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiScenarios.OkWithCommit.Script);
        Assert.Single(root.Pi(provider.Url).Run().Came("pass", "none", "").Report["changed_files"]!.AsArray());
    }

    public static TheoryData<string, string> Failures => new()
    {
        { nameof(PiScenarios.NoEdit), "no-diff" },
        { nameof(PiScenarios.Refuses), "no-diff" },
        { nameof(PiScenarios.EditsDisallowed), "disallowed-file" },
        { nameof(PiScenarios.WeakensTests), "disallowed-file" },
        { nameof(PiScenarios.ClaimsSuccess), "failed-tests" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    [Trait("Mission", "M15")]
    public void What_the_model_does_wrong_fails_the_run_although_Pi_ends_with_0(string scenario, string decisive)
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(Named(scenario).Script);
        var bundle = root.Pi(provider.Url).Run().Came("fail", "backend", decisive);
        Assert.DoesNotContain("backend-exit-code", bundle.Findings);
        Assert.DoesNotContain("provider-unavailable", bundle.Codes);
    }

    [Fact]
    [Trait("Mission", "M17")]
    public void Tools_without_an_end_are_stopped_by_the_budget_of_calls()
    {
        using var root = new TempRoot();
        root.Limit("calls", 7);
        using var provider = AgentRuns.Provider(PiScenarios.EndlessTools.Script);
        var bundle = root.PiOnce(provider.Url).Run().Came("fail", "backend", "budget-exceeded");
        Assert.Equal(7, bundle.Report["model_traffic"]!["calls"]!.GetValue<long>());
        Assert.Equal(7, provider.Calls);
    }

    internal static PiScenario Named(string name) => (PiScenario)typeof(PiScenarios).GetProperty(name)!.GetValue(null)!;
}
