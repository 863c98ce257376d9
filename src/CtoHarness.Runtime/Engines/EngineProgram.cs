using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Engines;

/// <summary>An engine's program on this machine.</summary>
/// <param name="Path">Where it was found; empty where it was not.</param>
/// <param name="Digest">Digest of its bytes; null where it was not found or cannot be read.</param>
/// <param name="Detail">Where it was found, or where it was looked for and how to set it.</param>
public sealed record EngineProgram(string Path, Digest? Digest, string Detail)
{
    /// <summary>Looks for an engine's program.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="enginesFolder">The folder of the manifests.</param>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <returns>What was found.</returns>
    public static EngineProgram Find(EngineManifest engine, string enginesFolder, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(environment);
        if (engine.IsScript)
        {
            var script = System.IO.Path.Combine(enginesFolder, engine.Script);
            return File.Exists(script) ? Found(script) : Missing($"the script {script} is not there; restore it or name another in the manifest");
        }

        if (environment.GetValueOrDefault(engine.ExecutableVariable) is { Length: > 0 } named)
        {
            return named[0] == '/' && Programs.IsProgram(named)
                ? Found(named)
                : Missing($"{engine.ExecutableVariable} is {PlainText.Quote(named)}, which is not the absolute path of a program; set it to where {engine.ExecutableName} is installed");
        }

        var path = environment.GetValueOrDefault("PATH") ?? "";
        return Programs.Find(engine.ExecutableName, path) is { } program
            ? Found(program)
            : Missing($"{PlainText.Quote(engine.ExecutableName)} was not found in PATH ({PlainText.Visible(path, 400)}) and {engine.ExecutableVariable} is not set; install it, or set {engine.ExecutableVariable} to its absolute path");
    }

    private static EngineProgram Found(string path)
    {
        try
        {
            using var handle = Interop.FileSystemCalls.OpenRegular(path, followLink: true);
            using var file = new FileStream(handle, FileAccess.Read);
            return new EngineProgram(path, Core.Contracts.Digest.FromHash(System.Security.Cryptography.SHA256.HashData(file)), path);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return Missing($"{path} cannot be read: {closed.Message}");
        }
    }

    private static EngineProgram Missing(string detail) => new("", null, detail);
}
