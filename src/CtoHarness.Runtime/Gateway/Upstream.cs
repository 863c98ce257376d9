using System.Net;
using System.Net.Http.Headers;

namespace CtoHarness.Runtime.Gateway;

/// <summary>The way to the provider: no proxy, no redirects, no cookies, nothing unpacked.</summary>
internal sealed class Upstream : IDisposable
{
    private const int HeaderKilobytes = 32;
    private static readonly TimeSpan UsualConnectPatience = TimeSpan.FromSeconds(10);

    // Shorter than any server waits, so that no call meets a connection that is just being closed.
    private static readonly TimeSpan Reuse = TimeSpan.FromSeconds(1);

    private readonly HttpMessageInvoker _invoker;
    private readonly string _address;
    private readonly string? _key;

    /// <summary>Prepares the way; nothing is sent yet.</summary>
    /// <param name="address">The provider's address.</param>
    /// <param name="key">Its key; null for none.</param>
    /// <param name="connectPatience">How long a connection may take to come about; by default ten seconds.</param>
    internal Upstream(string address, string? key, TimeSpan? connectPatience = null)
    {
        (_address, _key) = (address, key);
#pragma warning disable CA2000 // the invoker disposes it
        _invoker = new HttpMessageInvoker(Handler(connectPatience ?? UsualConnectPatience), disposeHandler: true);
#pragma warning restore CA2000
    }

    /// <summary>Asks the model.</summary>
    /// <param name="body">The request's body, which is sent as it is.</param>
    /// <param name="accept">What the backend accepts; null where it did not say.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The answer, of which only the head is read.</returns>
    internal async Task<HttpResponseMessage> Ask(ReadOnlyMemory<byte> body, string? accept, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address + "/chat/completions")) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await Send(request, accept, cancel);
    }

    /// <summary>Asks for the list of models.</summary>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The answer, of which only the head is read.</returns>
    internal async Task<HttpResponseMessage> AskForModels(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address + "/models"));
        return await Send(request, "application/json", cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, string? accept, CancellationToken cancel)
    {
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("User-Agent", "cto-harness");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (_key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _key);
        }

        return _invoker.SendAsync(request, cancel);
    }

    private static SocketsHttpHandler Handler(TimeSpan connectPatience) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = connectPatience,
        MaxResponseHeadersLength = HeaderKilobytes,
        MaxResponseDrainSize = 0,
        PooledConnectionIdleTimeout = Reuse,
        MaxConnectionsPerServer = CallLedger.MostAtOnce + 1,
    };
}
