using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Roots;

/// <summary>Folders that one thread found and another may go through: few at a time, since each is an open descriptor.</summary>
internal sealed class FolderQueue : IDisposable
{
    private const int Most = 16;

    private readonly object _gate = new();
    private readonly Queue<Found> _waiting = new(Most);
    private int _busy;
    private int _idle;
    private int _room = Most;
    private bool _over;

    /// <summary>A folder to go through.</summary>
    /// <param name="Folder">The folder, open; whoever takes it closes it.</param>
    /// <param name="Path">Its path with a slash behind it; empty for the root itself.</param>
    /// <param name="Depth">How many folders it lies in, itself included.</param>
    /// <param name="Names">The only part of its names that is to be gone through, as the kernel gave it; empty for all of it.</param>
    internal readonly record struct Found(SafeFileHandle Folder, byte[] Path, int Depth, byte[] Names);

    /// <summary>Whether it would take another one just now: asked for every folder, so without a lock.</summary>
    internal bool HasRoom => Volatile.Read(ref _room) > 0;

    /// <summary>Whether somebody has nothing to do.</summary>
    internal bool IsHungry => Volatile.Read(ref _idle) > 0;

    /// <summary>Hands a folder, or a part of its names, on.</summary>
    /// <returns>False where enough are waiting: then whoever found it goes through it.</returns>
    internal bool TryGive(SafeFileHandle folder, ReadOnlySpan<byte> path, int depth, ReadOnlySpan<byte> names)
    {
        lock (_gate)
        {
            if (_over || _waiting.Count >= Most)
            {
                return false;
            }

            _waiting.Enqueue(new Found(folder, path.ToArray(), depth, names.ToArray()));
            _room--;
            _idle -= _idle > 0 ? 1 : 0;
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes a folder, waiting while others may still find one. Each that was taken must be <see cref="Done"/>.</summary>
    /// <returns>Null where there will be none any more.</returns>
    internal Found? Take()
    {
        lock (_gate)
        {
            while (!_over)
            {
                if (_waiting.TryDequeue(out var found))
                {
                    _room++;
                    _busy++;
                    return found;
                }

                if (_busy == 0)
                {
                    Stop();
                    break;
                }

                _idle++;
                Monitor.Wait(_gate);
            }

            return null;
        }
    }

    /// <summary>Says that a folder that was taken has been gone through.</summary>
    internal void Done()
    {
        lock (_gate)
        {
            _busy--;
            if (_busy == 0 && _waiting.Count == 0)
            {
                Stop();
            }
        }
    }

    /// <summary>Ends it: nobody gets a folder any more.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _over = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_waiting.TryDequeue(out var found))
        {
            found.Folder.Dispose();
        }
    }
}
