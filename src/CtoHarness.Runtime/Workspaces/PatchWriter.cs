using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>Writes <c>patch.diff</c> through a repository that no backend has seen.</summary>
internal static class PatchWriter
{
    private const string Config = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";

    /// <summary>Writes the patch that leads from the base to the changes; special entries are not in it.</summary>
    /// <param name="scratch">A folder that does not exist yet.</param>
    /// <param name="repository">The repository of the base.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="workspace">Where the new contents stand.</param>
    /// <param name="patch">Takes the patch.</param>
    /// <param name="limit">The most bytes of it.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static void Write(
        string scratch, BaseRepository repository, IEnumerable<Change> changes, string workspace, Stream patch, long limit, CancellationToken interrupt)
    {
        BaseRepository.MakeEmpty(scratch, Config);
        File.WriteAllText(Path.Combine(scratch, "objects", "info", "alternates"), Path.Combine(repository.Folder, "objects") + "\n");
        Git.Run(scratch, scratch, ["fast-import", "--quiet", "--done"], limit, interrupt,
            input => FastImport.Write(input, repository.Commit, "The workspace as it was found", changes, workspace, interrupt));
        Git.Run(scratch, scratch,
            ["diff-tree", "-p", "--binary", "--full-index", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv", repository.Commit, FastImport.Branch],
            patch, limit, interrupt);
    }
}
