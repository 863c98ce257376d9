namespace CtoHarness.Tests.Linux.Support;

/// <summary>git as somebody has it who never configured it.</summary>
internal static class PlainGit
{
    private static readonly string[] Start =
        ["-i", "PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES=/var/tmp", "git"];

    /// <summary>Runs git, which must succeed.</summary>
    public static string Run(params string[] words) => Tool.Run("/usr/bin/env", [.. Start, .. words]);

    /// <summary>Runs git and gives its exit code and everything that it wrote.</summary>
    public static (int Exit, string Text) Try(params string[] words) => Tool.Try("/usr/bin/env", [.. Start, .. words]);

    /// <summary>Applies a patch as anybody would, in a plain folder or in a repository that was just made of it.</summary>
    public static void Apply(string folder, string patch, bool isRepository)
    {
        if (isRepository)
        {
            Run("init", "-q", folder);
        }

        Run("-C", folder, "apply", patch);
    }
}
