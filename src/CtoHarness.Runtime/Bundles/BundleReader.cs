using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Reads a bundle that somebody sent, as a folder or as a pack. Nothing in it is believed or followed, and nothing is written but what is taken out by name.</summary>
public static class BundleReader
{
    /// <summary>How much of what may be kept of a bundle is left to the two reports and the seal.</summary>
    internal const long ForReportsAndSeal = 32 << 20;

    /// <summary>Reads all that lies in a bundle, once.</summary>
    /// <param name="path">A folder, or a pack that <c>cto-harness pack</c> made; not a link.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>Its files, and a line for each thing that no bundle holds; a bundle with such a line is to be refused.</returns>
    /// <exception cref="IOException">It cannot be read at all: nothing is there, it is neither folder nor file, or the machine refused.</exception>
    public static BundleContent Read(string path, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(path, null, BundleFiles.MostKept, interrupt);
    }

    /// <summary>Reads a bundle that has no reports and no seal yet, so that what is kept of it is kept beside them, too.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <exception cref="IOException">It cannot be read at all.</exception>
    internal static BundleContent ReadUnfinished(string path, CancellationToken interrupt) => Read(path, null, BundleFiles.MostKept - ForReportsAndSeal, interrupt);

    /// <summary>Takes files out of a bundle that was reviewed: exactly those bytes, under plain names, into a folder that nobody else sees.</summary>
    /// <param name="path">The bundle, as it was read before.</param>
    /// <param name="reviewed">What was read then.</param>
    /// <param name="folder">An empty folder of ours.</param>
    /// <param name="isWanted">Which files are taken out.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <exception cref="IOException">The bundle is not what it was, and what was written is not to be used; or the machine refused.</exception>
    internal static void Extract(string path, BundleContent reviewed, string folder, Func<string, bool> isWanted, CancellationToken interrupt)
    {
        using var into = new Extraction(folder, isWanted);
        var again = Read(path, into, BundleFiles.MostKept, interrupt);
        var isSame = again.Odd.IsEmpty && again.Files.Length == reviewed.Files.Length
            && again.Files.Zip(reviewed.Files).All(pair => (pair.First.Path, pair.First.Bytes, pair.First.Sha256) == (pair.Second.Path, pair.Second.Bytes, pair.Second.Sha256));
        if (!isSame)
        {
            throw new IOException($"{PlainText.Quote(path)} changed after it was reviewed");
        }
    }

    private static BundleContent Read(string path, Extraction? into, long mostKept, CancellationToken interrupt)
    {
        using var collector = new BundleCollector(interrupt) { Into = into, MostKept = mostKept };
        try
        {
            using var opened = Open(path, out var type);
            if (type == FileSystemCalls.TypeFolder)
            {
                new FolderWalk(collector, interrupt).Read(opened);
            }
            else
            {
                new PackReader(collector, opened).Read();
            }

            return collector.Content();
        }
        catch (Exception closed) when (closed is MachineException or UnauthorizedAccessException)
        {
            throw new IOException(closed.Message, closed);
        }
    }

    // Looked at before it is opened: opening a device may already do something.
    private static SafeFileHandle Open(string path, out uint type)
    {
        var full = path.Contains('\0', StringComparison.Ordinal) || path.Length == 0 ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var name = System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(full) is { Length: > 0 } last ? last : ".");
        if (full is null || FileSystemCalls.RealPath(Path.GetDirectoryName(full) ?? "/") is not { } around)
        {
            throw new IOException($"there is no {PlainText.Quote(path)}");
        }

        using var parent = FileSystemCalls.OpenFolder(around);
        type = FileSystemCalls.Look(parent, name).Type;
        return type switch
        {
            FileSystemCalls.TypeFolder => FileSystemCalls.OpenFolder(parent, name),
            FileSystemCalls.TypeFile => OpenFile(parent, name, path),
            FileSystemCalls.TypeLink => throw new IOException($"{PlainText.Quote(path)} is a link, not a bundle: name what it leads to"),
            _ => throw new IOException($"{PlainText.Quote(path)} is {FolderWalk.NameOf(type)}, not a bundle"),
        };
    }

    private static SafeFileHandle OpenFile(SafeFileHandle parent, byte[] name, string path)
    {
        var file = FileSystemCalls.OpenFile(parent, name);
        if (FileSystemCalls.Look(file).Type == FileSystemCalls.TypeFile)
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"{PlainText.Quote(path)} was replaced while it was opened");
    }
}
