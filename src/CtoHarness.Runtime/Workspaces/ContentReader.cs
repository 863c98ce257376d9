using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>Reads the bytes of entries that a <see cref="TreeReader"/> found, again without following any link.</summary>
internal sealed class ContentReader(string folder) : IDisposable
{
    private readonly SafeFileHandle _top = FileSystemCalls.OpenFolder(folder);
    private readonly byte[] _buffer = new byte[65536];

    /// <summary>Copies exactly the bytes that the entry had when it was found.</summary>
    /// <exception cref="IOException">The entry is not what it was.</exception>
    internal void CopyTo(TreeEntry entry, Stream stream) => Descend(_top, entry.Path.Bytes, entry, stream);

    /// <inheritdoc/>
    public void Dispose() => _top.Dispose();

    private void Descend(SafeFileHandle parent, ReadOnlySpan<byte> rest, TreeEntry entry, Stream stream)
    {
        var end = rest.IndexOf((byte)'/');
        if (end < 0)
        {
            Copy(parent, rest, entry, stream);
            return;
        }

        using var inner = FileSystemCalls.OpenFolder(parent, rest[..end]);
        Descend(inner, rest[(end + 1)..], entry, stream);
    }

    private void Copy(SafeFileHandle parent, ReadOnlySpan<byte> name, TreeEntry entry, Stream stream)
    {
        if (entry.Kind == EntryKind.Link)
        {
            var target = FileSystemCalls.LinkTarget(parent, name);
            stream.Write(Digest.Of(target) == entry.Content ? target : throw Changed(entry));
            return;
        }

        using var file = FileSystemCalls.OpenFile(parent, name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < entry.Bytes;)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, entry.Bytes - at)), at);
            if (read == 0)
            {
                throw Changed(entry);
            }

            stream.Write(_buffer, 0, read);
            hash.AppendData(_buffer, 0, read);
            at += read;
        }

        // What is passed on is what was judged, whoever may still be there to change it.
        if (Digest.FromHash(hash.GetHashAndReset()) != entry.Content)
        {
            throw Changed(entry);
        }
    }

    private static IOException Changed(TreeEntry entry) => new($"{entry.Path} changed while it was read");
}
