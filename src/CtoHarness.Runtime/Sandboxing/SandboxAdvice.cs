using System.Globalization;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What a person can do where a sandbox does not come up.</summary>
internal static class SandboxAdvice
{
    private const string Settings = "/proc/sys";

    /// <summary>Advice for the words of bubblewrap or sandbox-init.</summary>
    /// <param name="words">What they said.</param>
    /// <returns>Empty where nothing is known that would help.</returns>
    internal static string For(string words) =>
        words.Contains("namespace", StringComparison.OrdinalIgnoreCase) || words.Contains("uid map", StringComparison.OrdinalIgnoreCase) ? ForNamespaces(Settings)
        : words.Contains("sandbox-init", StringComparison.Ordinal) ? "the program sandbox-init or its .NET runtime cannot be reached by the sandbox's user; build it again with: ./cto-harness --version"
        : words.Contains("seccomp", StringComparison.Ordinal) ? "the kernel must allow seccomp filters with user notification (Linux 5.19 or newer, CONFIG_SECCOMP_FILTER)"
        : "";

    /// <summary>What lets an ordinary user make user namespaces, by the settings of this machine.</summary>
    /// <param name="settings">Where the kernel's settings stand.</param>
    internal static string ForNamespaces(string settings)
    {
        List<string> commands =
        [
            .. Number(settings + "/user/max_user_namespaces") == 0 ? ["sysctl -w user.max_user_namespaces=10000"] : Array.Empty<string>(),
            .. Number(settings + "/kernel/unprivileged_userns_clone") == 0 ? ["sysctl -w kernel.unprivileged_userns_clone=1"] : Array.Empty<string>(),
            .. Number(settings + "/kernel/apparmor_restrict_unprivileged_userns") > 0
                ? ["an AppArmor profile for bwrap with the rule \"userns,\" (or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0)"] : Array.Empty<string>(),
        ];
        return commands.Count > 0
            ? string.Join("; ", commands)
            : "unprivileged user namespaces are refused although the kernel's settings allow them: a container needs docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or run outside of one";
    }

    private static long? Number(string path)
    {
        try
        {
            return long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
