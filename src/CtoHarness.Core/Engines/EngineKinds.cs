using System.Collections.Immutable;

namespace CtoHarness.Core.Engines;

/// <summary>The adapters that this version has.</summary>
public static class EngineKinds
{
    /// <summary>All kinds that a manifest may name, with or without an adapter yet.</summary>
    public static ImmutableArray<string> Known { get; } = [EngineManifest.Fake, EngineManifest.Scripted, "case"];

    /// <summary>Finds an adapter.</summary>
    /// <param name="kind">The kind that a manifest names.</param>
    /// <returns>The adapter, or null where this version has none.</returns>
    public static IEngine? Find(string kind) => kind switch
    {
        EngineManifest.Fake => new FakeEngine(),
        EngineManifest.Scripted => new ScriptedEngine(),
        _ => null,
    };
}
