using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Roots;

/// <summary>One thread's part in looking at a root: asks for the facts of every entry, follows nothing, opens folders and, where contents are read, regular files.</summary>
/// <remarks>What it cannot look at, and what vanishes or changes its kind meanwhile, stops it with the reason: a root that was not wholly seen proves nothing.</remarks>
internal sealed class RootWalker(RootPlan plan, RootTally tally, FolderQueue queue, ManifestSorter sorter, ValueSearch withheld, CancellationToken interrupt)
{
    private const int ListingBytes = 32_768;
    private const int ContentBytes = 131_072;
    private const int LeastShared = 4096; // fewer names are gone through sooner than handed on
    private const int LongestName = 255;
    private static ReadOnlySpan<byte> Top => "."u8;

    private readonly byte[] _path = new byte[RelativePath.MaxBytes + 1 + LongestName];

    /// <summary>Goes through folders until there are none any more.</summary>
    internal bool Work()
    {
        try
        {
            while (queue.Take() is { } found)
            {
                using (found.Folder)
                {
                    found.Path.CopyTo(_path, 0);
                    Walk(found);
                }

                queue.Done();
            }

            return true;
        }
        finally
        {
            queue.Stop(); // also where something was thrown: nobody waits for this thread then
        }
    }

    /// <summary>Looks at the root itself, and leaves the folders that it leads to in the queue.</summary>
    /// <param name="around">The folder around it, open.</param>
    /// <param name="name">Its name there; <c>.</c> for the root of the machine.</param>
    internal void Begin(SafeFileHandle around, ReadOnlySpan<byte> name)
    {
        var facts = FileSystemCalls.Facts(around, name);
        var isPart = plan.Names.Length > 0;
        Add(Top, isPart || plan.HoldsExcluded([]) ? Bare(facts) : facts, Detail(around, name, facts));
        if (facts.Kind != 'd')
        {
            return;
        }

        if (!isPart)
        {
            Enter(around, name, 0, 1);
            return;
        }

        using var top = FileSystemCalls.OpenFolder(around, name);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in plan.Names)
        {
            BeginPart(top, part, 0, seen);
        }
    }

    // Of the folders on the way only what their names stand for: their times change with other names.
    private void BeginPart(SafeFileHandle folder, string part, int from, HashSet<string> seen)
    {
        var slash = part.IndexOf('/', from);
        var end = slash < 0 ? part.Length : slash;
        var isNew = seen.Add(part[..end]);
        var path = System.Text.Encoding.UTF8.GetBytes(part[..end]);
        path.CopyTo(_path, 0);
        var name = path.AsSpan(from);
        EntryFacts facts;
        try
        {
            facts = FileSystemCalls.Facts(folder, name);
        }
        catch (MachineException gone) when (gone.IsNotThere)
        {
            sorter.Add(System.Text.Encoding.UTF8.GetBytes(part), default(EntryFacts) with { Kind = ManifestEntry.Absent }, []);
            return;
        }

        if (isNew)
        {
            Add(path, slash < 0 ? facts : Bare(facts), Detail(folder, name, facts));
        }

        if (facts.Kind == 'd' && slash < 0)
        {
            Descend(folder, path.Length, from, 2);
        }
        else if (facts.Kind == 'd')
        {
            using var inner = FileSystemCalls.OpenFolder(folder, name);
            BeginPart(inner, part, end + 1, seen);
        }
    }

    private void Walk(FolderQueue.Found found)
    {
        if (found.Names.Length > 0)
        {
            MeetAll(found.Folder, found.Names, found.Path.Length, found.Depth);
        }
        else
        {
            Walk(found.Folder, found.Path.Length, found.Depth);
        }
    }

    // Recursion is bounded by the depth.
    private void Walk(SafeFileHandle folder, int prefix, int depth)
    {
        var part = ArrayPool<byte>.Shared.Rent(ListingBytes);
        try
        {
            for (int filled; !tally.IsOver && (filled = FileSystemCalls.ReadNames(folder, part)) > 0;)
            {
                MeetAll(folder, part.AsSpan(0, filled), prefix, depth);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    // However many names a folder has, nobody stands idle while another goes through them.
    private void MeetAll(SafeFileHandle folder, ReadOnlySpan<byte> names, int prefix, int depth)
    {
        interrupt.ThrowIfCancellationRequested();
        for (var at = 0; at < names.Length && !tally.IsOver;)
        {
            Meet(folder, FileSystemCalls.NextName(names, ref at), prefix, depth);
            if (queue.IsHungry && (names.Length - at >= LeastShared || (tally.ReadsContents && at < names.Length))
                && TryGive(folder, "."u8, prefix, depth, names[at..]))
            {
                return;
            }
        }
    }

    private void Meet(SafeFileHandle folder, ReadOnlySpan<byte> name, int prefix, int depth)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return;
        }

        var length = prefix + name.Length;
        name.CopyTo(_path.AsSpan(prefix));
        var path = _path.AsSpan(0, length);
        if (length > RelativePath.MaxBytes)
        {
            tally.Stop(string.Create(CultureInfo.InvariantCulture, $"a path is longer than {RelativePath.MaxBytes} bytes"));
            return;
        }

        if (plan.IsExcluded(path))
        {
            return;
        }

        try
        {
            var facts = FileSystemCalls.Facts(folder, name);
            Add(path, facts.Kind == 'd' && plan.HoldsExcluded(path) ? Bare(facts) : facts, Detail(folder, name, facts));
            if (facts.Kind == 'd')
            {
                Descend(folder, length, prefix, depth + 1);
            }
        }
        catch (MachineException lost)
        {
            tally.Stop($"{Words(length)} could not be looked at: {lost.Message}");
        }
    }

    private void Descend(SafeFileHandle folder, int length, int prefix, int depth)
    {
        if (depth > RootBounds.Depth)
        {
            tally.Stop(string.Create(CultureInfo.InvariantCulture, $"folders are nested deeper than {RootBounds.Depth}"));
            return;
        }

        if (length == RelativePath.MaxBytes)
        {
            tally.Stop(string.Create(CultureInfo.InvariantCulture, $"a path is longer than {RelativePath.MaxBytes} bytes"));
            return;
        }

        _path[length] = (byte)'/';
        Enter(folder, _path.AsSpan(prefix, length - prefix), length + 1, depth);
    }

    private void Enter(SafeFileHandle around, ReadOnlySpan<byte> name, int prefix, int depth)
    {
        if (!TryGive(around, name, prefix, depth, []))
        {
            using var folder = FileSystemCalls.OpenFolder(around, name);
            Walk(folder, prefix, depth);
        }
    }

    // With a descriptor of its own, which whoever takes it closes.
    private bool TryGive(SafeFileHandle around, ReadOnlySpan<byte> name, int prefix, int depth, ReadOnlySpan<byte> names)
    {
        if (!queue.HasRoom)
        {
            return false;
        }

        SafeFileHandle? folder = FileSystemCalls.OpenFolder(around, name);
        try
        {
            var given = queue.TryGive(folder, _path.AsSpan(0, prefix), depth, names);
            folder = given ? null : folder;
            return given;
        }
        finally
        {
            folder?.Dispose();
        }
    }

    private void Add(ReadOnlySpan<byte> path, EntryFacts facts, ReadOnlySpan<byte> detail)
    {
        tally.Count();
        var shown = withheld.Redact(path);
        if (shown.Length > RelativePath.MaxBytes)
        {
            tally.Stop(string.Create(CultureInfo.InvariantCulture, $"a path is longer than {RelativePath.MaxBytes} bytes"));
            return;
        }

        sorter.Add(shown, facts, withheld.Redact(detail));
    }

    private byte[] Detail(SafeFileHandle folder, ReadOnlySpan<byte> name, EntryFacts facts) => facts.Kind switch
    {
        'l' => FileSystemCalls.LinkTarget(folder, name),
        'f' when tally.ReadsContents && tally.CountContent(facts.Size ?? 0) => Content(folder, name, facts),
        _ => [],
    };

    private byte[] Content(SafeFileHandle folder, ReadOnlySpan<byte> name, EntryFacts facts)
    {
        using var file = FileSystemCalls.OpenFile(folder, name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var opened = FileSystemCalls.Facts(file);
        if (opened.Kind != 'f' || opened.Inode != facts.Inode)
        {
            tally.Stop("a file became another one while it was looked at");
            return [];
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ContentBytes);
        try
        {
            long at = 0;
            for (int read; at < opened.Size && (read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(ContentBytes, opened.Size.Value - at)), at)) > 0; at += read)
            {
                interrupt.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return System.Text.Encoding.ASCII.GetBytes(Digest.FromHash(hash.GetHashAndReset()).ToString());
    }

    private static EntryFacts Bare(EntryFacts facts) => facts with { Size = null, Modified = null, Changed = null };

    private string Words(int length) =>
        RelativePath.TryFromBytes(_path.AsSpan(0, length), out var path) ? Core.Problems.PlainText.Quote(path.ToString()) : "an entry";
}
