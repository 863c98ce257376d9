using System.IO.Pipelines;
using CtoHarness.Core.Evidence;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CtoHarness.Runtime.Gateway;

/// <summary>One request of the backend and the answer to it.</summary>
internal sealed class Exchange(IFeatureCollection features)
{
    private const string Json = "application/json";
    private readonly IHttpRequestFeature _request = features.GetRequiredFeature<IHttpRequestFeature>();
    private readonly IHttpResponseFeature _response = features.GetRequiredFeature<IHttpResponseFeature>();
    private readonly IHttpResponseBodyFeature _body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
    private readonly IHttpRequestLifetimeFeature _lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    /// <summary>The connection's name.</summary>
    internal string Connection { get; } = features.Get<IHttpConnectionFeature>()?.ConnectionId ?? "";

    /// <summary>The method.</summary>
    internal string Method => _request.Method;

    /// <summary>The target exactly as it came: a path, or anything else.</summary>
    internal string Target => _request.RawTarget;

    /// <summary>Whether it wants another protocol on this connection.</summary>
    internal bool IsUpgrade => features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true || _request.Headers.ContainsKey("Upgrade");

    /// <summary>The size that was announced; null where none was.</summary>
    internal long? AnnouncedBytes => _request.Headers.ContentLength;

    /// <summary>The body.</summary>
    internal Stream Body => _request.Body;

    /// <summary>Cancelled when whoever asked is gone.</summary>
    internal CancellationToken Gone => _lifetime.RequestAborted;

    /// <summary>Takes the answer's body.</summary>
    internal PipeWriter Output => _body.Writer;

    /// <summary>A header that stands there once; null where it does not.</summary>
    internal string? Header(string name) => _request.Headers.TryGetValue(name, out var values) && values is [var one] ? one : null;

    /// <summary>How often a header stands there.</summary>
    internal int Count(string name) => _request.Headers.TryGetValue(name, out var values) ? values.Count : 0;

    /// <summary>Sends the answer's head.</summary>
    internal Task Begin(int status, string contentType)
    {
        _response.StatusCode = status;
        _response.Headers.ContentType = new StringValues(contentType);
        return _body.StartAsync(Gone);
    }

    /// <summary>Answers in the gateway's own name, in the form in which providers tell of errors.</summary>
    internal async Task Say(int status, string code, string message)
    {
        var body = JsonText.Line(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", message);
            json.WriteString("type", "cto_harness_gateway");
            json.WriteString("code", code);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        _response.StatusCode = status;
        _response.Headers.ContentType = new StringValues(Json);
        _response.Headers.ContentLength = body.Length;
        await _body.Writer.WriteAsync(body, CancellationToken.None);
    }

    /// <summary>Whether the answer was cut.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>Lets the connection end behind what was sent, so that the answer cannot be taken for a whole one.</summary>
    internal void Cut() => IsCut = true;

    /// <summary>Ends the connection at once.</summary>
    internal void Abort() => _lifetime.Abort();
}
