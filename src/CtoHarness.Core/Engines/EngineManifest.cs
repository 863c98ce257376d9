using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Engines;

/// <summary>An engine as <c>engines/NAME.yaml</c> describes it.</summary>
/// <param name="Name">Its name, of the same form as a task's.</param>
/// <param name="Kind">Which adapter speaks to it.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Version">The version that the manifest states; empty where the program must be asked.</param>
/// <param name="Script">For the kinds <c>fake</c> and <c>scripted</c>: the script's path below the engines folder; otherwise empty.</param>
/// <param name="ExecutableName">The program's name in PATH; empty for a script.</param>
/// <param name="ExecutableVariable">The environment variable that may name the program's path; empty for a script.</param>
/// <param name="Model">The model that it calls unless another is asked for; null where it calls none.</param>
/// <param name="RequiredRecords">Lifecycle records that the backend must show: necessary, never sufficient.</param>
public sealed record EngineManifest(
    string Name,
    string Kind,
    string Title,
    string Version,
    string Script,
    string ExecutableName,
    string ExecutableVariable,
    ModelName? Model,
    ImmutableArray<string> RequiredRecords)
{
    /// <summary>Its arguments, in which placeholders stand.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Its variables beyond those that every sandbox has; placeholders may stand in the values.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What it is told on its standard input, in which placeholders stand; empty for nothing.</summary>
    public string Input { get; init; } = "";

    /// <summary>Files that are laid down for it before the start.</summary>
    public ImmutableArray<FileTemplate> Files { get; init; } = [];

    /// <summary>How its records are written.</summary>
    public OutputWire Output { get; init; } = OutputWire.None;

    /// <summary>The file of its records, below the workspace: placeholders and <c>*</c> may stand in it; empty for its standard output.</summary>
    public string OutputFile { get; init; } = "";

    /// <summary>The API that it speaks to its model; empty where it calls none.</summary>
    public string ProviderWire { get; init; } = "";

    /// <summary>Files of the workspace that are its own and no part of the task: left out of the repository and of the change.</summary>
    public ImmutableArray<PathPattern> OwnFiles { get; init; } = [];

    /// <summary>Those of its own patterns that cover nothing of a fixture: no other may hide a change.</summary>
    /// <param name="pristine">The fixture's workspace.</param>
    /// <returns>The patterns.</returns>
    public IEnumerable<PathPattern> OwnFilesBeside(Tree pristine)
    {
        ArgumentNullException.ThrowIfNull(pristine);
        return OwnFiles.Where(pattern => !pristine.Entries.Any(entry => pattern.Covers(entry.Path)));
    }

    /// <summary>The arguments by which it tells its version; empty where it cannot be asked.</summary>
    public ImmutableArray<string> VersionArguments { get; init; } = [];

    /// <summary>The program that runs it, by its name in PATH; empty where it is a program itself.</summary>
    public string InterpreterName { get; init; } = "";

    /// <summary>The variable that may name the interpreter's path; empty for none.</summary>
    public string InterpreterVariable { get; init; } = "";

    /// <summary>Whether it is a package of node: its digest is that of the outermost folder <c>node_modules</c> around it, and of its interpreter.</summary>
    public bool IsPackage { get; init; }

    /// <summary>Values of the policy that hold for it where they are lower, by name.</summary>
    public ImmutableSortedDictionary<string, long> Limits { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Whether the manifest says that it only stands in for a backend.</summary>
    public bool IsDeclaredStandIn { get; init; }

    /// <summary>The manifest as it was written; empty where it was not read from a file.</summary>
    public string Text { get; init; } = "";

    /// <summary>Digest of the manifest's file; null where it was not read from one.</summary>
    public Digest? TextDigest { get; init; }

    /// <summary>The name and kind of the one engine that needs no gate.</summary>
    public const string Fake = "fake";

    /// <summary>The kind of engines that are scripts: failure fixtures and controls.</summary>
    public const string Scripted = "scripted";

    /// <summary>The kind of any program that its manifest describes whole.</summary>
    public const string Command = "command";

    /// <summary>The kind of Case: a command, of which the report also says whether its process was started.</summary>
    public const string Case = "case";

    /// <summary>Whether it is a script below the engines folder instead of a program.</summary>
    public bool IsScript => Kind is Fake or Scripted;

    /// <summary>Whether it only stands in for a backend: its pass admits nothing.</summary>
    public bool IsStandIn => IsFake || Kind == Scripted || IsDeclaredStandIn;

    /// <summary>Whether this is the fake engine, which stands in for a backend and calls no model.</summary>
    public bool IsFake => Name == Fake && Kind == Fake;
}

/// <summary>How a backend writes its records.</summary>
public enum OutputWire
{
    /// <summary>Not at all: its lines are text.</summary>
    None,

    /// <summary>A JSON object a line, whose <c>type</c> names the record.</summary>
    JsonLines,

    /// <summary>Pi's JSON mode.</summary>
    Pi,

    /// <summary>Case's event log.</summary>
    Case,
}
