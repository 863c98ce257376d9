using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Engines;

/// <summary>The default engine and every run's baseline: a shell script that lays the fixture's solution over the workspace.</summary>
public sealed class FakeEngine : IEngine
{
    /// <inheritdoc/>
    public string Kind => EngineManifest.Fake;

    /// <inheritdoc/>
    public bool SeesSolution => true;

    /// <inheritdoc/>
    public EngineCommand CommandFor(Contract contract, EnginePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new EngineCommand(
            "/bin/sh",
            [$"{paths.Given}/engine.sh", $"{paths.Given}/solution", paths.Workspace],
            ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <inheritdoc/>
    public EngineEvent? Recognise(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 8 });
            using var document = JsonDocument.ParseValue(ref reader);
            return reader.BytesConsumed == line.Length
                && document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String
                    ? new EngineEvent(type.GetString()!)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // a string that is not UTF-8
        }
    }
}
