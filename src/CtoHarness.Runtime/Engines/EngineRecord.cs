using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Runtime.Engines;

/// <summary>Writes <c>engine.json</c>, schema <c>engine.v1.json</c>: the engine as it was found when the run began.</summary>
internal static class EngineRecord
{
    internal static byte[] Of(EngineManifest engine, EngineProgram program) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/engine-record/v1");
        json.WriteString("name", engine.Name);
        json.WriteString("kind", engine.Kind);
        json.WriteString("title", engine.Title);
        json.WriteString("version", engine.Version.Length > 0 ? engine.Version : null);
        json.WriteBoolean("stand_in", engine.IsStandIn);
        json.WriteString("executable", program.Path.Length > 0 ? program.Path : null);
        json.WriteString("digest", program.Digest?.ToString());
        json.WriteString("model_provider", engine.Model?.Provider);
        json.WriteString("model", engine.Model?.Name);
        json.WriteStrings("required_records", engine.RequiredRecords);
        json.WriteEndObject();
    });
}
