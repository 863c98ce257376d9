using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>The scratch folders of one run, below the state folder.</summary>
/// <param name="Top">The run's folder.</param>
internal sealed record RunFolders(string Top) : IDisposable
{
    /// <summary>The folders of a run. Nobody can guess their name: a sandbox of another run, whose user may be the same, must not find them by it.</summary>
    /// <param name="work">The folder of all scratch folders.</param>
    /// <param name="run">The run.</param>
    internal static RunFolders Of(string work, RunId run)
    {
        var chance = new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        return new RunFolders(Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"{run}-{chance}")));
    }

    /// <summary>The subject's lane.</summary>
    internal LaneFolders Subject => new(Path.Combine(Top, "subject"));

    /// <summary>The lane in which the test command runs.</summary>
    internal LaneFolders Test => new(Path.Combine(Top, "test"));

    /// <summary>The lane in which the cases are put to the changed files.</summary>
    internal LaneFolders Cases => new(Path.Combine(Top, "cases"));

    /// <summary>The lane in which the cases are put to the fixture's solution; no code of a backend ever runs there.</summary>
    internal LaneFolders Solution => new(Path.Combine(Top, "solution"));

    /// <summary>The folders of another lane of the same run.</summary>
    /// <param name="name">The lane's name.</param>
    internal RunFolders Of(string name) => new(Path.Combine(Top, name));

    /// <summary>Where patches are made; no sandbox sees it.</summary>
    internal string Scratch => Path.Combine(Top, "scratch");

    /// <summary>Makes the folder, which must not exist yet: others may pass through to their lane, but not look around.</summary>
    internal void Make()
    {
        _claim = FolderClaim.Make(Top, 0x1C0) ?? throw new IOException($"{Top} exists already; remove it, or run again");
        IsMade = true;
        File.SetUnixFileMode(Top, PassThrough);
    }

    /// <summary>Whether this run made the folder, so that it may remove it.</summary>
    internal bool IsMade { get; private set; }

    /// <summary>The sign that the folder is to stay after its run; no sandbox sees it.</summary>
    internal const string KeptName = "kept";

    /// <summary>Whether somebody asked that it stays, and there is something to see.</summary>
    internal bool IsKept => File.Exists(Path.Combine(Top, KeptName));

    /// <summary>Lets go of the folder: nobody works in it any more.</summary>
    public void Dispose() => _claim?.Dispose();

    private FolderClaim? _claim;

    // Whatever the umask is.
    internal const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}

/// <summary>The folders of one lane.</summary>
/// <param name="Top">The lane's folder.</param>
internal sealed record LaneFolders(string Top)
{
    /// <summary>All that the program inside may write to.</summary>
    internal string Root => Path.Combine(Top, "root");

    /// <summary>The copy of the fixture's workspace.</summary>
    internal string Workspace => Path.Combine(Root, "workspace");

    /// <summary>A private home.</summary>
    internal string Home => Path.Combine(Root, "home");

    /// <summary>A private folder for temporary files, which is also /tmp and /var/tmp inside.</summary>
    internal string Tmp => Path.Combine(Root, "tmp");

    /// <summary>The backend's own output folder.</summary>
    internal string Out => Path.Combine(Root, "out");

    /// <summary>Read-only files that only this lane sees.</summary>
    internal string Given => Path.Combine(Top, "given");

    /// <summary>The folders as an engine is told of them.</summary>
    internal EnginePaths Paths => new(Workspace, Home, Out, Given);

    /// <summary>Makes the folders, with a fresh copy of a pristine workspace and its repository.</summary>
    /// <param name="owner">The sandbox's user; null for the ordinary user who asks.</param>
    /// <param name="pristine">The pristine workspace.</param>
    /// <param name="repository">Its repository; null to leave it out.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal void Make(long? owner, string pristine, BaseRepository? repository, CancellationToken interrupt)
    {
        MakeAround(owner);
        FileCopier.CopyFolder(pristine, Workspace, owner, interrupt);
        if (repository is not null)
        {
            FileCopier.CopyFolder(repository.Folder, Path.Combine(Workspace, ".git"), owner, interrupt);
        }
    }

    /// <summary>Makes the folders, with an empty workspace.</summary>
    /// <param name="owner">The sandbox's user; null for the ordinary user who asks.</param>
    internal void MakeEmpty(long? owner)
    {
        MakeAround(owner);
        FileCopier.MakeFolder(Workspace, owner);
    }

    private void MakeAround(long? owner)
    {
        Directory.CreateDirectory(Top);
        File.SetUnixFileMode(Top, RunFolders.PassThrough);
        FileCopier.MakeFolder(Given, null);
        foreach (var folder in new[] { Root, Home, Tmp, Out })
        {
            FileCopier.MakeFolder(folder, owner);
        }

        File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Says whether everybody can reach a folder, as the sandbox's user must where the harness runs as root.</summary>
    /// <param name="folder">An absolute path; what does not exist yet is passed over.</param>
    /// <returns>The first folder that is closed; empty where none is.</returns>
    internal static string FirstClosed(string folder)
    {
        for (var at = FileSystemCalls.RealPath(folder) ?? Path.GetDirectoryName(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(at) && (File.GetUnixFileMode(at) & UnixFileMode.OtherExecute) == 0)
            {
                return at;
            }
        }

        return "";
    }
}
