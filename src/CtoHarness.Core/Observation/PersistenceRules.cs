using System.Collections.Frozen;
using System.Text;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Observation;

/// <summary>Which entries of a lane would act later, on their own, going by where they stand and how they look.</summary>
public static class PersistenceRules
{
    /// <summary>The folder of a lane that others may copy or take a patch from.</summary>
    public const string Workspace = "workspace";

    private static readonly FrozenSet<string> ShellFiles = Set(
        ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile", ".zshrc", ".zshenv", ".zprofile", ".zlogin", ".zlogout",
        ".kshrc", ".mkshrc", ".login", ".logout", ".cshrc", ".tcshrc", ".pam_environment", ".xprofile", ".xinitrc", ".xsession", ".xsessionrc");

    private static readonly FrozenSet<string> AutoloadFiles = Set(
        "sitecustomize.py", "usercustomize.py", "conftest.py", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", ".envrc", "pip.conf", ".gdbinit", ".lldbinit",
        ".vimrc", ".exrc", ".nvimrc", ".emacs", ".dir-locals.el", ".inputrc", ".pdbrc", ".irbrc", ".node_repl.js", ".pre-commit-config.yaml");

    private static readonly FrozenSet<string> SshFiles = Set("authorized_keys", "authorized_keys2", "config", "rc", "environment");

    // What package tools put there by the thousand; it is read by whoever uses that package, and never passed on.
    private static readonly FrozenSet<string> PackageFolders = Set("node_modules", "site-packages", "dist-packages");

    /// <summary>Judges an entry by its place and look; texts that must be read are not its business.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>The leftover, or null where the entry does nothing on its own.</returns>
    public static Leftover? Of(LeftEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var parts = Encoding.Latin1.GetString(entry.Path.Bytes).ToLowerInvariant().Split('/');
        var inWorkspace = parts[0] == Workspace;
        if (entry.Kind == LeftKind.File && (entry.HasSetId || entry.HasCapabilities))
        {
            return entry.HasSetId
                ? Found(entry, "setuid", "runs with the rights of its owner or group, whoever starts it", true)
                : Found(entry, "capabilities", "runs with more rights than whoever starts it", true);
        }

        return entry.Kind switch
        {
            LeftKind.Special => Found(entry, "special-file", "a FIFO, socket or device: whoever opens it may hang or be answered", false),
            LeftKind.Closed => Found(entry, "closed-folder", "lets nobody look at what it holds", inWorkspace),
            _ => OfGit(entry, parts, inWorkspace) ?? OfName(entry, parts, inWorkspace),
        };
    }

    /// <summary>Whether an entry is a file whose text git obeys as configuration.</summary>
    /// <param name="path">Relative to the runtime workspace root.</param>
    /// <returns>True where it must be read.</returns>
    public static bool IsGitConfig(RelativePath path)
    {
        var parts = Parts(path);
        return (parts[^1] is "config" or "config.worktree" && parts.SkipLast(1).Any(IsGitFolder))
            || parts[^1] == ".gitconfig"
            || (parts.Length > 1 && parts[^1] == "config" && parts[^2] == "git");
    }

    /// <summary>Whether an entry is a file whose text gives files of the workspace to filters.</summary>
    /// <param name="path">Relative to the runtime workspace root.</param>
    /// <returns>True where it must be read.</returns>
    public static bool IsGitAttributes(RelativePath path)
    {
        var parts = Parts(path);
        return parts[0] == Workspace && parts[^1] == ".gitattributes" && !parts.Any(IsGitFolder);
    }

    /// <summary>Whether a leftover lies where a breach is a breach: in the workspace, and not among installed packages.</summary>
    /// <param name="path">Relative to the runtime workspace root.</param>
    /// <returns>True in the workspace.</returns>
    public static bool IsPassedOn(RelativePath path)
    {
        var parts = Parts(path);
        return parts[0] == Workspace && !parts.Any(PackageFolders.Contains);
    }

    private static Leftover? OfGit(LeftEntry entry, string[] parts, bool inWorkspace)
    {
        var git = Array.FindIndex(parts, IsGitFolder);
        if (git < 0)
        {
            return null;
        }

        if (git == parts.Length - 1)
        {
            return git == 1 && inWorkspace
                ? entry.Kind == LeftKind.Folder ? null : Found(entry, "git-elsewhere", "leads git to a repository elsewhere", false)
                : Found(entry, "nested-repository", "a repository of its own, whose configuration and hooks git obeys", inWorkspace);
        }

        var hook = parts[^2] == "hooks" && entry.Kind is LeftKind.Link or LeftKind.File && !parts[^1].EndsWith(".sample", StringComparison.Ordinal);
        if ((hook && (entry.IsExecutable || entry.Kind == LeftKind.Link)) || (parts[^1] == "hooks" && entry.Kind == LeftKind.Link))
        {
            return Found(entry, "git-hook", "a program that git starts on its own", inWorkspace);
        }

        return entry.Kind == LeftKind.Link && IsGitConfig(entry.Path)
            ? Found(entry, "git-config", "leads git to a configuration elsewhere", inWorkspace)
            : null;
    }

    private static Leftover? OfName(LeftEntry entry, string[] parts, bool inWorkspace)
    {
        if (entry.Kind == LeftKind.Folder || parts.Any(IsGitFolder))
        {
            return null;
        }

        var breach = inWorkspace && !parts.Any(PackageFolders.Contains);
        var name = parts[^1];
        var around = parts.Length > 1 ? parts[^2] : "";
        if (ShellFiles.Contains(name) || Below(parts, ".config", "fish"))
        {
            return Found(entry, "shell-startup", "a shell or a login runs it when it starts", breach);
        }

        if (AutoloadFiles.Contains(name) || name.EndsWith(".pth", StringComparison.Ordinal) || parts.SkipLast(1).Contains(".husky")
            || (around == ".vscode" && name is "tasks.json" or "settings.json" or "launch.json"))
        {
            return Found(entry, "autoload", "a tool obeys it as soon as it finds it", breach);
        }

        if (Below(parts, "systemd", "user") || Below(parts, ".config", "autostart") || Below(parts, "dbus-1", "services") || name is "crontab" or ".crontab")
        {
            return Found(entry, "service", "a session or a timer starts it", breach);
        }

        if (around == ".ssh" && SshFiles.Contains(name))
        {
            return Found(entry, "ssh", "lets somebody in, or starts a program at a login", breach);
        }

        return entry.IsExecutable && ((around == "bin" && parts.Length == 3) || Below(parts, ".local", "bin")) && parts[0] == "home"
            ? Found(entry, "program-in-path", "may be found before the program of that name", breach)
            : null;
    }

    private static bool Below(string[] parts, string outer, string inner)
    {
        for (var at = 0; at + 2 < parts.Length; at++)
        {
            if (parts[at] == outer && parts[at + 1] == inner)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsGitFolder(string part) => part is ".git" or "git~1";

    private static string[] Parts(RelativePath path) => Encoding.Latin1.GetString(path.Bytes).ToLowerInvariant().Split('/');

    private static Leftover Found(LeftEntry entry, string kind, string detail, bool breach) => new(kind, entry.Path.ToString(), detail, breach);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
