using CtoHarness.Core.Gateway;

namespace CtoHarness.Runtime.Gateway;

/// <summary>What went wrong on the provider's side.</summary>
/// <param name="Trouble">Its kind.</param>
/// <param name="Detail">What was seen.</param>
internal sealed record Fault(ProviderTrouble Trouble, string Detail)
{
    /// <summary>The trouble that a status means; null where it means none.</summary>
    internal static Fault? Of(int status) => status switch
    {
        401 or 403 => Saying(ProviderTrouble.Unauthorized, status, "does not accept the key"),
        402 => Saying(ProviderTrouble.Overloaded, status, "wants to be paid first"),
        408 => Saying(ProviderTrouble.Timeout, status, "gave up waiting for the request"),
        404 => Saying(ProviderTrouble.ModelMissing, status, "has no such model, or its API is at another address"),
        429 or >= 500 => Saying(ProviderTrouble.Overloaded, status, "is overloaded or broken"),
        >= 300 and < 400 => Saying(ProviderTrouble.Malformed, status, "sends elsewhere, where its key must not go"),
        < 200 or 204 or 205 or 206 => Saying(ProviderTrouble.Malformed, status, "gives no answer that a model can give"),
        _ => null,
    };

    /// <summary>The trouble that an exception of a connection to the provider tells of; null where it tells of none.</summary>
    internal static Fault? Of(Exception failed) => failed switch
    {
        HttpRequestException request => Of(request.HttpRequestError, request),
        HttpIOException io => Of(io.HttpRequestError, io),
        IOException io => new Fault(ProviderTrouble.CutOff, $"the connection to the provider broke: {io.Message}"),
        OperationCanceledException => new Fault(ProviderTrouble.Unreachable, "no connection to the provider came about in time"),
        _ => null,
    };

    /// <summary>Whether an exception is one in which a call ends that somebody has ended.</summary>
    internal static bool IsEnd(Exception ended) => ended is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException;

    private static Fault Of(HttpRequestError error, Exception failed) => error switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError =>
            new Fault(ProviderTrouble.Unreachable, $"there is no connection to the provider: {failed.Message}"),
        HttpRequestError.ResponseEnded => new Fault(ProviderTrouble.CutOff, "the provider ended the connection before the answer's end"),
        HttpRequestError.Unknown when failed.InnerException is IOException => new Fault(ProviderTrouble.CutOff, $"the connection to the provider broke: {failed.InnerException.Message}"),
        // Its message may hold what the provider sent, in a form of its own: that is handed to nobody.
        HttpRequestError.ConfigurationLimitExceeded => new Fault(ProviderTrouble.Malformed, "what the provider sent is no answer: its headers have no end within the limit"),
        _ => new Fault(ProviderTrouble.Malformed, "what the provider sent is no answer of HTTP"),
    };

    private static Fault Saying(ProviderTrouble trouble, int status, string words) =>
        new(trouble, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the provider answered {status}: it {words}"));
}
