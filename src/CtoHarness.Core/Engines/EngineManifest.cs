using System.Collections.Immutable;
using CtoHarness.Core.Contracts;

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
    /// <summary>The name and kind of the one engine that needs no gate.</summary>
    public const string Fake = "fake";

    /// <summary>The kind of engines that are scripts: failure fixtures and controls.</summary>
    public const string Scripted = "scripted";

    /// <summary>Whether it only stands in for a backend: its pass admits nothing.</summary>
    public bool IsStandIn => IsFake || Kind == Scripted;

    /// <summary>Whether this is the fake engine, which stands in for a backend and calls no model.</summary>
    public bool IsFake => Name == Fake && Kind == Fake;
}
