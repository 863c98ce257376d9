using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Engines;

/// <summary>What npm makes of a program: files below a folder <c>node_modules</c>, with others of it all around.</summary>
internal static class NodePackage
{
    private const string Folder = "node_modules";
    private const int MostDescription = 1 << 20;

    /// <summary>The outermost <c>node_modules</c> around a script; null where there is none.</summary>
    internal static string? Around(string script)
    {
        var names = script.Split('/');
        var at = Array.IndexOf(names, Folder, 0, names.Length - 1);
        return at < 0 ? null : string.Join('/', names.Take(at + 1));
    }

    /// <summary>The version in the nearest <c>package.json</c> above a script; empty where none states one.</summary>
    internal static string VersionOf(string script, string package)
    {
        for (var folder = Path.GetDirectoryName(script); folder is not null && folder.Length > package.Length; folder = Path.GetDirectoryName(folder))
        {
            if (StatedIn(Path.Combine(folder, "package.json")) is { } version)
            {
                return version;
            }
        }

        return "";
    }

    // Some folders hold a package.json that only says how their files are to be loaded.
    private static string? StatedIn(string file)
    {
        try
        {
            return File.Exists(file) && JsonFields.TryParse(RegularFile.Read(file, MostDescription, followLink: false)) is { } json
                && json.Text("version") is { } version && EngineEvent.IsName(version)
                    ? version
                    : null;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
