using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>Reads what stands below a folder, as somebody hostile may have left it: follows no link, opens only regular files, stays within bounds.</summary>
internal sealed class TreeReader
{
    private const int BufferBytes = 131_072;
    private const int ListingBytes = 16_384;
    private const int LongestName = 255;
    private const uint SetIdBits = 0xC00;
    private const uint OwnerExecutes = 0x40;
    private const long MostNameBytes = 8 << 20; // what is kept of a tree in memory is its names
    private const int NotPermitted = 1;
    private const int NotAllowed = 13;

    private readonly TreeBounds _bounds;
    private readonly bool _leaveGit;
    private readonly List<TreeEntry> _entries = [];
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private readonly byte[] _path = new byte[RelativePath.MaxBytes + 1 + LongestName]; // of the entry at hand
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _seen;
    private long _bytes;
    private long _nameBytes;
    private string _refusal = "";

    private TreeReader(TreeBounds bounds, bool leaveGit)
    {
        _bounds = bounds;
        _leaveGit = leaveGit;
    }

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">Absolute path; not a link.</param>
    /// <param name="bounds">How much is read.</param>
    /// <param name="leaveGit">Whether a <c>.git</c> at the top is left out.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>The tree, or why it was refused.</returns>
    /// <exception cref="MachineException">The folder itself cannot be read.</exception>
    internal static (Tree? Tree, string Refusal) Read(string folder, TreeBounds bounds, bool leaveGit, CancellationToken interrupt)
    {
        var reader = new TreeReader(bounds, leaveGit);
        try
        {
            using var top = FileSystemCalls.OpenFolder(folder);
            reader.Walk(top, 0, 1, interrupt);
            return reader._refusal.Length > 0 ? (null, reader._refusal) : (new Tree(reader._entries), "");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(reader._buffer);
            reader._hash.Dispose();
        }
    }

    // Recursion is bounded by the depth, which the policy keeps at 512 at most.
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
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    private void Meet(SafeFileHandle folder, ReadOnlySpan<byte> name, int prefix, int depth, CancellationToken interrupt)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || (depth == 1 && _leaveGit && name.SequenceEqual(".git"u8)))
        {
            return;
        }

        var length = prefix + name.Length;
        _nameBytes += length;
        if (++_seen > _bounds.Entries)
        {
            _refusal = $"it has more than {Text(_bounds.Entries)} entries";
        }
        else if (length > RelativePath.MaxBytes)
        {
            _refusal = $"a path is longer than {Text(RelativePath.MaxBytes)} bytes";
        }
        else if (_nameBytes > MostNameBytes)
        {
            _refusal = $"its paths have more than {Text(MostNameBytes)} bytes";
        }
        else
        {
            name.CopyTo(_path.AsSpan(prefix));
            Take(folder, length, prefix, depth, interrupt);
        }
    }

    private void Take(SafeFileHandle folder, int length, int prefix, int depth, CancellationToken interrupt)
    {
        var name = _path.AsSpan(prefix, length - prefix);
        var entry = FileSystemCalls.Look(folder, name);
        if (entry.Type == FileSystemCalls.TypeFolder)
        {
            Descend(folder, length, prefix, depth, interrupt);
            return;
        }

        var path = PathOf(length);
        if (path.HasComponent(".git"))
        {
            Special(path, "within a nested .git");
        }
        else if (GitNames.Refuse(path, entry.Type == FileSystemCalls.TypeLink ? EntryKind.Link : EntryKind.File))
        {
            Special(path, "a name that git refuses");
        }
        else if (entry.Type == FileSystemCalls.TypeLink)
        {
            var target = FileSystemCalls.LinkTarget(folder, name);
            _entries.Add(new TreeEntry(path, EntryKind.Link, target.Length, Digest.Of(target)));
        }
        else if (entry.Type != FileSystemCalls.TypeFile)
        {
            Special(path, NameOf(entry.Type));
        }
        else if ((entry.Mode & SetIdBits) != 0)
        {
            Special(path, "setuid or setgid file");
        }
        else
        {
            TakeFile(folder, name, path);
        }
    }

    private void Descend(SafeFileHandle folder, int length, int prefix, int depth, CancellationToken interrupt)
    {
        if (depth >= _bounds.Depth)
        {
            _refusal = $"folders are nested deeper than {Text(_bounds.Depth)}";
            return;
        }

        try
        {
            using var inner = FileSystemCalls.OpenFolder(folder, _path.AsSpan(prefix, length - prefix));
            _path[length] = (byte)'/';
            Walk(inner, length + 1, depth + 1, interrupt);
        }
        catch (MachineException closed) when (closed.Error is NotAllowed or NotPermitted)
        {
            Special(PathOf(length), "unreadable folder");
        }
    }

    private void TakeFile(SafeFileHandle folder, ReadOnlySpan<byte> name, RelativePath path)
    {
        try
        {
            using var file = FileSystemCalls.OpenFile(folder, name);
            var entry = FileSystemCalls.Look(file);
            _bytes += entry.Size;
            if (entry.Type != FileSystemCalls.TypeFile || entry.Size > _bounds.FileBytes || _bytes > _bounds.Bytes)
            {
                _refusal = entry.Size > _bounds.FileBytes
                    ? $"a file has more than {Text(_bounds.FileBytes)} bytes: {path}"
                    : $"its files have more than {Text(_bounds.Bytes)} bytes";
                return;
            }

            var kind = (entry.Mode & OwnerExecutes) != 0 ? EntryKind.Executable : EntryKind.File;
            _entries.Add(new TreeEntry(path, kind, entry.Size, DigestOf(file, entry.Size)));
        }
        catch (MachineException closed) when (closed.Error is NotAllowed or NotPermitted)
        {
            Special(path, "unreadable file");
        }
    }

    private Digest DigestOf(SafeFileHandle file, long size)
    {
        for (long at = 0; at < size;)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(0, BufferBytes), at);
            if (read == 0)
            {
                break;
            }

            _hash.AppendData(_buffer, 0, read);
            at += read;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        return Digest.FromHash(hash);
    }

    private RelativePath PathOf(int length) =>
        RelativePath.TryFromBytes(_path.AsSpan(0, length), out var path) ? path : throw new IOException("the kernel gave a name that is none");

    private void Special(RelativePath path, string note) => _entries.Add(new TreeEntry(path, EntryKind.Special, 0, Digest.Zero, note));

    private static string NameOf(uint type) => type switch
    {
        FileSystemCalls.TypeFifo => "FIFO",
        FileSystemCalls.TypeSocket => "socket",
        FileSystemCalls.TypeBlock or FileSystemCalls.TypeCharacter => "device",
        _ => "unknown entry",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
