namespace CtoHarness.Runtime.Gateway;

/// <summary>Frees what answers leave behind in memory before there is much of it.</summary>
/// <remarks>
/// The server takes its buffers from the pool that all of .NET shares, which keeps few: a byte that passes leaves about one byte
/// behind. By itself the collector waits for 100 MB of that and more; the youngest objects alone are looked through in a millisecond or two.
/// </remarks>
internal sealed class Sweeper
{
    private const long EveryBytes = 6 << 20;
    private long _passed;

    /// <summary>Notes that so many bytes passed.</summary>
    internal void Passed(int bytes)
    {
        var now = Interlocked.Add(ref _passed, bytes);
        if (now / EveryBytes != (now - bytes) / EveryBytes)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: false);
        }
    }
}
