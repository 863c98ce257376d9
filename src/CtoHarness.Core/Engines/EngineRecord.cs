using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Engines;

/// <summary>What was found of an engine on the machine.</summary>
/// <param name="Executable">The program's path; empty where none was found.</param>
/// <param name="Digest">Digest of all that it is made of; null where none was found.</param>
/// <param name="Interpreter">The path of the program that runs it; empty where it is a program itself.</param>
/// <param name="Package">The folder of its package; empty where it is none.</param>
/// <param name="Version">Its version, as its package or itself tells it; empty where neither does.</param>
public sealed record EngineFound(string Executable, Digest? Digest, string Interpreter = "", string Package = "", string Version = "");

/// <summary>Writes <c>engine.json</c>, schema <c>engine.v1.json</c>: the manifest that was asked for, and the program that was found for it.</summary>
public static class EngineRecord
{
    /// <summary>Writes the record.</summary>
    /// <param name="engine">The manifest, with its text where it was read from a file.</param>
    /// <param name="found">What was found for it.</param>
    /// <returns>A JSON document. What an engine does not have is left out, but for what every record has.</returns>
    public static byte[] Of(EngineManifest engine, EngineFound found)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(found);
        var version = engine.Version.Length > 0 ? engine.Version : found.Version;
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/engine-record/v1");
            json.WriteString("name", engine.Name);
            json.WriteString("kind", engine.Kind);
            json.WriteString("title", engine.Title);
            json.WriteString("version", version.Length > 0 ? version : null);
            json.WriteBoolean("stand_in", engine.IsStandIn);
            json.WriteString("executable", found.Executable.Length > 0 ? found.Executable : null);
            json.WriteString("digest", found.Digest?.ToString());
            json.WriteString("model_provider", engine.Model?.Provider);
            json.WriteString("model", engine.Model?.Name);
            Present("wire", engine.ProviderWire);
            Present("interpreter", found.Interpreter);
            Present("package", found.Package);
            Present("manifest", engine.Text);
            json.WriteStrings("required_records", engine.RequiredRecords);
            json.WriteEndObject();

            void Present(string name, string value)
            {
                if (value.Length > 0)
                {
                    json.WriteString(name, value);
                }
            }
        });
    }
}
