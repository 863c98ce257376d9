using System.Buffers;
using System.Collections.Immutable;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Withholding;

/// <summary>A file of a bundle, on its way to which withheld values are replaced, or, where it has a form that must stay as it is, refused.</summary>
/// <remarks>No byte of a value reaches the disk: what may be the start of one is held back.</remarks>
internal sealed class GuardedFile(string path, string name, ValueSearch withheld, Action<ImmutableArray<string>> replaced) : Stream
{
    private const string Raw = "backend/raw/";

    private static readonly HashSet<string> Printed =
        new([
            "backend/stdout.log", "backend/stderr.log", Core.Evidence.Artifact.Traffic, Core.Evidence.Artifact.Records, Core.Evidence.Artifact.Claims, "test.log", "verification.log", "solution.log", "patch.diff"], StringComparer.Ordinal);

    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    private readonly Redactor _redactor = new(withheld);
    private readonly ArrayBufferWriter<byte> _decided = new();
    private readonly bool _replaces = Printed.Contains(name) || name.StartsWith(Raw, StringComparison.Ordinal);
    private bool _isRefused;
    private bool _isClosed;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _redactor.Take(buffer, _decided);
        Pass();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => _file.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing && !_isClosed)
            {
                _isClosed = true;
                End();
            }
        }
        finally
        {
            base.Dispose(disposing);
        }
    }

    private void End()
    {
        try
        {
            if (!_isRefused)
            {
                _redactor.End(_decided);
                Pass();
                if (_redactor.Found is { IsEmpty: false } names)
                {
                    replaced(names);
                }
            }
        }
        finally
        {
            _file.Dispose();
            if (_isRefused)
            {
                File.Delete(path); // half of it would be no evidence
            }
        }
    }

    private void Pass()
    {
        if (!_replaces && _redactor.Found is [var variable, ..])
        {
            _isRefused = true;
            throw LastLook.Refusal(variable, name);
        }

        _file.Write(_decided.WrittenSpan);
        _decided.ResetWrittenCount();
    }
}
