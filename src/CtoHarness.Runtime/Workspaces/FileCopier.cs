using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>Copies folders that the harness itself owns, and gives them to the sandbox's user.</summary>
internal static class FileCopier
{
    /// <summary>Copies a folder of regular files and folders.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">A folder that is made where it is missing.</param>
    /// <param name="owner">The user that the copy is given to; null to keep it.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static void CopyFolder(string from, string to, long? owner, CancellationToken interrupt)
    {
        MakeFolder(to, owner);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            interrupt.ThrowIfCancellationRequested();
            var place = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is not null)
            {
                throw new IOException($"{entry.FullName} is a link; only regular files and folders are copied");
            }

            if (entry is DirectoryInfo)
            {
                CopyFolder(entry.FullName, place, owner, interrupt);
            }
            else
            {
                CopyFile(entry.FullName, place, owner);
            }
        }
    }

    /// <summary>Copies one file.</summary>
    internal static void CopyFile(string from, string to, long? owner)
    {
        File.Copy(from, to, overwrite: true);
        SetMode(to, (File.GetUnixFileMode(from) & UnixFileMode.UserExecute) != 0);
        Give(to, owner);
    }

    /// <summary>Makes a folder and gives it away.</summary>
    internal static void MakeFolder(string path, long? owner)
    {
        Directory.CreateDirectory(path);
        SetMode(path, executable: true);
        Give(path, owner);
    }

    /// <summary>Lays changes of a workspace over another copy of the same base.</summary>
    /// <param name="changes">Changes whose result is a regular file or nothing.</param>
    /// <param name="from">The workspace in which they were found.</param>
    /// <param name="to">The copy.</param>
    /// <param name="owner">The user that the files are given to.</param>
    internal static void LayOver(IReadOnlyCollection<Change> changes, string from, string to, long? owner)
    {
        // Where everything was deleted, the workspace itself may be gone or closed.
        using var contents = changes.Any(change => change.After is not null) ? new ContentReader(from) : null;
        foreach (var change in changes)
        {
            // Allowed paths were written by a person as text, so they are text here.
            var path = System.Text.Encoding.UTF8.GetString(change.Path.ToBytes());
            var place = Path.Combine(to, path);
            if (change.After is null)
            {
                File.Delete(place);
                continue;
            }

            MakeFoldersOf(path, to, owner);
            LayFile(contents!, change.After, place, owner);
        }
    }

    /// <summary>Lays texts over a copy that nobody else has touched.</summary>
    /// <param name="files">Paths and texts.</param>
    /// <param name="to">The copy.</param>
    /// <param name="owner">The user that the files are given to.</param>
    internal static void LayTexts(IEnumerable<(RelativePath Path, string Text)> files, string to, long? owner)
    {
        foreach (var (file, text) in files)
        {
            var path = System.Text.Encoding.UTF8.GetString(file.ToBytes());
            MakeFoldersOf(path, to, owner);
            var place = Path.Combine(to, path);
            File.WriteAllText(place, text);
            SetMode(place, executable: false);
            Give(place, owner);
        }
    }

    /// <summary>Lays a fixture's solution over a copy that nobody else has touched.</summary>
    /// <param name="solution">The folder of what it changes or adds.</param>
    /// <param name="deleted">What it deletes.</param>
    /// <param name="to">The copy.</param>
    /// <param name="owner">The user that the files are given to.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static void LaySolution(string solution, IEnumerable<RelativePath> deleted, string to, long? owner, CancellationToken interrupt)
    {
        CopyFolder(solution, to, owner, interrupt);
        foreach (var path in deleted)
        {
            File.Delete(Path.Combine(to, System.Text.Encoding.UTF8.GetString(path.ToBytes())));
        }
    }

    private static void MakeFoldersOf(string path, string to, long? owner)
    {
        for (var folder = path.IndexOf('/', StringComparison.Ordinal); folder > 0; folder = path.IndexOf('/', folder + 1))
        {
            MakeFolder(Path.Combine(to, path[..folder]), owner);
        }
    }

    private static void LayFile(ContentReader contents, TreeEntry entry, string place, long? owner)
    {
        File.Delete(place);
        using (var file = new FileStream(place, FileMode.CreateNew, FileAccess.Write))
        {
            contents.CopyTo(entry, file);
        }

        SetMode(place, entry.Kind == EntryKind.Executable);
        Give(place, owner);
    }

    // Said outright: neither a umask nor the mode of a source may decide whether the sandbox's user can read a copy.
    private static void SetMode(string path, bool executable)
    {
        const UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(path, executable ? plain | execute : plain);
    }

    private static void Give(string path, long? owner)
    {
        if (owner is { } user)
        {
            FileSystemCalls.Give(path, user);
        }
    }
}
