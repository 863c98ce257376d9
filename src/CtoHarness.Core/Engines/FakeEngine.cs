using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Engines.Wires;

namespace CtoHarness.Core.Engines;

/// <summary>The default engine and every run's baseline: a shell script that lays the fixture's solution over the workspace.</summary>
public sealed class FakeEngine : IEngine
{
    /// <inheritdoc/>
    public string Kind => EngineManifest.Fake;

    /// <inheritdoc/>
    public bool SeesSolution => true;

    /// <inheritdoc/>
    public EngineCommand CommandFor(EngineTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var (contract, paths) = (task.Contract, task.Paths);
        return new EngineCommand(
            "/bin/sh",
            [
                $"{paths.Given}/engine.sh", $"{paths.Given}/solution", paths.Workspace,
                .. contract.Fixture.DeletedFiles.Select(path => Encoding.UTF8.GetString(path.ToBytes())),
            ],
            ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <inheritdoc/>
    public EngineEvent? Recognise(ReadOnlySpan<byte> line) => JsonLine.Recognise(line);
}
