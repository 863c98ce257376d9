using System.Text.Json;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of things that would persist.</summary>
internal static class PersistenceJson
{
    internal static void Write(Utf8JsonWriter json, RunEvidence evidence)
    {
        _ = json;
        _ = evidence;
    }
}
