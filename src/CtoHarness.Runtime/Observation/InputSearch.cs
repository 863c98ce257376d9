using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Observation;

/// <summary>Searches the files that a run is given. git is never asked: what its files name is found as in any other file.</summary>
/// <param name="search">The surface.</param>
/// <param name="targets">The declared targets on this machine.</param>
/// <param name="interrupt">Ends it early.</param>
internal sealed class InputSearch(SurfaceSearch search, TargetPlaces targets, CancellationToken interrupt)
{
    private const long MostEntries = 1_000_000;
    private const long MostDepth = 512;
    private const long MostBytes = 1L << 30;
    private const int BufferBytes = 131_072;

    // A file of git's is read from the folder around its own, or around that.
    private const int FoldersAround = 6;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private long _bytes;

    /// <summary>Searches every text and link below a folder.</summary>
    /// <param name="label">What the folder is called.</param>
    /// <param name="folder">The folder, absolute; what is not there holds nothing.</param>
    /// <param name="twin">Where the same files stand besides; relative paths are tried from there too.</param>
    /// <param name="except">A path within it that is passed over; empty for none.</param>
    internal void Folder(string label, string folder, string twin = "", string except = "")
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var refusal = LaneWalk.Go(
            folder, MostEntries, MostDepth, (parent, name, bytes, entry, closed) => Meet(label, folder, twin, except, parent, name, bytes, entry, closed), interrupt);
        Refuse(label, refusal);
    }

    /// <summary>Searches one text.</summary>
    internal void Text(string label, ReadOnlySpan<byte> text, params ImmutableArray<string> folders)
    {
        search.Begin(label, folders);
        search.Add(text);
        search.End();
    }

    /// <summary>Looks whether anything below a folder is a target under another name, or lies elsewhere.</summary>
    /// <param name="label">What the folder is called.</param>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="mounts">Where this machine has something mounted.</param>
    internal void Source(string label, string folder, IEnumerable<string> mounts)
    {
        var real = FileSystemCalls.RealPath(folder) ?? folder;
        foreach (var mount in mounts.Where(mount => mount != real && PathPlaces.IsAt(mount, real)))
        {
            search.Note(label, $"something from elsewhere is mounted within it at {mount}");
        }

        if (targets.Resolve(real) is { Target.Length: > 0 } lead)
        {
            search.Note(label, $"it lies in the target {lead.Target}");
        }

        if (!targets.Any)
        {
            return;
        }

        try
        {
            Refuse(label, LaneWalk.Go(real, MostEntries, MostDepth, (parent, name, bytes, entry, closed) =>
            {
                if (entry.Type is FileSystemCalls.TypeFile or FileSystemCalls.TypeFolder && !closed && SameAs(parent, name, entry) is { Length: > 0 } target)
                {
                    search.Note($"{label}/{Encoding.UTF8.GetString(bytes)}", $"it is the target {target} under another name");
                }
            }, interrupt));
        }
        catch (MachineException shut)
        {
            search.Refuse($"{label} cannot be looked at: {shut.Message}");
        }
    }

    // What cannot be opened cannot be copied either.
    private string SameAs(SafeFileHandle parent, ReadOnlySpan<byte> name, FileSystemCalls.Entry entry)
    {
        try
        {
            using var open = entry.Type == FileSystemCalls.TypeFile ? FileSystemCalls.OpenFile(parent, name) : FileSystemCalls.OpenFolder(parent, name);
            return targets.Same(open);
        }
        catch (MachineException)
        {
            return "";
        }
    }

    private void Meet(
        string label, string folder, string twin, string except,
        SafeFileHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes, FileSystemCalls.Entry entry, bool closed)
    {
        var path = Encoding.UTF8.GetString(bytes);
        if (search.IsOver || (except.Length > 0 && path == except))
        {
            return;
        }

        var where = $"{label}/{path}";
        if (closed)
        {
            search.Refuse($"{where} cannot be looked at");
        }
        else if (entry.Type == FileSystemCalls.TypeLink)
        {
            MeetLink(where, folder, path, Encoding.UTF8.GetString(FileSystemCalls.LinkTarget(parent, name)));
        }
        else if (entry.Type == FileSystemCalls.TypeFile)
        {
            search.Begin(where, Around(folder, twin, path));
            Read(where, parent, name);
            search.End();
        }
    }

    private void MeetLink(string where, string folder, string path, string target)
    {
        var around = Path.GetDirectoryName($"{folder}/{path}")!;
        var lead = targets.Resolve(target.StartsWith('/') ? target : $"{around}/{target}");
        if (lead.Target.Length > 0)
        {
            search.Note(where, $"a link that leads to the target {lead.Target}");
        }
        else if (!PathPlaces.IsAt(lead.Real, FileSystemCalls.RealPath(folder) ?? folder))
        {
            search.Note(where, $"a link that leads out of it, to {lead.Real}");
        }
    }

    private void Read(string where, SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        using var file = FileSystemCalls.OpenFile(parent, name);
        if (targets.Same(file) is { Length: > 0 } target)
        {
            search.Note(where, $"it is the target {target} under another name");
        }

        for (long at = 0; FileSystemCalls.Look(file).Type == FileSystemCalls.TypeFile && !search.IsOver;)
        {
            interrupt.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, _buffer, at);
            if (read == 0)
            {
                break;
            }

            at += read;
            _bytes += read;
            search.Add(_buffer.AsSpan(0, read));
            if (_bytes > MostBytes)
            {
                search.Refuse($"the files have more than {MostBytes} bytes");
            }
        }
    }

    private static ImmutableArray<string> Around(string folder, string twin, string path)
    {
        var around = ImmutableArray.CreateBuilder<string>();
        var inner = path;
        for (var count = 0; count < FoldersAround && inner.Length > 0; count++)
        {
            inner = inner.LastIndexOf('/') is > 0 and var slash ? inner[..slash] : "";
            around.Add($"{folder}/{inner}");
            if (twin.Length > 0)
            {
                around.Add($"{twin}/{inner}");
            }
        }

        return around.ToImmutable();
    }

    private void Refuse(string label, string refusal)
    {
        if (refusal.Length > 0)
        {
            search.Refuse($"{label}: {refusal}");
        }
    }
}
