using System.Globalization;
using System.Net;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Asks a provider before the start whether it can be used: for its list of models, which costs nothing.</summary>
internal static class ProviderProbe
{
    /// <summary>The check's name.</summary>
    internal const string Name = "provider";

    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // So that a connection which does not come about is told from a provider that is silent.
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(4);

    /// <summary>Asks it.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="model">The model that is to be called.</param>
    /// <param name="environment">The variables of the person who asks, one of which may hold the key.</param>
    /// <param name="interrupt">Ends the question early.</param>
    /// <returns>The check; what it says never holds the key.</returns>
    internal static PreflightCheck Ask(Provider provider, ModelName model, IReadOnlyDictionary<string, string> environment, CancellationToken interrupt)
    {
        if (provider.Address.Length == 0)
        {
            return Failed($"the provider {PlainText.Quote(provider.Name)} has no address; write its base_url into models.yaml");
        }

        if (ProviderKey.TryRead(provider, environment, out var key) is { } problem)
        {
            return Failed(problem);
        }

        return Task.Run(() => Ask(provider, model, key, interrupt), CancellationToken.None).GetAwaiter().GetResult();
    }

    private static async Task<PreflightCheck> Ask(Provider provider, ModelName model, string? key, CancellationToken interrupt)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        patience.CancelAfter(Patience);
        using var upstream = new Upstream(provider.Address, key, ConnectPatience);
        try
        {
            using var answer = await upstream.AskForModels(patience.Token);
            return await Of(provider, model, key, answer, patience.Token);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            throw; // nobody knows what it would have answered
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new PreflightCheck(Name, true, $"{Of(provider)} did not answer within {Patience.TotalSeconds} s when asked for its models");
        }
        catch (Exception failed) when (Fault.Of(failed) is { } fault)
        {
            return fault.Trouble == ProviderTrouble.Unreachable
                ? Refused(provider, fault.Trouble, $"{PlainText.Visible(fault.Detail, 300)}; start it, or mend its base_url in models.yaml")
                : new PreflightCheck(Name, true, $"{Of(provider)} has no list of models that can be read");
        }
    }

    private static async Task<PreflightCheck> Of(Provider provider, ModelName model, string? key, HttpResponseMessage answer, CancellationToken patience)
    {
        switch (Fault.Of((int)answer.StatusCode)?.Trouble)
        {
            case ProviderTrouble.Unauthorized:
                return Refused(provider, ProviderTrouble.Unauthorized, $"it answered {(int)answer.StatusCode}; {KeyRemedy(provider)}");
            case ProviderTrouble.Overloaded:
                return Refused(provider, ProviderTrouble.Overloaded, $"it answered {(int)answer.StatusCode}; run again when it works");
            default:
                break;
        }

        if (answer.StatusCode == HttpStatusCode.OK && await Models(answer, patience) is { } models)
        {
            return models.Contains(model.Name, StringComparer.Ordinal)
                ? new PreflightCheck(Name, true, $"{Of(provider)} has the model {PlainText.Quote(model.Name)}")
                : Refused(provider, ProviderTrouble.ModelMissing, $"{PlainText.Quote(model.Name)} is not in its list of models ({Listed(models, key)}); load it there, or name another with --model");
        }

        return new PreflightCheck(Name, true, string.Create(CultureInfo.InvariantCulture, $"{Of(provider)} answers, with HTTP status {(int)answer.StatusCode} and no list of models that can be read at {PlainText.Visible(provider.Address, 200)}/models; where nothing else works, look at its base_url in models.yaml"));
    }

    private static async Task<IReadOnlyList<string>?> Models(HttpResponseMessage answer, CancellationToken patience)
    {
        await using var source = await answer.Content.ReadAsStreamAsync(patience);
        var bytes = new byte[MostBytes + 1];
        var read = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience);
        return read > MostBytes ? null : ModelList.TryRead(bytes.AsMemory(0, read)) is { } names ? [.. names] : null;
    }

    private static string KeyRemedy(Provider provider) =>
        provider.KeyVariable.Length > 0 ? $"mend its key, which the variable {PlainText.Visible(provider.KeyVariable, 200)} holds"
        : provider.KeyFile.Length > 0 ? $"mend its key, which the file {PlainText.Quote(provider.KeyFile)} holds"
        : "it was asked without a key; name the variable that holds one by key_env in models.yaml, or the file by key_file";

    // Whole names are searched for the key: half of one, cut off for length, would be found by nobody later.
    private static string Listed(IReadOnlyList<string> models, string? key) =>
        models.Count == 0 ? "which is empty" : PlainText.Visible(string.Join(", ", models.Take(10).Select(Search(key).Redact)), 300) + (models.Count > 10 ? ", …" : "");

    private static ValueSearch Search(string? key) =>
        key is null ? ValueSearch.None : ValueSearch.Of([new WithheldValue("PROVIDER_KEY", System.Text.Encoding.UTF8.GetBytes(key))]);

    private static string Of(Provider provider) => $"the provider {PlainText.Quote(provider.Name)} at {PlainText.Visible(provider.Address, 200)}";

    private static PreflightCheck Refused(Provider provider, ProviderTrouble trouble, string detail) => Failed($"{Of(provider)}: {Words.Of(trouble)}: {detail}");

    private static PreflightCheck Failed(string detail) => new(Name, false, detail);
}
