using System.Collections.Immutable;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Roots;

/// <summary>Which roots a run protects: those of the policy, those that are protected by default, targets, and what the command line adds.</summary>
internal static class RootList
{
    /// <summary>The role of the checkout that the program stands in.</summary>
    internal const string Checkout = "harness-checkout";

    /// <summary>The role of the start-up files in the home of the person who asks.</summary>
    internal const string Startup = "home-startup";

    /// <summary>Gathers the roots.</summary>
    /// <param name="request">What was asked for.</param>
    /// <returns>Role and path, links resolved as far as it exists; an empty path where the role has none.</returns>
    internal static ImmutableArray<(string Role, string Path)> Of(RunRequest request)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var engine = EngineProgram.Locate(request.Engine, request.Root.EnginesFolder, request.Environment);
        IEnumerable<(string Role, string Path)> roots =
        [
            .. request.Policy.ProtectedRoots.SelectMany(root => root.Paths.IsEmpty ? [(root.Role, "")] : root.Paths.Select(path => (root.Role, path))),
            ("harness-root", request.Root.Folder),
            ("harness-program", AppContext.BaseDirectory),
            .. engine.Needs.DefaultIfEmpty(engine.Path).Select(path => ("engine", path)),
            (Startup, home.Length > 1 && Directory.Exists(home) ? home : ""),
            .. request.Targets.Select(path => ("target", path)),
            .. request.Protect.Select(path => ("declared", path)),
        ];
        return [.. roots.Select(root => (root.Role, Trimmed(root.Path)))];
    }

    private static string Trimmed(string path) => path.Length == 0 ? "" : HostPaths.Real(path) ?? Path.TrimEndingDirectorySeparator(path);
}
