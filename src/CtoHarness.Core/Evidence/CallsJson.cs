using System.Text.Json;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of the calls that were tried.</summary>
internal static class CallsJson
{
    internal static void WriteWrites(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        json.WriteObserved("allowed_writes_passed", verdict.Observations.AllowedWrites);
        json.WriteStartObject("allowed_writes");
        json.WriteStrings("roots", [evidence.Identity.RuntimeRoot, evidence.Identity.ArtifactFolder]);
        json.WriteNull("attempts");
        json.WriteNull("coverage");
        json.WriteEndObject();
    }
}
