using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary>Finds the bundle that a word names.</summary>
/// <param name="Path">Where it is; null where there is none.</param>
/// <param name="Problem">Why there is none; null where there is.</param>
/// <param name="Code">What to exit with where there is none.</param>
internal sealed record BundlePlace(string? Path, Problem? Problem, ExitCode Code)
{
    private const string Latest = "latest";

    /// <summary>Finds a bundle.</summary>
    /// <param name="name">A run's name, <c>latest</c>, or a path.</param>
    /// <param name="folders">Where runs are.</param>
    /// <param name="isPackAllowed">Whether the path may be that of a pack.</param>
    internal static BundlePlace Find(string name, StateFolders folders, bool isPackAllowed)
    {
        var isHere = isPackAllowed && !name.Contains('\0', StringComparison.Ordinal) && File.Exists(name);
        if (name.Contains('/', StringComparison.Ordinal) || isHere)
        {
            return !name.Contains('\0', StringComparison.Ordinal) && (Directory.Exists(name) || isHere) ? new BundlePlace(name, null, ExitCode.Pass)
                : Missing(ExitCode.Usage, "BUNDLE", $"there is no {(isPackAllowed ? "folder and no file" : "folder")} {PlainText.Quote(name)}", isPackAllowed ? "name the folder of a bundle, or its .tar.gz" : "name the folder of a bundle");
        }

        return RunCatalogue.Find(folders.Runs, name) switch
        {
            null when IsFolderHere(name) => new BundlePlace(name, null, ExitCode.Pass),
            null => Missing(ExitCode.Usage, "BUNDLE", $"there is no {(isPackAllowed ? "file or folder" : "folder")} {PlainText.Quote(name)} here, and no run of that name in {PlainText.Visible(folders.Runs)}", "name the bundle by its path; 'cto-harness runs' lists the runs"),
            { State: RunState.Complete } row => new BundlePlace(row.Path, null, ExitCode.Pass),
            { State: RunState.Running } row => Missing(ExitCode.Inconclusive, row.Path, "this run goes on", "wait for its end"),
            { State: RunState.Interrupted or RunState.Unfinished } row => Missing(ExitCode.Inconclusive, row.Path, "this run was not closed", "'cto-harness runs repair' closes it"),
            var row => Missing(ExitCode.Inconclusive, row.Path, "this is no bundle of this version that can be read", "look at its files"),
        };
    }

    // A run's own name comes first; 'latest' is never a folder that happens to be called so.
    private static bool IsFolderHere(string name) => name != Latest && name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && Directory.Exists(name);

    private static BundlePlace Missing(ExitCode code, string where, string message, string remedy) => new(null, new Problem(PlainText.Visible(where), message, remedy), code);
}
