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
    private string _followed = "";

    private ClaimFiles(RunSite site, EngineManifest engine, EngineCommand command)
    {
        _claims = engine.Output == OutputWire.None ? Stream.Null : site.Bundle.Create(Artifact.Claims);
        _log = new ClaimLog(EngineKinds.Find(engine)!, _claims);
        if (command.OutputFile is { } pattern)
        {
#pragma warning disable CA2000 // disposed with what is around it
            _records = new Both(site.Bundle.Create(Artifact.Records), _log);
#pragma warning restore CA2000
            _follower = new RecordFollower(site.Folders.Subject.Workspace, pattern, _records, site.Request.Policy.Limits.OutputBytes);
        }
    }

    /// <summary>Takes the backend's standard output, where its records stand there; null where they do not.</summary>
    internal Action<ReadOnlySpan<byte>>? OfOutput => _follower is null ? _log.Take : null;

    /// <summary>The error that ended the keeping, where one did.</summary>
    internal IOException? Fault => _log.Fault ?? (_followed.Length > 0 ? new IOException(_followed) : null);

    /// <summary>Opens them.</summary>
    internal static ClaimFiles Open(RunSite site, Reached reached) => new(site, reached.Identity.Engine, reached.Plan!.Command!);

    /// <summary>Ends it, now that the backend has ended.</summary>
    internal BackendClaims End()
    {
        _followed = _follower?.Finish().Trouble ?? "";
        return _log.End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _follower?.Dispose();
        _records?.Dispose();
        _claims.Dispose();
    }

    // What is followed is kept, and read along.
    private sealed class Both(Stream kept, ClaimLog log) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            log.Take(buffer);
            kept.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => kept.Flush();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                kept.Dispose();
            }

            base.Dispose(disposing);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
