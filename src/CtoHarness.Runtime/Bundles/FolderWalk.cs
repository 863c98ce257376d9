using System.Buffers;
using CtoHarness.Core.Attestation;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Reads a bundle that lies in a folder, as somebody hostile may have left it: follows no link, opens only regular files.</summary>
internal sealed class FolderWalk(BundleCollector collector, CancellationToken interrupt)
{
    private const int ListingBytes = 16_384;
    private const int NotPermitted = 1;
    private const int NotAllowed = 13;

    // A fixture may hold one, as folders do that git does not keep; nothing lies in it.
    private const string MayHoldEmptyFolders = "fixture/";

    private sealed record Entry(string Key, byte[] Name, uint Type)
    {
        internal bool IsFolder => Type == FileSystemCalls.TypeFolder;
    }

    /// <summary>Reads all that lies in an open folder, in the order in which a pack has it.</summary>
    internal void Read(SafeFileHandle top) => Walk(top, "");

    // Recursion is bounded by the longest path.
    private void Walk(SafeFileHandle folder, string prefix)
    {
        var (entries, isEmpty) = List(folder, prefix);
        if (isEmpty && prefix.Length > 0 && !prefix.StartsWith(MayHoldEmptyFolders, StringComparison.Ordinal))
        {
            collector.Odd(prefix, "an empty folder");
        }

        foreach (var entry in entries)
        {
            interrupt.ThrowIfCancellationRequested();
            if (collector.IsFull)
            {
                return;
            }

            Visit(folder, entry, prefix + entry.Key);
        }
    }

    private void Visit(SafeFileHandle folder, Entry entry, string path)
    {
        try
        {
            if (entry.IsFolder)
            {
                using var inner = FileSystemCalls.OpenFolder(folder, entry.Name);
                Walk(inner, path);
            }
            else
            {
                ReadFile(folder, entry.Name, path);
            }
        }
        catch (MachineException closed) when (closed.Error is NotAllowed or NotPermitted)
        {
            collector.Odd(path, "it cannot be read by this user");
        }
        catch (MachineException gone) when (gone.IsNoFolder)
        {
            collector.Odd(path, "it was replaced while it was read");
        }
    }

    private void ReadFile(SafeFileHandle folder, byte[] name, string path)
    {
        using var file = FileSystemCalls.OpenFile(folder, name);
        var before = FileSystemCalls.Facts(file);
        if (before.Kind != 'f')
        {
            collector.Odd(path, "it was replaced while it was read");
            return;
        }

        long at = 0;
        var whole = collector.Take(path, before.Size ?? 0, into =>
        {
            var read = RandomAccess.Read(file, into, at);
            at += read;
            return read;
        });
        var after = FileSystemCalls.Facts(file);
        if (!whole || (before.Size, before.Modified, before.Changed) != (after.Size, after.Modified, after.Changed))
        {
            collector.Odd(path, "it changed while it was read");
        }
    }

    // Sorted so that all that lies below a folder stands where its paths belong.
    private (List<Entry> Entries, bool IsEmpty) List(SafeFileHandle folder, string prefix)
    {
        var entries = new List<Entry>();
        var isEmpty = true;
        var part = ArrayPool<byte>.Shared.Rent(ListingBytes);
        try
        {
            for (int filled; !collector.IsFull && (filled = FileSystemCalls.ReadNames(folder, part)) > 0;)
            {
                for (var at = 0; at < filled && !collector.IsFull;)
                {
                    interrupt.ThrowIfCancellationRequested();
                    var name = FileSystemCalls.NextName(part.AsSpan(0, filled), ref at);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        isEmpty = false;
                        Meet(folder, name, prefix, entries);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }

        entries.Sort((a, b) => BundleNames.Compare(prefix + a.Key, prefix + b.Key));
        return (entries, isEmpty);
    }

    private void Meet(SafeFileHandle folder, ReadOnlySpan<byte> name, string prefix, List<Entry> entries)
    {
        var length = System.Text.Encoding.UTF8.GetByteCount(prefix) + name.Length;
        if (!collector.Meet(length))
        {
            return;
        }

        var shown = prefix + BundleNames.Shown(name);
        var (text, odd) = BundleNames.Read(name);
        if (text is null || length > BundleFiles.LongestPath)
        {
            collector.Odd(shown, text is null ? odd : "a path that is longer than any in a bundle");
            return;
        }

        try
        {
            var type = FileSystemCalls.Look(folder, name).Type;
            if (type is FileSystemCalls.TypeFile or FileSystemCalls.TypeFolder)
            {
                entries.Add(new Entry(type == FileSystemCalls.TypeFolder ? text + "/" : text, name.ToArray(), type));
            }
            else
            {
                collector.Odd(shown, NameOf(type));
            }
        }
        catch (MachineException gone) when (gone.IsNotThere)
        {
            collector.Odd(shown, "it was removed while the bundle was read");
        }
    }

    /// <summary>What an entry is that is neither a regular file nor a folder.</summary>
    internal static string NameOf(uint type) => type switch
    {
        FileSystemCalls.TypeLink => "a link",
        FileSystemCalls.TypeFifo => "a FIFO",
        FileSystemCalls.TypeSocket => "a socket",
        FileSystemCalls.TypeBlock or FileSystemCalls.TypeCharacter => "a device",
        _ => "neither a file nor a folder",
    };
}
