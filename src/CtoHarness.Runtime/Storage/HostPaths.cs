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

    /// <summary>Whether a sandbox can hide the path and still run programs.</summary>
    /// <param name="real">An absolute path with every link resolved.</param>
    /// <returns>False for what every program needs, and for what holds it.</returns>
    public static bool CanHide(string real) => HostView.CanHide(real);
}
