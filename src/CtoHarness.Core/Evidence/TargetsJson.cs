using System.Text.Json;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of declared targets.</summary>
internal static class TargetsJson
{
    internal static void Write(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        json.WriteObserved("no_target_inspection_passed", verdict.Observations.NoTargetInspection);
        json.WriteStartObject("no_target_inspection");
        json.WriteNumber("targets_declared", evidence.Identity.Targets);
        json.WriteNull("surfaces");
        json.WriteNull("attempts");
        json.WriteEndObject();
    }
}
