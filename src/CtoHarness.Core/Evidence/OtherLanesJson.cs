using System.Text.Json;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes what report.json says of the baseline and the controls.</summary>
internal static class OtherLanesJson
{
    private const string Here = ".";
    private const int MostFiles = 100;

    internal static void Write(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        WriteBaseline(json, evidence, verdict);
        if (evidence.Others is not { ControlsLeftOut: false } others)
        {
            json.WriteNull("controls");
            return;
        }

        json.WriteStartArray("controls");
        foreach (var control in others.Controls)
        {
            WriteControl(json, control);
        }

        json.WriteEndArray();
    }

    private static void WriteBaseline(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        // The fake engine's lane is the run's own: it is its own baseline.
        var own = LaneOutcome.Of(evidence, verdict);
        var baseline = evidence.Others?.Baseline ?? (evidence.Identity.Engine.IsFake && evidence.Backend is not null ? own : null);
        if (baseline is null || evidence.Lane.Kind != LaneKind.Subject)
        {
            json.WriteNull("baseline");
            return;
        }

        json.WriteStartObject("baseline");
        json.WriteString("engine", baseline.Engine);
        json.WriteString("artifact_dir", baseline.Lane.Folder is { Length: > 0 } folder ? folder : Here);
        json.WriteString("status", Words.Of(baseline.Status));
        json.WriteString("backend_artifact_dir", Here);
        json.WriteStrings("differences", LaneComparison.Differences(own, baseline));
        WriteSide(json, "backend", own);
        WriteSide(json, "fake", baseline);
        json.WriteEndObject();
    }

    private static void WriteSide(Utf8JsonWriter json, string name, LaneOutcome lane)
    {
        json.WriteStartObject(name);
        WriteOutcome(json, lane);
        json.WriteEndObject();
    }

    private static void WriteControl(Utf8JsonWriter json, ControlOutcome control)
    {
        json.WriteStartObject();
        json.WriteString("name", control.Outcome.Lane.Name);
        json.WriteString("artifact_dir", control.Outcome.Lane.Folder);
        json.WriteString("cheat", control.Cheat.Length > 0 ? control.Cheat : null);
        json.WriteString("wanted", control.Wanted.Text);
        json.WriteBoolean("as_expected", control.AsExpected);
        WriteOutcome(json, control.Outcome);
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, LaneOutcome lane)
    {
        json.WriteString("status", Words.Of(lane.Status));
        json.WriteStrings("blockers", lane.Codes);
        if (lane.ChangedFiles is { } files)
        {
            json.WriteStrings("changed_files", files.Take(MostFiles).Select(path => path.ToString()));
        }
        else
        {
            json.WriteNull("changed_files");
        }

        json.WriteStrings("events", lane.Events);
        json.WriteObserved("tests_passed", lane.TestsPassed);
        json.WriteObserved("cases_passed", lane.CasesPassed);
        json.WriteObserved("cases_expected", lane.CasesExpected);
        json.WriteNumber("duration_ms", lane.DurationMs);
    }
}
