using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Engines;

/// <summary>An engine's program on this machine.</summary>
/// <param name="Path">Where it is, with every link resolved; empty where it was not found.</param>
/// <param name="Digest">Digest of all that it is made of; null where it was not found, cannot be read, or was not asked for.</param>
/// <param name="Detail">Where it was found, or where it was looked for and how to set it.</param>
public sealed record EngineProgram(string Path, Digest? Digest, string Detail)
{
    /// <summary>The program that runs it, with every link resolved; empty where it is a program itself.</summary>
    public string Interpreter { get; private init; } = "";

    /// <summary>For a package of node: the outermost folder <c>node_modules</c> around it; otherwise empty.</summary>
    public string Package { get; private init; } = "";

    /// <summary>Its version, as its package or its manifest states it; empty where neither does.</summary>
    public string Version { get; init; } = "";

    /// <summary>What a sandbox must be able to read, so that it can be started there: absolute paths. A script is none of it: its lane is given a copy.</summary>
    public ImmutableArray<string> Needs { get; private init; } = [];

    private string Variable { get; init; } = "";

    private string InterpreterVariable { get; init; } = "";

    /// <summary>What of it is recorded.</summary>
    internal EngineFound Found => new(Path, Digest, Interpreter, Package, Version);

    /// <summary>Looks for an engine's program, and digests what it is made of.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="enginesFolder">The folder of the manifests.</param>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>What was found.</returns>
    public static EngineProgram Find(EngineManifest engine, string enginesFolder, IReadOnlyDictionary<string, string> environment, CancellationToken interrupt = default)
    {
        var program = Locate(engine, enginesFolder, environment);
        if (program.Path.Length == 0)
        {
            return program;
        }

        try
        {
            var (digest, refusal) = ProgramDigest.Of(program, interrupt);
            return digest is null ? Missing(refusal) : program with { Digest = digest };
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return Missing($"{program.Path} cannot be read: {closed.Message}");
        }
    }

    /// <summary>Looks for an engine's program, and reads nothing of it.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="enginesFolder">The folder of the manifests.</param>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <returns>What was found, without a digest.</returns>
    public static EngineProgram Locate(EngineManifest engine, string enginesFolder, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(environment);
        if (engine.IsScript)
        {
            var script = System.IO.Path.Combine(enginesFolder, engine.Script);
            return File.Exists(script)
                ? new EngineProgram(script, null, script) { Version = engine.Version }
                : Missing($"the script {script} is not there; restore it or name another in the manifest");
        }

        var (path, trouble) = Look(engine.ExecutableName, engine.ExecutableVariable, environment);
        var (interpreter, lacking) = engine.InterpreterName.Length > 0 ? Look(engine.InterpreterName, engine.InterpreterVariable, environment) : ("", "");
        if (trouble.Length > 0 || lacking.Length > 0)
        {
            return Missing(trouble.Length > 0 ? trouble : lacking);
        }

        if (!engine.IsPackage)
        {
            return new EngineProgram(path, null, path)
            {
                Interpreter = interpreter, Version = engine.Version, Needs = Both(path, interpreter),
                Variable = engine.ExecutableVariable, InterpreterVariable = engine.InterpreterVariable,
            };
        }

        return NodePackage.Around(path) is { } package
            ? new EngineProgram(path, null, path)
            {
                Interpreter = interpreter, Package = package, Version = NodePackage.VersionOf(path, package), Needs = Both(package, interpreter),
                Variable = engine.ExecutableVariable, InterpreterVariable = engine.InterpreterVariable,
            }
            : Missing($"{path} lies in no folder node_modules, so that it is no package of node as the manifest says; install it by npm, or set {engine.ExecutableVariable} to the program of one");
    }

    /// <summary>Says why a sandbox could not start it, although it is there.</summary>
    /// <param name="view">What a sandbox hides.</param>
    /// <param name="user">The user of sandboxes; null for the person who asks.</param>
    /// <returns>Why, and what would help; empty where it could.</returns>
    internal string Refusal(HostView view, long? user)
    {
        if (Needs.IsEmpty)
        {
            return "";
        }

        foreach (var need in Needs.Append(Path))
        {
            var remedy = $"install it where everybody may read, such as below /opt or /usr/local, or name another with {(need == Interpreter ? InterpreterVariable : Variable)}";
            if (user is not null && Closed(need) is { Length: > 0 } closed)
            {
                return $"{need} cannot be read by the user of the sandbox, because {closed} is closed to others; {remedy}";
            }

            if (view.Keeps(need) is { Length: > 0 } place)
            {
                return $"{need} lies in {place}, which is hidden from every backend; {remedy}";
            }
        }

        return "";
    }

    private string Closed(string need)
    {
        var needed = need != Path || Interpreter.Length == 0 ? UnixFileMode.OtherExecute : UnixFileMode.OtherRead;
        return LaneFolders.FirstClosed(need) is { Length: > 0 } folder ? folder
            : (File.GetUnixFileMode(need) & needed) == 0 ? need
            : "";
    }

    // A path resolved is a path that means the same inside, where links may lead nowhere.
    private static (string Path, string Trouble) Look(string name, string variable, IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(variable) is { Length: > 0 } named)
        {
            return named[0] == '/' && Programs.IsProgram(named)
                ? (FileSystemCalls.RealPath(named)!, "")
                : ("", $"{variable} is {PlainText.Quote(named)}, {(named[0] != '/' ? "which is no absolute path" : !File.Exists(named) ? "and there is no such file" : "which is no program that can be started")}; set it to where {name} is installed");
        }

        var path = environment.GetValueOrDefault("PATH") ?? "";
        return Programs.Find(name, path) is { } program
            ? (FileSystemCalls.RealPath(program)!, "")
            : ("", $"{PlainText.Quote(name)} was not found in PATH ({PlainText.Visible(path, 400)}) and {variable} is not set; install it, or set {variable} to its absolute path");
    }

    private static ImmutableArray<string> Both(string program, string interpreter) => interpreter.Length > 0 ? [program, interpreter] : [program];

    private static EngineProgram Missing(string detail) => new("", null, detail);
}
