using System.Runtime.CompilerServices;

namespace CtoHarness.Tests;

/// <summary>The checkout that these tests were compiled from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>What a built program leaves behind, kept out of the sources.</summary>
    public static string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>The path of a file below the root.</summary>
    /// <param name="names">Folders and file.</param>
    /// <returns>An absolute path.</returns>
    public static string At(params string[] names) => Path.Combine([Root, .. names]);

    /// <summary>The folder of a source file as it is on this machine.</summary>
    /// <param name="sourceFile">What the compiler said; a build for CI writes <c>/_/</c> for the root.</param>
    /// <returns>An absolute path.</returns>
    public static string FolderOf(string sourceFile)
    {
        var folder = Path.GetDirectoryName(sourceFile)!;
        return sourceFile.StartsWith("/_/", StringComparison.Ordinal) ? Path.Combine(Root, folder[3..]) : folder;
    }

    /// <summary>Every source file of the projects that ship.</summary>
    /// <returns>Path below the root, and text.</returns>
    public static IEnumerable<(string Path, string Text)> Sources() =>
        Directory.EnumerateFiles(At("src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(Root, file), File: file))
            .Where(found => !found.Path.Split('/').Any(name => name is "bin" or "obj"))
            .OrderBy(found => found.Path, StringComparer.Ordinal)
            .Select(found => (found.Path, File.ReadAllText(found.File)));

    private static string Find([CallerFilePath] string here = "")
    {
        var start = File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CtoHarness.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no CtoHarness.slnx above {start}");
    }
}
