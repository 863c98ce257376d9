using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Runtime.Storage;

/// <summary>Questions about paths of this machine.</summary>
public static class HostPaths
{
    /// <summary>The path with every link resolved.</summary>
    /// <param name="path">Any path.</param>
    /// <returns>An absolute path, or null where nothing stands there or it cannot be reached.</returns>
    public static string? Real(string path) => path.Contains('\0', StringComparison.Ordinal) ? null : FileSystemCalls.RealPath(path);

    /// <summary>The path with the links of all that exists of it resolved.</summary>
    /// <param name="path">An absolute path; its last names need not exist.</param>
    /// <returns>An absolute path.</returns>
    public static string Resolve(string path) =>
        Real(path) ?? (Path.GetDirectoryName(path) is { Length: > 0 } parent ? Path.Combine(Resolve(parent), Path.GetFileName(path)) : path);

    /// <summary>Whether a sandbox can hide the path and still run programs.</summary>
    /// <param name="real">An absolute path with every link resolved.</param>
    /// <returns>False for what every program needs, and for what holds it.</returns>
    public static bool CanHide(string real) => HostView.CanHide(real);

    /// <summary>What leads from a folder to a place below it.</summary>
    /// <param name="folder">An absolute path, links resolved.</param>
    /// <param name="place">Another.</param>
    /// <returns>A relative path, or null where the place does not lie below the folder.</returns>
    internal static string? Below(string folder, string place)
    {
        var beginning = folder.EndsWith('/') ? folder : folder + "/";
        return place.Length > beginning.Length && place.StartsWith(beginning, StringComparison.Ordinal) ? place[beginning.Length..] : null;
    }
}
