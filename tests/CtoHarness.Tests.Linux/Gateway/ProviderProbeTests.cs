using CtoHarness.Core.Contracts;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Gateway;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>A provider that cannot be used is known for one before the start.</summary>
[Trait("Mission", "M17")]
public sealed class ProviderProbeTests
{
    private const string Secret = "sk-secret-0123456789";

    [Fact]
    public void A_provider_that_has_the_model_passes()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("x")) { Key = Secret, Models = ["other", "m"] };
        var check = Ask(provider.Url);
        Assert.True(check.Passed, check.Detail);
        var asked = Assert.Single(provider.Asked);
        Assert.Equal(("GET", "/v1/models"), (asked.Method, asked.Path));
    }

    [Theory]
    [InlineData(401, "unauthorized")]
    [InlineData(403, "unauthorized")]
    [InlineData(429, "overloaded")]
    [InlineData(500, "overloaded")]
    [InlineData(503, "overloaded")]
    public void A_status_that_says_that_it_cannot_be_used_fails(int status, string word)
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("x")) { ModelsStatus = status };
        Fails(Ask(provider.Url), word);
    }

    [Theory]
    [InlineData("KEY", "the variable KEY holds")]
    [InlineData("", "key_env in models.yaml")]
    public void Where_the_key_is_not_accepted_the_message_says_where_to_mend_it(string variable, string words)
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("x")) { ModelsStatus = 401 };
        Fails(ProviderProbe.Ask(At(provider.Url) with { KeyVariable = variable }, new ModelName("p", "m"), new Dictionary<string, string> { ["KEY"] = Secret }, CancellationToken.None), words);
    }

    [Fact]
    public void A_wrong_key_fails_and_is_not_shown()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("x")) { Key = "another-key" };
        Fails(Ask(provider.Url), "unauthorized");
    }

    [Theory]
    [InlineData("{\"data\":[]}", "empty")]
    [InlineData("{\"data\":[{\"id\":\"other\"},{\"id\":\"\\u001b[31m\"}]}", "other")]
    public void A_list_that_lacks_the_model_fails(string list, string word)
    {
        using var provider = new RawProvider(RawProvider.Whole(list));
        var check = Ask(provider.Url);
        Fails(check, "model-missing");
        Assert.Contains(word, check.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', check.Detail);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(285)]
    [InlineData(295)]
    public void A_list_that_repeats_the_key_shows_no_part_of_it(int before)
    {
        using var provider = new RawProvider(RawProvider.Whole($"{{\"data\":[{{\"id\":\"{new string('a', before)}{Secret}\"}}]}}"));
        var check = Ask(provider.Url);
        Fails(check, "model-missing");
        Assert.DoesNotContain("ask-", check.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-s", check.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "{}")]
    [InlineData(302, "{}")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{\"models\":[]}")]
    public void A_provider_that_has_no_such_list_passes(int status, string body)
    {
        using var provider = new RawProvider(RawProvider.Whole(body, status: status));
        Assert.True(Ask(provider.Url).Passed);
    }

    [Fact]
    public void A_provider_that_says_nothing_passes_after_a_while()
    {
        using var provider = new RawProvider(async (_, _, stop) => await Task.Delay(Timeout.Infinite, stop));
        Assert.True(Ask(provider.Url).Passed);
    }

    [Fact]
    public void A_provider_that_is_not_there_fails()
    {
        Fails(Ask("http://127.0.0.1:1/v1"), "unreachable");
        Fails(Ask("http://no-such-host.invalid/v1"), "unreachable");
        Fails(Ask(""), "base_url");
    }

    [Fact]
    public void A_provider_whose_key_is_missing_fails_and_is_not_asked()
    {
        using var provider = new ScriptedProvider(_ => Turns.Say("x"));
        Fails(ProviderProbe.Ask(At(provider.Url), new ModelName("p", "m"), new Dictionary<string, string>(), CancellationToken.None), "KEY is not set");
        Assert.Empty(provider.Asked);
    }

    private static PreflightCheck Ask(string address) =>
        ProviderProbe.Ask(At(address), new ModelName("p", "m"), new Dictionary<string, string> { ["KEY"] = Secret }, CancellationToken.None);

    private static Provider At(string address) => new("p", "P", address, Provider.ChatCompletions, "KEY", "", false);

    private static void Fails(PreflightCheck check, string word)
    {
        Assert.Equal(("provider", false), (check.Name, check.Passed));
        Assert.Contains(word, check.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, check.Detail, StringComparison.Ordinal);
    }
}
