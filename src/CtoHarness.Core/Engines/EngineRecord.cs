using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Engines;

/// <summary>Writes <c>engine.json</c>, schema <c>engine.v1.json</c>: the manifest that was asked for, and the program that was found for it.</summary>
public static class EngineRecord
{
    /// <summary>Writes the record.</summary>
    /// <param name="engine">The manifest.</param>
    /// <param name="executable">The program's path; empty where none was found.</param>
    /// <param name="digest">Its digest; null where none was found.</param>
    /// <returns>A JSON document.</returns>
    public static byte[] Of(EngineManifest engine, string executable, Digest? digest)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(executable);
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/engine-record/v1");
            json.WriteString("name", engine.Name);
            json.WriteString("kind", engine.Kind);
            json.WriteString("title", engine.Title);
            json.WriteString("version", engine.Version.Length > 0 ? engine.Version : null);
            json.WriteBoolean("stand_in", engine.IsStandIn);
            json.WriteString("executable", executable.Length > 0 ? executable : null);
            json.WriteString("digest", digest?.ToString());
            json.WriteString("model_provider", engine.Model?.Provider);
            json.WriteString("model", engine.Model?.Name);
            json.WriteStrings("required_records", engine.RequiredRecords);
            json.WriteEndObject();
        });
    }
}
