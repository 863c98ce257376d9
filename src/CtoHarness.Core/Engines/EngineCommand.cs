using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Engines;

/// <summary>What to start inside the sandbox.</summary>
/// <param name="Program">Absolute path of the program, as the sandbox sees it.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables beyond those that every sandbox has.</param>
public sealed record EngineCommand(
    string Program,
    ImmutableArray<string> Arguments,
    ImmutableSortedDictionary<string, string> Environment)
{
    /// <summary>Files that are laid down before the start.</summary>
    public ImmutableArray<PlacedFile> Files { get; init; } = [];

    /// <summary>What it is told on its standard input; empty for nothing.</summary>
    public string Input { get; init; } = "";

    /// <summary>The file of its records below the workspace, in which <c>*</c> may stand; null for its standard output.</summary>
    public PathPattern? OutputFile { get; init; }

    /// <summary>Why nothing can be started; empty where it can.</summary>
    public string Refusal { get; private init; } = "";

    /// <summary>Says that nothing can be started.</summary>
    /// <param name="reason">Why, and what would help.</param>
    /// <returns>A command without a program.</returns>
    public static EngineCommand Refused(string reason) => new("", [], ImmutableSortedDictionary<string, string>.Empty) { Refusal = reason };
}

/// <summary>A file that is laid down for a backend before the start.</summary>
/// <param name="Place">Below which folder.</param>
/// <param name="Path">Its path there.</param>
/// <param name="Text">Its text.</param>
public sealed record PlacedFile(FilePlace Place, RelativePath Path, string Text);

/// <summary>What an adapter is told, to say what to start.</summary>
/// <param name="Manifest">The engine.</param>
/// <param name="Contract">What the run may do and must achieve.</param>
/// <param name="Paths">The lane's folders.</param>
/// <param name="Program">The program's path; empty for the kinds whose script is given to the lane.</param>
/// <param name="Interpreter">The path of the program that runs it; empty where it is a program itself.</param>
/// <param name="Address">Where the model's API begins inside the sandbox; empty where the engine calls none.</param>
/// <param name="Started">When the run began.</param>
public sealed record EngineTask(
    EngineManifest Manifest, Contract Contract, EnginePaths Paths, string Program, string Interpreter, string Address, DateTimeOffset Started);

/// <summary>The folders of a lane, as the sandbox sees them.</summary>
/// <param name="Workspace">The copy that the backend may change.</param>
/// <param name="Home">A private home.</param>
/// <param name="Out">The backend's own output folder.</param>
/// <param name="Given">Read-only files that only this lane sees.</param>
public sealed record EnginePaths(string Workspace, string Home, string Out, string Given);
