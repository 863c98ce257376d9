using System.Runtime.CompilerServices;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>The checkout that these tests were compiled from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>The command as a user types it; built, so that no test waits for a build.</summary>
    public static string Command { get; } = Built();

    /// <summary>The path of a file below the root.</summary>
    public static string At(params string[] names) => Path.Combine([Root, .. names]);

    private static string Built()
    {
        var command = At("cto-harness");
        Tool.Run(TimeSpan.FromMinutes(5), command, "--version");
        return command;
    }

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
