using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Takes what would be written, and compares it with a file that is there.</summary>
internal sealed class SameBytes(SafeFileHandle file) : Stream
{
    private readonly byte[] _there = new byte[16_384];
    private long _at;

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
        get => _at;
        set => throw new NotSupportedException();
    }

    /// <summary>Fails where the file goes on behind what was compared.</summary>
    /// <exception cref="NotAPackException">It does.</exception>
    internal void End()
    {
        if (RandomAccess.Read(file, _there.AsSpan(0, 1), _at) > 0)
        {
            throw Differs("something follows behind its end");
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var there = _there.AsSpan(0, Math.Min(buffer.Length, _there.Length));
            var read = RandomAccess.Read(file, there, _at);
            var same = there[..read].CommonPrefixLength(buffer);
            _at += same;
            if (same < read || read == 0)
            {
                throw Differs(read == 0 ? "it ends too early" : "there is another byte than the one that a pack of this content has");
            }

            buffer = buffer[read..];
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private NotAPackException Differs(string how) => new(string.Create(CultureInfo.InvariantCulture, $"{how} (byte {_at})"));
}
