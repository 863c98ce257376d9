using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>A backend that asks for a model on its own.</summary>
[Trait("Mission", "M10")]
public sealed class AnotherModelTests
{
    [Fact]
    public void Another_model_is_refused_by_the_gateway_and_fails_the_run()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiScenarios.AnotherModel().Script);
        var bundle = root.Pi(provider.Url).Run().Came("fail", "backend", "model-not-admitted");
        AssertRefused(bundle, provider);
    }

    [Fact]
    public void Where_the_policy_allows_it_the_same_is_noted_and_passes()
    {
        using var root = new TempRoot();
        root.Limit("refused_models", 1);
        using var provider = AgentRuns.Provider(PiScenarios.AnotherModel().Script);
        AssertRefused(root.Pi(provider.Url).Run().Came("pass", "none", ""), provider);
    }

    [Theory]
    [InlineData("qwen-local/qwen3.6-35b-a3b-abliterated", "refused")]
    [InlineData("qwen-local/never-heard-of", "unknown")]
    [Trait("Mission", "M07")]
    public void A_model_that_is_not_admitted_is_refused_before_the_start_and_nobody_is_asked(string model, string admission)
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiScenarios.Ok.Script);
        var bundle = root.Pi(provider.Url, "--model", model).Run().Came("blocked", "policy", "model-not-admitted");
        Assert.Equal(admission, bundle.Report["model_admission_status"]!.GetValue<string>());
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Assert.Empty(provider.Asked);
    }

    private static void AssertRefused(Bundle bundle, ScriptedProvider provider)
    {
        Assert.Contains("gateway-refused-model", bundle.Findings);
        Assert.All(provider.Asked, request => Assert.DoesNotContain("\"another-model\"}", request.Body, StringComparison.Ordinal));
        Assert.Contains(provider.Asked, request => request.Body.Contains("status 403", StringComparison.Ordinal)); // as the backend told its model
        var call = Assert.Single(bundle.Events, one => one["event"]!.GetValue<string>() == "model.called" && one["data"]!["refusal"]?.GetValue<string>() == "model");
        Assert.Equal("gateway", call["observer"]!.GetValue<string>());
        Assert.Equal("another-model", call["data"]!["model"]!.GetValue<string>());
    }
}
