using System.Text.Json;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of the protected roots.</summary>
internal static class RootsJson
{
    internal static void Write(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        json.WriteObserved("no_mutation_passed", verdict.Observations.NoMutation);
        json.WriteStartArray("protected_roots");
        foreach (var (role, path) in evidence.Identity.ProtectedRoots)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("state", path.Length > 0 ? "not_observed" : "not_declared");
            json.WriteString("path", path.Length > 0 ? path : null);
            json.WriteNull("entries");
            json.WriteNull("before");
            json.WriteNull("after");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
