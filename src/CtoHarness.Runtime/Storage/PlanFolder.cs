using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Storage;

/// <summary>The folder that a dry run works in: below the machine's folder for temporary files, known by its name, and gone with the call.</summary>
internal static class PlanFolder
{
    /// <summary>What its name begins with.</summary>
    internal const string Beginning = "cto-harness-plan-";

    // Longer than anybody needs from making one to claiming it.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(60);

    /// <summary>Makes one that nobody has.</summary>
    internal static (string Path, FolderClaim? Claim) Make()
    {
        var path = Directory.CreateTempSubdirectory(Beginning).FullName;
        return (path, FolderClaim.TryTakeAmongOthers(path).Claim);
    }

    /// <summary>Claims one that a dry run of this user has left behind.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="now">This moment: one that was made just now may be claimed by its maker yet.</param>
    /// <returns>The claim, or null where it is not for us to remove.</returns>
    internal static FolderClaim? TryTake(string path, DateTimeOffset now) =>
        InodeCalls.Of(path) is { } inode && inode.User == ProcessCalls.User && now - inode.Changed > Young
            ? FolderClaim.TryTakeAmongOthers(path).Claim
            : null;
}
