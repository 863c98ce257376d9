using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Engines;

/// <summary>What came of following a backend's records.</summary>
/// <param name="Files">The files that were followed, in the order in which they were first seen.</param>
/// <param name="Kept">Bytes that were kept.</param>
/// <param name="Cut">Bytes that were there and not kept.</param>
/// <param name="NotFollowed">Sights of files beyond those that are followed at once.</param>
/// <param name="Trouble">The first fault of the keeping; empty where there was none.</param>
internal sealed record FollowedRecords(ImmutableArray<FollowedFile> Files, long Kept, long Cut, long NotFollowed, string Trouble);

/// <summary>A file of records.</summary>
/// <param name="Path">Its path below the workspace.</param>
/// <param name="Bytes">How much was read or passed over.</param>
/// <param name="Restarts">How often it was replaced or became shorter, and was read from its new start.</param>
internal sealed record FollowedFile(RelativePath Path, long Bytes, long Restarts);

/// <summary>
/// Follows a backend's records in its workspace while it runs. The backend owns every name on the way: each folder is opened within the one before and
/// never through a link, and only a regular file is read, without waiting, up to what it holds at that moment.
/// </summary>
internal sealed class RecordFollower : IDisposable
{
    /// <summary>The most files that are followed.</summary>
    internal const int MostFiles = 100;

    private const int MostNames = 4096;
    private const long MostCounted = 1L << 53; // beyond that, JSON has no exact whole numbers
    private const int ListingBytes = 16_384;
    private static readonly byte[] LineEnd = "\n"u8.ToArray();
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _workspace;
    private readonly ImmutableArray<(byte[] Name, PathPattern? Pattern)> _names;
    private readonly Action<ReadOnlyMemory<byte>> _keep;
    private readonly long _limit;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly List<Followed> _files = [];
    private readonly byte[] _buffer = new byte[65_536];
    private long _taken;
    private long _cut;
    private long _notFollowed;
    private bool _isInLine;
    private Followed? _last;
    private string _trouble = "";

    /// <summary>Begins to follow, on a thread of its own.</summary>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="pattern">The files below it; <c>*</c> stands for anything within a name.</param>
    /// <param name="kept">Takes what they hold. Nobody else may write to it until <see cref="Finish"/> has returned.</param>
    /// <param name="limit">The most bytes that are kept.</param>
    internal RecordFollower(string workspace, PathPattern pattern, Stream kept, long limit)
    {
        _workspace = workspace;
        _names = [.. pattern.Text.Split('/').Select(name => (Encoding.UTF8.GetBytes(name), name.Contains('*', StringComparison.Ordinal) && PathPattern.TryParse(name, out var one) ? one : null))];
        _keep = bytes => kept.Write(bytes.Span);
        _limit = limit;
        _thread = new Thread(Follow) { IsBackground = true, Name = "records" };
        _thread.Start();
    }

    /// <summary>Looks a last time, after the backend has ended, and follows no more.</summary>
    /// <returns>What came of it. Never throws for what the backend did.</returns>
    internal FollowedRecords Finish()
    {
        _stop.Set();
        if (_thread.Join(Patience))
        {
            Look();
        }
        else
        {
            _trouble = "the records could not be read to their end in time";
        }

        return new FollowedRecords(
            [.. _files.Select(file => new FollowedFile(file.Path, file.Total, file.Restarts))], Math.Min(_taken, _limit), _cut, _notFollowed, _trouble);
    }

    /// <summary>Follows no more. What was kept is the caller's to close.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (_thread.Join(Patience))
        {
            _stop.Dispose();
        }
    }

    private void Follow()
    {
        while (!_stop.Wait(Pause))
        {
            Look();
        }
    }

    private void Look()
    {
        try
        {
            using var top = FileSystemCalls.OpenFolder(_workspace);
            var left = MostNames;
            Descend(top, 0, [], ref left);
        }
        catch (Exception gone) when (IsOfTheBackend(gone))
        {
            // nothing there that could be followed, this time
        }
#pragma warning disable CA1031 // a bug here, on a thread of its own, must not end the harness and leave a run without a bundle: the run says what it was
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _trouble = _trouble.Length > 0 ? _trouble : $"the records could not be followed: {bug.GetType().Name}: {bug.Message}";
        }
    }

    private void Descend(SafeFileHandle folder, int depth, byte[] prefix, ref int left)
    {
        var (name, pattern) = _names[depth];
        if (pattern is null)
        {
            Meet(folder, name, depth, prefix, ref left);
            return;
        }

        foreach (var found in Names(folder, pattern, ref left))
        {
            Meet(folder, found, depth, prefix, ref left);
        }
    }

    private void Meet(SafeFileHandle folder, byte[] name, int depth, byte[] prefix, ref int left)
    {
        byte[] path = [.. prefix, .. name];
        try
        {
            if (depth == _names.Length - 1)
            {
                using var file = FileSystemCalls.OpenFile(folder, name);
                Take(file, path);
                return;
            }

            using var inner = FileSystemCalls.OpenFolder(folder, name);
            Descend(inner, depth + 1, [.. path, (byte)'/'], ref left);
        }
        catch (Exception gone) when (IsOfTheBackend(gone))
        {
            // it is gone, closed, a link, or no file at all: nothing of it is read
        }
    }

    // In the order of their bytes, so that files seen at once come in an order that does not depend on the disk.
    private static List<byte[]> Names(SafeFileHandle folder, PathPattern pattern, ref int left)
    {
        var found = new List<byte[]>();
        var part = new byte[ListingBytes];
        for (int filled; left > 0 && (filled = FileSystemCalls.ReadNames(folder, part)) > 0;)
        {
            for (var at = 0; at < filled && left > 0; left--)
            {
                var name = FileSystemCalls.NextName(part.AsSpan(0, filled), ref at);
                if (RelativePath.TryFromBytes(name, out var path) && pattern.Covers(path))
                {
                    found.Add(path.ToBytes());
                }
            }
        }

        found.Sort((one, other) => one.AsSpan().SequenceCompareTo(other));
        return found;
    }

    private void Take(SafeFileHandle file, byte[] path)
    {
        var facts = FileSystemCalls.Facts(file);
        if (facts.Kind != 'f' || !RelativePath.TryFromBytes(path, out var place))
        {
            return;
        }

        var known = _files.Find(one => one.Path == place);
        if (known is null)
        {
            if (_files.Count == MostFiles)
            {
                _notFollowed++;
                return;
            }

            _files.Add(known = new Followed(place) { Device = facts.Device, Inode = facts.Inode });
        }
        else if (known.Device != facts.Device || known.Inode != facts.Inode || Size(facts) < known.Position)
        {
            (known.Device, known.Inode, known.Position) = (facts.Device, facts.Inode, 0);
            known.Restarts++;
            EndLine(); // what follows begins anew
        }

        Read(file, known, Size(facts));
    }

    private void Read(SafeFileHandle file, Followed known, long size)
    {
        while (known.Position < size)
        {
            if (_taken >= _limit)
            {
                _cut = Sum(_cut, size - known.Position); // counted, not read: it may be a hole as large as a disk
                known.Total = Sum(known.Total, size - known.Position);
                known.Position = size;
                return;
            }

            var read = RandomAccess.Read(file, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, size - known.Position)), known.Position);
            if (read == 0)
            {
                return;
            }

            if (_last != known)
            {
                EndLine();
                _last = known;
            }

            known.Position += read;
            known.Total = Sum(known.Total, read);
            Keep(_buffer.AsMemory(0, read));
        }
    }

    // Lines of two files, or of two lives of one, never run together.
    private void EndLine()
    {
        if (_isInLine)
        {
            Keep(LineEnd);
        }
    }

    private void Keep(ReadOnlyMemory<byte> bytes)
    {
        var room = (int)Math.Min(bytes.Length, Math.Max(0, _limit - _taken));
        _taken += bytes.Length;
        _cut = Sum(_cut, bytes.Length - room);
        _isInLine = bytes.Span[^1] != '\n';
        try
        {
            _keep(bytes[..room]);
        }
        catch (IOException fault)
        {
            _trouble = _trouble.Length > 0 ? _trouble : fault.Message;
        }
    }

    // A hole may be as large as a number can say, and be made again and again.
    private static long Sum(long one, long other) => Math.Min(MostCounted, one + Math.Min(MostCounted, other));

    private static long Size(EntryFacts facts) => facts.Size ?? 0;

    // Of what a backend may do to its own files, nothing stops the harness.
    private static bool IsOfTheBackend(Exception fault) => fault is MachineException or IOException or UnauthorizedAccessException;

    private sealed class Followed(RelativePath path)
    {
        internal RelativePath Path { get; } = path;

        internal ulong Device { get; set; }

        internal ulong Inode { get; set; }

        internal long Position { get; set; }

        internal long Total { get; set; }

        internal long Restarts { get; set; }
    }
}
