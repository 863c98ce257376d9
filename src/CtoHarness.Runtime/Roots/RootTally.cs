using System.Globalization;

namespace CtoHarness.Runtime.Roots;

/// <summary>Counts what several threads look at in one root, and remembers the first reason to stop.</summary>
internal sealed class RootTally(RootBounds bounds)
{
    private long _entries;
    private long _bytes;
    private string? _trouble;

    /// <summary>How many entries were looked at.</summary>
    internal long Entries => Interlocked.Read(ref _entries);

    /// <summary>Why it was stopped; empty where it was not.</summary>
    internal string Trouble => Volatile.Read(ref _trouble) ?? "";

    /// <summary>Whether it was stopped.</summary>
    internal bool IsOver => Volatile.Read(ref _trouble) is not null;

    /// <summary>Whether contents are read.</summary>
    internal bool ReadsContents => bounds.ContentBytes > 0;

    /// <summary>Counts an entry; one too many stops it.</summary>
    internal void Count()
    {
        if (Interlocked.Increment(ref _entries) > bounds.Entries)
        {
            Stop(string.Create(CultureInfo.InvariantCulture, $"it has more than {bounds.Entries} entries (root_digests.entries of the policy)"));
        }
    }

    /// <summary>Counts bytes of contents; too many stop it.</summary>
    /// <returns>Whether they may be read.</returns>
    internal bool CountContent(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bounds.ContentBytes)
        {
            return true;
        }

        Stop(string.Create(CultureInfo.InvariantCulture, $"its files have more than {bounds.ContentBytes} bytes (root_digests.content_bytes of the policy)"));
        return false;
    }

    /// <summary>Stops it; only the first reason is kept.</summary>
    internal void Stop(string trouble) => Interlocked.CompareExchange(ref _trouble, trouble, null);
}
