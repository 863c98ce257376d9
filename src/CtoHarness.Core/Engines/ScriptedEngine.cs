using System.Collections.Immutable;
using CtoHarness.Core.Engines.Wires;

namespace CtoHarness.Core.Engines;

/// <summary>A shell script that stands in for a backend in tests and failure fixtures. It has gates and sees no solution, as a real backend.</summary>
public sealed class ScriptedEngine : IEngine
{
    /// <inheritdoc/>
    public string Kind => EngineManifest.Scripted;

    /// <inheritdoc/>
    public bool SeesSolution => false;

    /// <inheritdoc/>
    public EngineCommand CommandFor(EngineTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new EngineCommand("/bin/sh", [$"{task.Paths.Given}/engine.sh", task.Paths.Workspace], ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <inheritdoc/>
    public EngineEvent? Recognise(ReadOnlySpan<byte> line) => JsonLine.Recognise(line);
}
