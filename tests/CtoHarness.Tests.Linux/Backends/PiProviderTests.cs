using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What a provider does to a run of the real Pi is the provider's, whatever Pi says and however it ends.</summary>
[Trait("Mission", "M17")]
public sealed class PiProviderTests
{
    public static TheoryData<string, string> Troubles => new()
    {
        { nameof(PiScenarios.Unauthorized), "unauthorized" },
        { nameof(PiScenarios.ModelMissing), "model-missing" },
        { nameof(PiScenarios.Unavailable), "overloaded" },
        { nameof(PiScenarios.UnavailableLater), "overloaded" },
        { nameof(PiScenarios.CutsTheStream), "cut-off" },
        { nameof(PiScenarios.MalformedStream), "malformed" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Trouble_while_it_runs_is_inconclusive(string scenario, string trouble)
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiTests.Named(scenario).Script);
        AssertTrouble(root.PiOnce(provider.Url, "--timeout", "90").Run(), trouble);
    }

    [Fact]
    [Trait("Tier", "Long")]
    public void However_often_Pi_asks_again_it_stays_the_providers()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiScenarios.Unavailable.Script);
        AssertTrouble(root.Pi(provider.Url, "--timeout", "90").Run(), "overloaded");
        Assert.True(provider.Calls > 3, $"it asked {provider.Calls} times");
    }

    [Theory]
    [InlineData(nameof(PiScenarios.Hangs))]
    [InlineData(nameof(PiScenarios.HangsInTheStream))]
    public void A_provider_that_hangs_is_known_for_one_within_the_wall_time(string scenario)
    {
        using var root = new TempRoot();
        root.Limit("idle_seconds", 1);
        using var provider = AgentRuns.Provider(PiTests.Named(scenario).Script);
        AssertTrouble(root.PiOnce(provider.Url, "--timeout", "12").Run(), "timeout");
    }

    [Fact]
    public void An_answer_without_an_end_is_cut_and_the_providers()
    {
        using var root = new TempRoot();
        root.Limit("response_bytes", 8192);
        using var provider = AgentRuns.Provider(Scripts.Of(Turns.Endless(TimeSpan.FromMilliseconds(1))));
        AssertTrouble(root.PiOnce(provider.Url, "--timeout", "60").Run(), "endless");
    }

    [Fact]
    public void A_provider_that_goes_away_after_the_start_is_unreachable()
    {
        using var root = new TempRoot();
        using var running = UntilAsked(root);
        AssertTrouble(running.Wait(), "unreachable");
    }

    [Fact]
    [Trait("Mission", "M08")]
    public void A_provider_that_refuses_connections_before_the_start_blocks_the_run()
    {
        using var root = new TempRoot();
        using var provider = new RefusingProvider();
        var bundle = root.Pi(provider.Url).Run().Came("blocked", "provider", "provider-unavailable");
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Assert.Contains(provider.Url, bundle.Messages, StringComparison.Ordinal);
    }

    // A run whose provider is gone once it was asked before the start.
    private static RunningCommand UntilAsked(TempRoot root)
    {
        using var provider = AgentRuns.Provider(PiScenarios.Ok.Script);
        var running = root.PiOnce(provider.Url, "--timeout", "60").Start();
        Assert.True(SpinWait.SpinUntil(() => provider.Asked.Length > 0, TimeSpan.FromSeconds(60)), "nobody asked before the start");
        return running;
    }

    private static void AssertTrouble(Finished finished, string trouble)
    {
        var bundle = finished.Came("inconclusive", "provider", "provider-unavailable");
        Assert.Equal("provider-unavailable", bundle.Codes[0]);
        Assert.Contains(trouble, bundle.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("timeout", bundle.Codes);
        Assert.Contains(bundle.Report["model_traffic"]!["troubles"]!.AsArray(), call => call!["provider"]?.GetValue<string>() == trouble);
    }
}
