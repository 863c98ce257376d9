using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Processes;

/// <summary>Finds programs: the system's own folders first, so that nobody's PATH decides which git or python runs.</summary>
internal static class Programs
{
    /// <summary>The PATH of every sandbox and of every program that the harness starts itself.</summary>
    internal const string PlainPath = "/usr/bin:/bin:/usr/local/bin";

    /// <summary>Finds a program in the system's folders.</summary>
    /// <returns>Its path, or null.</returns>
    internal static string? Find(string name) => Find(name, PlainPath);

    /// <summary>Finds a program in a list of folders.</summary>
    /// <returns>Its path, or null.</returns>
    internal static string? Find(string name, string path) =>
        path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(folder => folder[0] == '/')
            .Select(folder => $"{folder.TrimEnd('/')}/{name}")
            .FirstOrDefault(IsProgram);

    /// <summary>Whether a path is a regular file that may be executed.</summary>
    internal static bool IsProgram(string path)
    {
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return FileSystemCalls.RealPath(path) is { } real && File.Exists(real) && (File.GetUnixFileMode(real) & execute) != 0;
    }
}
