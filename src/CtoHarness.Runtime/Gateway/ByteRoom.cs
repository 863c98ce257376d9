namespace CtoHarness.Runtime.Gateway;

/// <summary>Bytes of memory that all calls share.</summary>
/// <param name="most">How many there are.</param>
internal sealed class ByteRoom(long most)
{
    private long _left = most;

    /// <summary>Takes some, or none where there are too few.</summary>
    internal bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    /// <summary>Gives some back.</summary>
    internal void Give(long bytes) => Interlocked.Add(ref _left, bytes);
}
