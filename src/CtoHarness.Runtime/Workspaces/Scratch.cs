using System.Collections.Immutable;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>Removes scratch folders, however deep or closed a backend has made them.</summary>
internal static class Scratch
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Removes a folder.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <returns>The folder, where something of it is left; otherwise empty.</returns>
    internal static string Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return "";
        }

        // rm walks by descriptor and follows no link; a folder without permissions needs chmod first, as an ordinary user.
        if (!Run("rm", ["-rf", "--one-file-system", "--", folder]))
        {
            Run("chmod", ["-R", "u+rwX", "--", folder]);
            Run("rm", ["-rf", "--one-file-system", "--", folder]);
        }

        return Directory.Exists(folder) ? folder : "";
    }

    /// <summary>Removes a folder that no backend could write to; should it be odd all the same, as any other.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    internal static void RemoveOwn(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception odd) when (odd is IOException or UnauthorizedAccessException)
        {
            Remove(folder);
        }
    }

    private static bool Run(string name, ImmutableArray<string> arguments)
    {
        if (Programs.Find(name) is not { } path)
        {
            return false;
        }

        var environment = ImmutableSortedDictionary<string, string>.Empty.Add("PATH", Programs.PlainPath).Add("LC_ALL", "C");
        using var program = RunningProgram.TryStart(
            new ProgramPlan((_, _) => [path, .. arguments], "/", environment, ByteSink.Nowhere().Drain, ByteSink.Nowhere().Drain), out _);
        return program is not null && program.Ended.WaitOne(Patience) && program.ExitCode == 0;
    }
}
