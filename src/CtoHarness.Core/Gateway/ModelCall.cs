using System.Collections.Immutable;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Gateway;

/// <summary>Why the gateway did not forward a call.</summary>
public enum CallRefusal
{
    /// <summary>It forwarded it.</summary>
    None,

    /// <summary>It asked for another model than the run's admitted one.</summary>
    Model,

    /// <summary>It spoke another wire, or asked for another path.</summary>
    Wire,

    /// <summary>It asked for another host.</summary>
    Host,

    /// <summary>The run's budget was used up.</summary>
    Budget,

    /// <summary>It was no call that could be read without doubt.</summary>
    Form,

    /// <summary>It was too large.</summary>
    Size,

    /// <summary>Too much was under way at once.</summary>
    Busy,
}

/// <summary>What went wrong on the provider's side, as the gateway saw it.</summary>
public enum ProviderTrouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>There was no connection to it.</summary>
    Unreachable,

    /// <summary>It did not accept the key.</summary>
    Unauthorized,

    /// <summary>It does not have the model.</summary>
    ModelMissing,

    /// <summary>It was overloaded or broken.</summary>
    Overloaded,

    /// <summary>It fell silent.</summary>
    Timeout,

    /// <summary>Its answer could not be read.</summary>
    Malformed,

    /// <summary>Its answer ended before its end.</summary>
    CutOff,

    /// <summary>Its answer did not end within the limits of one answer.</summary>
    Endless,
}

/// <summary>One call of a model, as the gateway saw it: the data of <c>model.called</c>.</summary>
/// <param name="Number">Its number, from 1, in the order in which calls came.</param>
/// <param name="Model">The model that it asked for, as visible text of at most 200 characters; empty where nobody can tell.</param>
/// <param name="Refusal">Why it was not forwarded.</param>
/// <param name="Trouble">What went wrong on the provider's side.</param>
/// <param name="Detail">What was refused or went wrong, as visible text of at most 300 characters; empty where nothing was.</param>
/// <param name="IsAbandoned">Whether the backend went away before the answer's end, so that nothing is known of the rest.</param>
/// <param name="IsStreaming">Whether it asked for a stream.</param>
/// <param name="Status">The provider's HTTP status; null where there was no answer.</param>
/// <param name="HasNonce">Whether the run's nonce stood in it.</param>
/// <param name="Request">Digest of its body.</param>
/// <param name="RequestBytes">The size of its body.</param>
/// <param name="Response">Digest of the answer's body as it was passed on; null where none was.</param>
/// <param name="ResponseBytes">How many bytes of an answer were passed on.</param>
/// <param name="InputTokens">Tokens of the request, as the provider counts them; null where it did not say.</param>
/// <param name="OutputTokens">Tokens of the answer, as the provider counts them; null where it did not say.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="FirstTokenMs">When the first byte of the answer's body came, in milliseconds; null where none did.</param>
public sealed record ModelCall(
    long Number,
    string Model,
    CallRefusal Refusal,
    ProviderTrouble Trouble,
    string Detail,
    bool IsAbandoned,
    bool IsStreaming,
    int? Status,
    bool HasNonce,
    Digest? Request,
    long RequestBytes,
    Digest? Response,
    long ResponseBytes,
    long? InputTokens,
    long? OutputTokens,
    long DurationMs,
    long? FirstTokenMs)
{
    /// <summary>Why the model stopped, in the provider's words, as far as it said; for the span alone, no event has it.</summary>
    public ImmutableArray<string> FinishReasons { get; init; } = [];

    /// <summary>Whether it was passed on to the provider.</summary>
    public bool IsForwarded => Refusal == CallRefusal.None;
}
