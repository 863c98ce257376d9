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
    private const uint SetIdBits = 0xC00;
    private const uint OwnerExecutes = 0x40;
    private const long MostNameBytes = 8 << 20; // what is kept of a tree in memory is its names
    private const int NotPermitted = 1;
    private const int NotAllowed = 13;

    private readonly TreeBounds _bounds;
    private readonly bool _leaveGit;
    private readonly List<TreeEntry> _entries = [];
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
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
            reader.Walk(top, [], 1, interrupt);
            return reader._refusal.Length > 0 ? (null, reader._refusal) : (new Tree(reader._entries), "");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(reader._buffer);
            reader._hash.Dispose();
        }
    }

    // Recursion is bounded by the depth, which the policy keeps at 512 at most.
    private void Walk(SafeFileHandle folder, byte[] prefix, int depth, CancellationToken interrupt)
    {
        var names = FileSystemCalls.Names(folder, _bounds.Entries - _seen);
        _seen += names.Count;
        if (_seen > _bounds.Entries)
        {
            _refusal = $"it has more than {Text(_bounds.Entries)} entries";
            return;
        }

        foreach (var name in names)
        {
            interrupt.ThrowIfCancellationRequested();
            if (depth == 1 && _leaveGit && name.AsSpan().SequenceEqual(".git"u8))
            {
                continue;
            }

            byte[] bytes = [.. prefix, .. name];
            if (!RelativePath.TryFromBytes(bytes, out var path))
            {
                _refusal = $"a path is longer than {Text(RelativePath.MaxBytes)} bytes";
            }
            else if ((_nameBytes += bytes.Length) > MostNameBytes)
            {
                _refusal = $"its paths have more than {Text(MostNameBytes)} bytes";
            }
            else
            {
                Take(folder, name, path, depth, interrupt);
            }

            if (_refusal.Length > 0)
            {
                return;
            }
        }
    }

    private void Take(SafeFileHandle folder, byte[] name, RelativePath path, int depth, CancellationToken interrupt)
    {
        var entry = FileSystemCalls.Look(folder, name);
        if (entry.Type == FileSystemCalls.TypeFolder)
        {
            Descend(folder, name, path, depth, interrupt);
        }
        else if (path.HasComponent(".git"))
        {
            Special(path, "within a nested .git");
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

    private void Descend(SafeFileHandle folder, byte[] name, RelativePath path, int depth, CancellationToken interrupt)
    {
        if (depth >= _bounds.Depth)
        {
            _refusal = $"folders are nested deeper than {Text(_bounds.Depth)}";
            return;
        }

        try
        {
            using var inner = FileSystemCalls.OpenFolder(folder, name);
            Walk(inner, [.. path.ToBytes(), (byte)'/'], depth + 1, interrupt);
        }
        catch (MachineException closed) when (closed.Error is NotAllowed or NotPermitted)
        {
            Special(path, "unreadable folder");
        }
    }

    private void TakeFile(SafeFileHandle folder, byte[] name, RelativePath path)
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
