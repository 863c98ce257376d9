using CtoHarness.Core.Gateway;

namespace CtoHarness.Runtime.Gateway;

/// <summary>The whole body of a request, in room that all requests share.</summary>
internal sealed class HeldBody : IDisposable
{
    private const int FirstBytes = 16 << 10;
    private readonly ByteRoom _room;
    private byte[] _bytes = [];
    private int _length;

    private HeldBody(ByteRoom room) => _room = room;

    /// <summary>The body.</summary>
    internal ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Reads a body.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="announced">Its announced size; null where none was.</param>
    /// <param name="most">The most bytes that are read.</param>
    /// <param name="room">Where it finds room.</param>
    /// <param name="gone">Ends the reading.</param>
    /// <returns>The body, or why it was not read.</returns>
    internal static async Task<(HeldBody? Body, CallRefusal Refusal)> Read(Stream source, long? announced, long most, ByteRoom room, CancellationToken gone)
    {
        if (announced > most)
        {
            return (null, CallRefusal.Size);
        }

        var body = new HeldBody(room);
        var refusal = CallRefusal.Busy;
        try
        {
            refusal = await body.Fill(source, most, gone);
        }
        finally
        {
            if (refusal != CallRefusal.None)
            {
                body.Dispose();
            }
        }

        return refusal == CallRefusal.None ? (body, refusal) : (null, refusal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _room.Give(_bytes.Length);
        (_bytes, _length) = ([], 0);
    }

    private async Task<CallRefusal> Fill(Stream source, long most, CancellationToken gone)
    {
        while (true)
        {
            if (_length == _bytes.Length && !Grow(most))
            {
                return CallRefusal.Busy;
            }

            var read = await source.ReadAsync(_bytes.AsMemory(_length), gone);
            _length += read;
            if (read == 0 || _length > most)
            {
                return read == 0 ? CallRefusal.None : CallRefusal.Size;
            }
        }
    }

    // Room is taken for what came, not for what was announced. One byte beyond the most tells that there is more.
    private bool Grow(long most)
    {
        var size = (int)Math.Min(most + 1, Math.Max(FirstBytes, 2L * _bytes.Length));
        if (!_room.TryTake(size - _bytes.Length))
        {
            return false;
        }

        Array.Resize(ref _bytes, size);
        return true;
    }
}
