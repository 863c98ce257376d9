using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Runtime.Engines;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>The files of a bundle that hold what the backend said of itself, while it runs: its records where it writes them into a file, and the claims that were read.</summary>
internal sealed class ClaimFiles : IDisposable
{
    private readonly Stream _claims;
    private readonly Stream? _records;
    private readonly ClaimLog _log;
    private readonly RecordFollower? _follower;

    private ClaimFiles(RunSite site, EngineManifest engine, EngineCommand command)
    {
        _claims = engine.Output == OutputWire.None ? Stream.Null : site.Bundle.Create(Artifact.Claims);
        _log = new ClaimLog(EngineKinds.Find(engine)!, _claims);
        if (command.OutputFile is { } pattern)
        {
            _records = site.Bundle.Create(Artifact.Records);
            _follower = RecordFollower.Start(site.Folders.Subject.Workspace, pattern, _records, site.Request.Policy.Limits.OutputBytes, _log.Take);
        }
    }

    /// <summary>Takes the backend's standard output, where its records stand there; null where they do not.</summary>
    internal Action<ReadOnlySpan<byte>>? OfOutput => _follower is null ? _log.Take : null;

    /// <summary>The error that ended the keeping, where one did.</summary>
    internal IOException? Fault => _log.Fault ?? _follower?.Fault;

    /// <summary>Opens them.</summary>
    internal static ClaimFiles Open(RunSite site, Reached reached) => new(site, reached.Identity.Engine, reached.Plan!.Command!);

    /// <summary>Ends it, now that the backend has ended.</summary>
    internal BackendClaims End()
    {
        _follower?.Finish();
        return _log.End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _follower?.Dispose();
        _records?.Dispose();
        _claims.Dispose();
    }
}
