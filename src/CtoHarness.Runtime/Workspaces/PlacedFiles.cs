using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Trees;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>Lays an engine's own files into a lane that nobody else has touched yet.</summary>
internal static class PlacedFiles
{
    /// <summary>Lays the files down.</summary>
    /// <param name="files">The files, with their values.</param>
    /// <param name="lane">The lane, whose folders stand.</param>
    /// <param name="owner">The sandbox's user; null for the ordinary user who asks.</param>
    /// <exception cref="IOException">Something stands there already, or is in the way.</exception>
    internal static void Lay(ImmutableArray<PlacedFile> files, LaneFolders lane, long? owner)
    {
        foreach (var place in files.GroupBy(file => file.Place))
        {
            var folder = place.Key == FilePlace.Home ? lane.Home : lane.Workspace;
            foreach (var file in place)
            {
                CheckWay(folder, file.Path);
                FileCopier.LayTexts([(file.Path, file.Text)], folder, owner);
            }
        }
    }

    /// <summary>Leaves files out of what git sees of the workspace.</summary>
    /// <param name="own">Patterns of an engine's own files.</param>
    /// <param name="lane">The lane, whose workspace has its repository.</param>
    /// <param name="owner">The sandbox's user; null for the ordinary user who asks.</param>
    /// <exception cref="IOException">Something is in the way.</exception>
    internal static void Exclude(ImmutableArray<PathPattern> own, LaneFolders lane, long? owner)
    {
        if (own.IsEmpty)
        {
            return;
        }

        _ = RelativePath.TryParse("info/exclude", out var path);
        var repository = Path.Combine(lane.Workspace, ".git");
        CheckWay(repository, path);
        FileCopier.LayTexts([(path, string.Concat(own.Select(pattern => Ignored(pattern) + "\n")))], repository, owner);
    }

    /// <summary>Says why an engine and a fixture cannot go together: a file of the fixture would be the engine's own, and no change of it would be seen.</summary>
    /// <param name="own">Patterns of the engine's own files.</param>
    /// <param name="pristine">The fixture's workspace.</param>
    /// <returns>Why; empty where they can.</returns>
    internal static string Covered(ImmutableArray<PathPattern> own, Tree pristine) =>
        pristine.Entries.FirstOrDefault(entry => own.Any(pattern => pattern.Covers(entry.Path))) is { } covered
            ? $"the engine's own_files cover {covered.Path}, a file of the fixture, so that no change of it would be seen; the two cannot go together: take the pattern out of the manifest, or name another fixture"
            : "";

    // Anchored, so that it means the same as ours; what only git reads as a pattern is taken for itself.
    private static string Ignored(PathPattern pattern)
    {
        var text = new StringBuilder("/");
        foreach (var c in pattern.Text)
        {
            text.Append(c is '[' or ']' or '?' or '\\' or ' ' ? $"\\{c}" : c.ToString());
        }

        return text.ToString();
    }

    private static void CheckWay(string folder, RelativePath path)
    {
        var way = folder;
        var names = Encoding.UTF8.GetString(path.Bytes).Split('/');
        foreach (var (name, isLast) in names.Select((name, index) => (name, index == names.Length - 1)))
        {
            way = Path.Combine(way, name);
            var entry = new FileInfo(way);
            if (entry.LinkTarget is not null || (isLast && Path.Exists(way)) || (!isLast && entry.Exists))
            {
                throw new IOException($"{way} stands where a file of the engine's own is to be laid; the fixture and the engine cannot go together");
            }
        }
    }
}
