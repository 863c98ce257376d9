using System.Collections.Immutable;

namespace CtoHarness.Core.Engines;

/// <summary>The adapters that this version has.</summary>
public static class EngineKinds
{
    /// <summary>All kinds that a manifest may name.</summary>
    public static ImmutableArray<string> Known { get; } = [EngineManifest.Fake, EngineManifest.Scripted, EngineManifest.Command, EngineManifest.Case];

    /// <summary>Finds an adapter.</summary>
    /// <param name="engine">The engine.</param>
    /// <returns>The adapter, or null where this version has none for its kind.</returns>
    public static IEngine? Find(EngineManifest engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.Kind switch
        {
            EngineManifest.Fake => new FakeEngine(),
            EngineManifest.Scripted => new ScriptedEngine(),
            EngineManifest.Command or EngineManifest.Case => new CommandEngine(engine),
            _ => null,
        };
    }
}
