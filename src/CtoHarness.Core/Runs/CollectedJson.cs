using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Runs;

/// <summary>Writes what was collected as the data of an event.</summary>
public static class CollectedJson
{
    /// <summary>Writes the fields.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="collected">What was collected.</param>
    public static void Write(Utf8JsonWriter json, Collected collected)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(collected);
        json.WriteString("completed_at", Timestamp.Text(collected.Completed.Wall));
        json.WriteNumber("monotonic_ms", collected.Completed.MonotonicMs);
        json.WriteString("boot_id", collected.BootId);
        Maybe(json, "written", collected.Written, times =>
        {
            json.WriteString("first", Timestamp.Text(times.First));
            json.WriteString("last", Timestamp.Text(times.Last));
        });
        json.WriteString("backend_digest", collected.BackendDigest?.ToString());
        if (collected.BackendVersion.Length > 0)
        {
            json.WriteString("backend_version", collected.BackendVersion);
        }

        List(json, "refusals", collected.Refusals, refusal => WriteBlocker(json, refusal));
        Maybe(json, "backend", collected.Backend, backend =>
        {
            WriteProgram(json, backend.Program);
            json.WriteNumber("claims", backend.Claims);
            json.WriteNumber("unrecognised_lines", backend.Unrecognised);
        });
        Maybe(json, "calls", collected.Calls, calls => WriteCalls(json, calls));
        json.WriteString("limit_passed", collected.LimitPassed);
        Maybe(json, "workspace", collected.Workspace, workspace =>
        {
            json.WriteString("refusal", workspace.Refusal);
            json.WriteString("patch", workspace.PatchDigest.ToString());
            json.WriteString("tree", workspace.Tree?.ToString());
        });
        Maybe(json, "test", collected.Test, test => WriteProgram(json, test));
        json.WriteObserved("verification_ms", (long?)collected.VerificationTook?.TotalMilliseconds);
        Maybe(json, "lanes", collected.Lanes, lanes => WriteLanes(json, lanes));
        WriteRoots(json, collected.Roots);
        Maybe(json, "persistence", collected.Persistence, scan => WritePersistence(json, scan));
        Maybe(json, "trouble", collected.Trouble, trouble =>
        {
            json.WriteString("code", trouble.Code.Text);
            json.WriteString("message", trouble.Message);
        });
        Maybe(json, "repaired", collected.Repaired, repaired =>
        {
            json.WriteString("harness_version", repaired.HarnessVersion);
            json.WriteNumber("process", repaired.Process);
            json.WriteNumber("cut_bytes", repaired.CutBytes);
            json.WriteString("status_before", repaired.StatusBefore);
        });
    }

    private static void WriteBlocker(Utf8JsonWriter json, Blocker blocker)
    {
        json.WriteString("code", blocker.Code.Text);
        json.WriteString("message", blocker.Message);
        json.WriteString("evidence", blocker.Evidence);
    }

    private static void WriteProgram(Utf8JsonWriter json, ProgramOutcome program)
    {
        json.WriteString("end", Words.Of(program.End));
        json.WriteObserved("exit_code", program.ExitCode);
        json.WriteNumber("duration_ms", (long)program.Duration.TotalMilliseconds);
        json.WriteNumber("output_bytes", program.OutputBytes);
        json.WriteNumber("error_bytes", program.ErrorBytes);
        json.WriteNumber("cut_bytes", program.CutBytes);
        json.WriteObserved("survivors", program.Survivors);
    }

    private static void WriteCalls(Utf8JsonWriter json, CallRecord calls)
    {
        json.WriteNumber("notified", calls.Notified);
        json.WriteNumber("recorded", calls.Recorded);
        json.WriteNumber("unresolved", calls.Unresolved);
        json.WriteNumber("dropped", calls.Dropped);
        WriteByClass(json, "tries", calls.Counts);
        WriteByClass(json, "writes", calls.WritesByClass);
        json.WriteStrings("not_covered", calls.NotCovered);
        json.WriteString("trouble", calls.Trouble);
    }

    private static void WriteByClass(Utf8JsonWriter json, string name, ImmutableSortedDictionary<AttemptClass, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (what, count) in counts)
        {
            json.WriteNumber(Words.Of(what), count);
        }

        json.WriteEndObject();
    }

    private static void WriteLanes(Utf8JsonWriter json, LanesNote lanes)
    {
        json.WriteBoolean("baseline", lanes.HasBaseline);
        List(json, "controls", lanes.Controls, control =>
        {
            json.WriteString("name", control.Name);
            json.WriteString("cheat", control.Cheat);
            json.WriteString("wanted", control.Wanted.Text);
        });
        json.WriteBoolean("controls_left_out", lanes.ControlsLeftOut);
    }

    private static void WriteRoots(Utf8JsonWriter json, ImmutableArray<ProtectedRoot>? roots)
    {
        if (roots is not { } all)
        {
            json.WriteNull("roots");
            return;
        }

        List(json, "roots", all, root =>
        {
            json.WriteString("role", root.Role);
            json.WriteString("path", root.Path);
            json.WriteString("state", Words.Of(root.State));
            json.WriteObserved("entries", root.Entries);
            json.WriteString("before", root.Before?.ToString());
            json.WriteString("after", root.After?.ToString());
            json.WriteNumber("changes_total", root.ChangesTotal);
            json.WriteStrings("changes", root.Changes);
            json.WriteStrings("excluded", root.Excluded);
            json.WriteStrings("names", root.Names);
            json.WriteStrings("manifests", root.Manifests);
            json.WriteString("trouble", root.Trouble);
        });
    }

    private static void WritePersistence(Utf8JsonWriter json, PersistenceScan scan)
    {
        json.WriteNumber("total", scan.Total);
        json.WriteString("refusal", scan.Refusal);
        List(json, "found", scan.Found, one =>
        {
            json.WriteString("kind", one.Kind);
            json.WriteString("path", one.Path);
            json.WriteString("detail", one.Detail);
            json.WriteBoolean("breach", one.IsBreach);
        });
    }

    private static void Maybe<T>(Utf8JsonWriter json, string name, T? value, Action<T> write)
        where T : class
    {
        if (value is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        write(value);
        json.WriteEndObject();
    }

    private static void List<T>(Utf8JsonWriter json, string name, ImmutableArray<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            write(value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
