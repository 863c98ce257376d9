using System.Collections.Immutable;

namespace CtoHarness.Core.Engines;

/// <summary>What to start inside the sandbox.</summary>
/// <param name="Program">Absolute path of the program, as the sandbox sees it.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables beyond those that every sandbox has.</param>
public sealed record EngineCommand(
    string Program,
    ImmutableArray<string> Arguments,
    ImmutableSortedDictionary<string, string> Environment);

/// <summary>The folders of a lane, as the sandbox sees them.</summary>
/// <param name="Workspace">The copy that the backend may change.</param>
/// <param name="Home">A private home.</param>
/// <param name="Out">The backend's own output folder.</param>
/// <param name="Given">Read-only files that only this lane sees.</param>
public sealed record EnginePaths(string Workspace, string Home, string Out, string Given);

/// <summary>What a backend's own output says of itself: kept and shown, never believed.</summary>
/// <param name="Type">The kind of record, in the backend's words.</param>
public sealed record EngineEvent(string Type);
