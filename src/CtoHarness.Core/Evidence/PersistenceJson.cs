using System.Text.Json;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of things that would persist.</summary>
internal static class PersistenceJson
{
    internal static void Write(Utf8JsonWriter json, RunEvidence evidence)
    {
        if (evidence.Persistence is not { } scan)
        {
            json.WriteNull("persistence");
            return;
        }

        json.WriteStartObject("persistence");
        json.WriteNumber("total", scan.Total);
        json.WriteString("refusal", scan.Refusal.Length > 0 ? scan.Refusal : null);
        json.WriteStartArray("found");
        foreach (var one in scan.Found)
        {
            json.WriteStartObject();
            json.WriteString("kind", one.Kind);
            json.WriteString("path", one.Path);
            json.WriteString("detail", one.Detail);
            json.WriteBoolean("breach", one.IsBreach);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("observer", Words.Of(Observer.Harness));
        json.WriteEndObject();
    }
}
