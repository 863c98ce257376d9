using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Roots;

/// <summary>How much of a root is looked at.</summary>
/// <param name="Entries">The most entries.</param>
/// <param name="ContentBytes">The most bytes of contents that are read; 0 where none is read.</param>
internal sealed record RootBounds(long Entries, long ContentBytes)
{
    /// <summary>The most folders within one another: each open one is a descriptor.</summary>
    internal const int Depth = 256;

    /// <summary>The bounds of a policy.</summary>
    internal static RootBounds Of(RunPolicy policy) => new(policy.RootEntries, policy.RootContentBytes);
}

/// <summary>What is looked at in one protected root.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Path">Its path, links resolved; empty where none is declared.</param>
/// <param name="Excluded">Paths below it that are left out.</param>
/// <param name="Names">The only names that are looked at; empty where all are.</param>
/// <param name="Trouble">Why it cannot be looked at in a way that proves anything; empty where it can.</param>
internal sealed record RootPlan(string Role, string Path, ImmutableArray<string> Excluded, ImmutableArray<string> Names, string Trouble)
{
    // Builds of the harness go there while runs go on. Nothing of .git is left out: the harness's own git takes no optional lock.
    private static readonly ImmutableArray<string> BuildOutput = ["artifacts", "bin", "node_modules", "obj"];

    private static readonly ImmutableArray<string> StartupNames =
    [
        ".bash_aliases", ".bash_login", ".bash_logout", ".bash_profile", ".bashrc", ".config/fish", ".config/git", ".cshrc", ".gitattributes", ".gitconfig",
        ".inputrc", ".kshrc", ".login", ".logout", ".pam_environment", ".profile", ".ssh/authorized_keys", ".ssh/authorized_keys2", ".ssh/config", ".ssh/config.d",
        ".ssh/environment", ".ssh/rc", ".tcshrc", ".xprofile", ".zlogin", ".zlogout", ".zprofile", ".zshenv", ".zshrc",
    ];

    private readonly ImmutableArray<byte[]> _excluded = [.. Excluded.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Draws up what is looked at.</summary>
    /// <param name="role">The root's role.</param>
    /// <param name="path">Its path, links resolved; empty where none is declared.</param>
    /// <param name="folders">Where runs write.</param>
    internal static RootPlan Of(string role, string path, StateFolders folders)
    {
        var excluded = folders.WrittenByRuns.Select(place => Below(path, place)).OfType<string>().Concat(role == RootList.Checkout ? BuildOutput : [])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        excluded.RemoveAll(one => excluded.Exists(other => HostPaths.Below(other, one) is not null));
        var isHome = role == RootList.Startup;
        return new RootPlan(
            role, path, isHome ? [] : [.. excluded], isHome ? StartupNames : [],
            path.Length > 0 && folders.IsWrittenByRuns(path) ? "runs of the harness themselves write there" : "");
    }

    /// <summary>Whether a path is left out.</summary>
    /// <param name="path">Relative to the root.</param>
    internal bool IsExcluded(ReadOnlySpan<byte> path)
    {
        foreach (var one in _excluded)
        {
            if (path.SequenceEqual(one))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a name that is left out may stand directly in a folder: then its size and times change with that name alone, and say nothing.</summary>
    /// <param name="path">The folder, relative to the root; empty for the root itself.</param>
    internal bool HoldsExcluded(ReadOnlySpan<byte> path)
    {
        foreach (var one in _excluded)
        {
            var slash = one.AsSpan().LastIndexOf((byte)'/');
            if (path.SequenceEqual(one.AsSpan(0, Math.Max(0, slash))))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Below(string root, string place) => root.Length > 0 ? HostPaths.Below(root, place) : null;
}
