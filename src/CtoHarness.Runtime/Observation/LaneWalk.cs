using System.Buffers;
using System.Globalization;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Observation;

/// <summary>Goes through everything below a folder without following or opening anything but folders, within bounds.</summary>
internal sealed class LaneWalk
{
    /// <summary>Takes one entry.</summary>
    internal delegate void Visit(SafeFileHandle folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path, FileSystemCalls.Entry entry, bool closed);

    private const int ListingBytes = 16_384;
    private const int LongestName = 255;
    private const int NotPermitted = 1;
    private const int NotThere = 2;
    private const int NotAllowed = 13;
    private const int NoFolder = 20;
    private const int IsLink = 40;

    private readonly long _entries;
    private readonly long _depth;
    private readonly Visit _visit;
    private readonly byte[] _path = new byte[RelativePath.MaxBytes + 1 + LongestName];
    private long _seen;
    private string _refusal = "";

    private LaneWalk(long entries, long depth, Visit visit)
    {
        _entries = entries;
        _depth = depth;
        _visit = visit;
    }

    /// <summary>Walks. What vanishes meanwhile is passed over.</summary>
    /// <param name="root">The folder; not a link.</param>
    /// <param name="entries">The most entries.</param>
    /// <param name="depth">The most folders within one another, at most 512.</param>
    /// <param name="visit">Takes each entry.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>Why it stopped early; empty where it saw everything.</returns>
    internal static string Go(string root, long entries, long depth, Visit visit, CancellationToken interrupt)
    {
        var walk = new LaneWalk(entries, depth, visit);
        try
        {
            using var top = FileSystemCalls.OpenFolder(root);
            walk.Walk(top, 0, 1, interrupt);
        }
        catch (MachineException gone) when (gone.IsNoFolder)
        {
            return $"{root} cannot be looked at";
        }

        return walk._refusal;
    }

    private void Walk(SafeFileHandle folder, int prefix, int depth, CancellationToken interrupt)
    {
        var part = ArrayPool<byte>.Shared.Rent(ListingBytes);
        try
        {
            for (int filled; _refusal.Length == 0 && (filled = FileSystemCalls.ReadNames(folder, part)) > 0;)
            {
                for (var at = 0; at < filled && _refusal.Length == 0;)
                {
                    interrupt.ThrowIfCancellationRequested();
                    Meet(folder, FileSystemCalls.NextName(part.AsSpan(0, filled), ref at), prefix, depth, interrupt);
                }
            }
        }
        catch (MachineException gone) when (gone.Error == NotThere)
        {
            // the folder was removed while it was read
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    private void Meet(SafeFileHandle folder, ReadOnlySpan<byte> name, int prefix, int depth, CancellationToken interrupt)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return;
        }

        var length = prefix + name.Length;
        if (++_seen > _entries)
        {
            _refusal = string.Create(CultureInfo.InvariantCulture, $"it has more than {_entries} entries");
            return;
        }

        if (length > RelativePath.MaxBytes)
        {
            _refusal = string.Create(CultureInfo.InvariantCulture, $"a path is longer than {RelativePath.MaxBytes} bytes");
            return;
        }

        name.CopyTo(_path.AsSpan(prefix));
        try
        {
            var entry = FileSystemCalls.Look(folder, name);
            _visit(folder, name, _path.AsSpan(0, length), entry, false);
            if (entry.Type == FileSystemCalls.TypeFolder)
            {
                Descend(folder, length, prefix, depth, entry, interrupt);
            }
        }
        catch (MachineException gone) when (gone.Error is NotThere or NoFolder or IsLink)
        {
            // it vanished, or became something else, which the next look sees
        }
    }

    private void Descend(SafeFileHandle folder, int length, int prefix, int depth, FileSystemCalls.Entry entry, CancellationToken interrupt)
    {
        if (depth >= _depth)
        {
            _refusal = string.Create(CultureInfo.InvariantCulture, $"folders are nested deeper than {_depth}");
            return;
        }

        using var inner = TryOpen(folder, _path.AsSpan(prefix, length - prefix));
        if (inner is null)
        {
            _visit(folder, _path.AsSpan(prefix, length - prefix), _path.AsSpan(0, length), entry, true);
            return;
        }

        _path[length] = (byte)'/';
        Walk(inner, length + 1, depth + 1, interrupt);
    }

    private static SafeFileHandle? TryOpen(SafeFileHandle folder, ReadOnlySpan<byte> name)
    {
        try
        {
            return FileSystemCalls.OpenFolder(folder, name);
        }
        catch (MachineException closed) when (closed.Error is NotAllowed or NotPermitted)
        {
            return null;
        }
    }
}
