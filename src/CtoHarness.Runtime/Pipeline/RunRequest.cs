using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>What a person asked for, with every name already found.</summary>
/// <param name="Root">The harness root.</param>
/// <param name="Folders">Where things are kept.</param>
/// <param name="Policy">The effective policy.</param>
/// <param name="Task">The fixture's name, whose folder exists.</param>
/// <param name="Engine">The engine's manifest.</param>
/// <param name="Model">The model to call; null where the engine calls none.</param>
/// <param name="Admission">What the registry says of it.</param>
/// <param name="Targets">Declared targets: absolute paths that exist, links resolved.</param>
/// <param name="Protect">Further protected roots: absolute paths that exist, links resolved.</param>
/// <param name="Nonce">64 hexadecimal digits from a verifier; null for one of our own.</param>
/// <param name="KeepWorkspace">Whether the scratch folders stay.</param>
/// <param name="Controls">Which lanes with a known verdict are run besides.</param>
/// <param name="Environment">The variables of the person who asks.</param>
public sealed record RunRequest(
    HarnessRoot Root,
    StateFolders Folders,
    RunPolicy Policy,
    TaskId Task,
    EngineManifest Engine,
    ModelName? Model,
    ModelAdmission Admission,
    ImmutableArray<string> Targets,
    ImmutableArray<string> Protect,
    string? Nonce,
    bool KeepWorkspace,
    ControlChoice Controls,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The rung of the ladder that an artificial fixture stands on.</summary>
    public const int Stage = 2;

    /// <summary>What the questions are drawn from, 64 hexadecimal digits; null where they are drawn from chance, as in every run but one that is made again.</summary>
    internal string? Seed { get; init; }

    /// <summary>The provider of the model; null where the engine calls none, or the registry does not name it.</summary>
    public Provider? Provider { get; init; }
}

/// <summary>Which controls a run makes.</summary>
public enum ControlChoice
{
    /// <summary>None.</summary>
    None,

    /// <summary>The one that changes nothing, and the fixture's control cheat.</summary>
    Usual,

    /// <summary>The one that changes nothing, and every cheat of the fixture.</summary>
    EveryCheat,
}
