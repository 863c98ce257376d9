using System.Collections.Immutable;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>A program of others without the rights of root, also where root runs the tests: its scenarios try to write where root could.</summary>
internal static class OrdinaryRights
{
    private const string Nobody = "64000";

    /// <summary>What stands before the program on the command line.</summary>
    public static ImmutableArray<string> Prefix { get; } =
        Environment.IsPrivilegedProcess ? ["/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"] : ["/usr/bin/env"];

    /// <summary>Lets the program own these folders.</summary>
    public static void Give(params string[] folders)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Tool.Run("/bin/chown", ["-R", $"{Nobody}:{Nobody}", .. folders]);
        }
    }
}
