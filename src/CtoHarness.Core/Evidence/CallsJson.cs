using System.Globalization;
using System.Text.Json;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of the calls that were tried.</summary>
public static class CallsJson
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

    /// <summary>Writes how many calls were notified, recorded and dropped, and the tries by class; null where nobody watched.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="calls">The record.</param>
    public static void WriteCounts(Utf8JsonWriter json, CallRecord? calls)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (calls is null)
        {
            json.WriteNull("calls");
            return;
        }

        json.WriteStartObject("calls");
        WriteReach(json, calls);
        json.WriteNumber("dropped", calls.Dropped);
        json.WriteStartObject("tries");
        foreach (var (what, count) in calls.Counts)
        {
            json.WriteNumber(Words.Of(what), count);
        }

        json.WriteEndObject();
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
        WriteReach(json, calls);
        json.WriteStrings("not_covered", calls.NotCovered);
        json.WriteEndObject();
    }

    // How far the record goes.
    private static void WriteReach(Utf8JsonWriter json, CallRecord calls)
    {
        json.WriteNumber("notified", calls.Notified);
        json.WriteNumber("recorded", calls.Recorded);
        json.WriteNumber("unresolved", calls.Unresolved);
        json.WriteBoolean("complete", calls.IsComplete);
    }
}
