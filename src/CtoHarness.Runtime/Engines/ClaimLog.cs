using CtoHarness.Core.Engines;

namespace CtoHarness.Runtime.Engines;

/// <summary>Reads a backend's records as they come, and keeps what was understood in <c>backend/claims.jsonl</c>. Nothing of it is believed.</summary>
/// <param name="engine">Knows the backend's records.</param>
/// <param name="file">Takes a line for each claim.</param>
internal sealed class ClaimLog(IEngine engine, Stream file)
{
    private readonly Lock _gate = new();
    private readonly ClaimReader _reader = new(engine);
    private bool _isOver;

    /// <summary>The error that ended the keeping, where one did; the rest is counted all the same.</summary>
    internal IOException? Fault { get; private set; }

    /// <summary>Takes the next bytes. Never throws.</summary>
    internal void Take(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                Keep(_reader.Append(bytes));
            }
        }
    }

    /// <summary>Ends it: whatever comes later counts no more.</summary>
    /// <returns>What was counted.</returns>
    internal BackendClaims End()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _isOver = true;
                Keep(_reader.Finish());
            }

            return _reader.Counted;
        }
    }

    private void Keep(IEnumerable<Claim> claims)
    {
        try
        {
            foreach (var claim in claims)
            {
                if (Fault is null)
                {
                    file.Write(BackendClaimsJson.Line(claim));
                }
            }
        }
        catch (IOException fault)
        {
            Fault = fault;
        }
    }
}
