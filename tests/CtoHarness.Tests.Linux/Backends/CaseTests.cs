using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>Case, or the stand-in that keeps its contract, in the full sandbox, with a scripted model behind the gateway.</summary>
[Trait("Mission", "M06")]
public sealed class CaseTests
{
    [Theory]
    [InlineData(nameof(CaseScenarios.Ok))]
    [InlineData(nameof(CaseScenarios.OkWithCommit))]
    [InlineData(nameof(CaseScenarios.InventsCommit))]
    [InlineData(nameof(CaseScenarios.NoResult))]
    public void A_right_change_passes_committed_or_not_and_the_bundle_says_what_it_was(string scenario)
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(Named(scenario).Script);
        var bundle = root.Case(provider.Url).Run().Came(scenario == nameof(CaseScenarios.NoResult) ? "fail" : "pass", scenario == nameof(CaseScenarios.NoResult) ? "backend" : "none", "");
        Assert.NotNull(bundle);
    }

    internal static CaseScenario Named(string name) => (CaseScenario)typeof(CaseScenarios).GetProperty(name)!.GetValue(null)!;
}
