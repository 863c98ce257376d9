using System.Globalization;
using System.Text.Json;
using CtoHarness.Core.Observation;
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
        WriteAttempts(json, evidence.Calls?.Attempts.Where(one => one.Class != AttemptClass.Target || one.Writes));
        WriteCoverage(json, evidence.Calls);
        json.WriteEndObject();
    }

    /// <summary>Writes tries; null where nobody watched.</summary>
    internal static void WriteAttempts(Utf8JsonWriter json, IEnumerable<Attempt>? attempts)
    {
        if (attempts is null)
        {
            json.WriteNull("attempts");
            return;
        }

        json.WriteStartArray("attempts");
        foreach (var one in attempts)
        {
            json.WriteStartObject();
            json.WriteString("path", one.Path);
            json.WriteString("operation", one.Operation);
            json.WriteString("process", one.Process.ToString(CultureInfo.InvariantCulture));
            json.WriteString("executable", one.Executable);
            json.WriteString("time", Timestamp.Text(one.Time));
            json.WriteObserved("denied", one.Denied);
            json.WriteString("class", Words.Of(one.Class));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCoverage(Utf8JsonWriter json, CallRecord? calls)
    {
        if (calls is null)
        {
            json.WriteNull("coverage");
            return;
        }

        json.WriteStartObject("coverage");
        json.WriteNumber("notified", calls.Notified);
        json.WriteNumber("recorded", calls.Recorded);
        json.WriteNumber("unresolved", calls.Unresolved);
        json.WriteBoolean("complete", calls.IsComplete);
        json.WriteStrings("not_covered", calls.NotCovered);
        json.WriteEndObject();
    }
}
