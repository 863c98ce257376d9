using System.Text.Json;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of declared targets.</summary>
public static class TargetsJson
{
    internal static void Write(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        json.WriteObserved("no_target_inspection_passed", verdict.Observations.NoTargetInspection);
        json.WriteStartObject("no_target_inspection");
        json.WriteNumber("targets_declared", evidence.Identity.Targets);
        if (evidence.Targets is { } search)
        {
            WriteSurfaces(json, search);
        }
        else
        {
            json.WriteNull("surfaces");
        }

        CallsJson.WriteAttempts(json, evidence.Calls?.Attempts.Where(one => one.Class == AttemptClass.Target));
        json.WriteEndObject();
    }

    /// <summary>Writes what was found, surface by surface.</summary>
    public static void WriteSurfaces(Utf8JsonWriter json, TargetSearch search)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(search);
        json.WriteStartObject("surfaces");
        json.WriteStrings("task_contract", search.TaskContract);
        json.WriteStrings("command_arguments", search.CommandArguments);
        json.WriteStrings("runtime_inputs", search.RuntimeInputs);
        json.WriteStrings("environment", search.Environment);
        json.WriteStrings("config", search.Config);
        json.WriteEndObject();
    }

    /// <summary>Reads what was found on each surface.</summary>
    /// <param name="json">A value whose names can be read.</param>
    /// <returns>What was found, or null where a surface is missing.</returns>
    public static TargetSearch? ReadSurfaces(JsonElement json) =>
        json.Inner("surfaces") is { } surfaces && surfaces.Texts("task_contract") is { } contract && surfaces.Texts("command_arguments") is { } arguments
        && surfaces.Texts("runtime_inputs") is { } inputs && surfaces.Texts("environment") is { } environment && surfaces.Texts("config") is { } config
            ? new TargetSearch(contract, arguments, inputs, environment, config)
            : null;
}
