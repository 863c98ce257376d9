using System.Text;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>The repository of a pristine workspace: one commit, built once for each digest and copied from then on.</summary>
/// <param name="Folder">A ready-made <c>.git</c>.</param>
/// <param name="Commit">The id of its commit.</param>
internal sealed record BaseRepository(string Folder, string Commit)
{
    // Part of the cache's key: a change of how repositories are built must not find old ones.
    private const string Recipe = "v1";
    private const string Config = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = false\n";
    private const long NoOutput = 1 << 20;

    /// <summary>Finds or builds the repository.</summary>
    /// <param name="cache">The folder of all of them.</param>
    /// <param name="workspace">The pristine workspace.</param>
    /// <param name="tree">What stands in it.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static BaseRepository Ensure(string cache, string workspace, Tree tree, CancellationToken interrupt)
    {
        var folder = Path.Combine(cache, $"{Recipe}-{tree.Digest().Hex}");
        if (CommitOf(folder) is { } known)
        {
            return new BaseRepository(folder, known);
        }

        Directory.CreateDirectory(cache);
        var making = $"{folder}.{Path.GetRandomFileName()}";
        using var claim = FolderClaim.Make(making, 0x1C0);
        try
        {
            Build(making, workspace, tree, interrupt);
            Keep(making, folder);
        }
        finally
        {
            if (Directory.Exists(making))
            {
                Directory.Delete(making, recursive: true);
            }
        }

        return new BaseRepository(folder, CommitOf(folder) ?? throw new IOException($"{folder} holds no commit; remove it and run again"));
    }

    /// <summary>Whether a name in the cache is that of a repository while it is built.</summary>
    internal static bool IsHalfMade(string name) =>
        name.IndexOf('.', StringComparison.Ordinal) is > 64 and var dot && name[(dot - 64)..dot].All(char.IsAsciiHexDigitLower);

    /// <summary>Makes an empty repository, without templates and hooks.</summary>
    internal static void MakeEmpty(string folder, string config)
    {
        Directory.CreateDirectory(Path.Combine(folder, "objects", "info"));
        Directory.CreateDirectory(Path.Combine(folder, "refs", "heads"));
        File.WriteAllText(Path.Combine(folder, "HEAD"), $"ref: {FastImport.Branch}\n");
        File.WriteAllText(Path.Combine(folder, "config"), config);
    }

    private static void Build(string folder, string workspace, Tree tree, CancellationToken interrupt)
    {
        MakeEmpty(folder, Config);
        var additions = tree.Entries.Select(entry => new Change(entry.Path, null, entry));
        Git.Run(folder, folder, ["-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--done"], NoOutput, interrupt,
            input => FastImport.Write(input, "", "The fixture as it is given", additions, workspace, interrupt));
        Git.Run(folder, folder, ["read-tree", FastImport.Branch], NoOutput, interrupt);
    }

    // Two may build the same at once; either result is as good.
    private static void Keep(string making, string folder)
    {
        try
        {
            Directory.Move(making, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // the other was first
        }
    }

    private static string? CommitOf(string folder)
    {
        var path = Path.Combine(folder, FastImport.Branch);
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path, Encoding.ASCII).Trim();
        return text.Length == 40 && text.All(char.IsAsciiHexDigitLower) ? text : null;
    }
}
