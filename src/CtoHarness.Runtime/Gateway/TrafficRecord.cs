using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Runtime.Gateway;

/// <summary>The record of one call that was passed on.</summary>
internal sealed class TrafficRecord
{
    private readonly TrafficLog _log;
    private readonly long _call;
    private readonly BodyPieces _request;
    private readonly BodyPieces _response;

    internal TrafficRecord(TrafficLog log, long call)
    {
        (_log, _call) = (log, call);
        _request = new BodyPieces(log, call, "request");
        _response = new BodyPieces(log, call, "response");
    }

    /// <summary>Keeps the whole request.</summary>
    internal void Request(ReadOnlySpan<byte> body)
    {
        _request.Take(body);
        _request.End();
    }

    /// <summary>Keeps the answer's head.</summary>
    internal void Head(int status, string contentType) => _log.Add(_call, "response-head", json =>
    {
        json.WriteNumber("status", status);
        json.WriteString("content_type", contentType);
    });

    /// <summary>Keeps a piece of the answer.</summary>
    internal void Response(ReadOnlySpan<byte> piece) => _response.Take(piece);

    /// <summary>Ends the record.</summary>
    internal void End(ModelCall call)
    {
        _response.End();
        _log.Add(_call, "end", json =>
        {
            json.WriteNumber("request_not_kept", _request.NotKept);
            json.WriteNumber("response_not_kept", _response.NotKept);
            json.WriteString("trouble", call.Trouble == ProviderTrouble.None ? null : Words.Of(call.Trouble));
            json.WriteBoolean("abandoned", call.IsAbandoned);
        });
    }
}
