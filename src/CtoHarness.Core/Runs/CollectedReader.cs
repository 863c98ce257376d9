using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Runs;

/// <summary>Reads what was collected.</summary>
public static class CollectedReader
{
    /// <summary>Reads the data of an <c>evidence.collected</c> event.</summary>
    /// <param name="data">A value whose names can be read.</param>
    /// <returns>What was collected, or null unless it is written as exactly this data: no field more, none less.</returns>
    public static Collected? TryRead(JsonElement data)
    {
        if (Read(data) is not { } collected)
        {
            return null;
        }

        var again = CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            CollectedJson.Write(json, collected);
            json.WriteEndObject();
        });
        return CanonicalJson.TryFrom(JsonText.Line(data.WriteTo)) is { } given && again.AsSpan().SequenceEqual(given) ? collected : null;
    }

    private static Collected? Read(JsonElement json)
    {
        if (Timestamp.TryRead(json.Text("completed_at")) is not { } wall || json.Count("monotonic_ms") is not { } monotonic || json.Text("boot_id") is not { } boot
            || All(json, "refusals", Refusal) is not { } refusals || json.Text("limit_passed") is not { } limit)
        {
            return null;
        }

        return new Collected(new TwoClocks(wall, monotonic), boot)
        {
            Written = json.Inner("written") is { } written && Timestamp.TryRead(written.Text("first")) is { } first && Timestamp.TryRead(written.Text("last")) is { } last
                ? new WrittenTimes(first, last) : null,
            BackendDigest = Digests(json, "backend_digest"),
            BackendVersion = json.Text("backend_version") ?? "",
            Refusals = refusals,
            Backend = json.Inner("backend") is { } backend && Program(backend) is { } program
                ? new BackendOutcome(program, backend.Count("claims") ?? 0, backend.Count("unrecognised_lines") ?? 0) : null,
            Calls = json.Inner("calls") is { } calls ? Calls(calls) : null,
            LimitPassed = limit,
            Workspace = json.Inner("workspace") is { } workspace && workspace.Text("refusal") is { } refusal && Digests(workspace, "patch") is { } patch
                ? new WorkspaceNote(refusal, patch, Digests(workspace, "tree")) : null,
            Test = json.Inner("test") is { } test ? Program(test) : null,
            VerificationTook = json.Count("verification_ms") is { } took and <= int.MaxValue ? TimeSpan.FromMilliseconds(took) : null,
            Lanes = json.Inner("lanes") is { } lanes && All(lanes, "controls", Control) is { Length: <= LanesNote.MostControls } controls
                ? new LanesNote(lanes.Truth("baseline") == true, controls, lanes.Truth("controls_left_out") == true) : null,
            Roots = All(json, "roots", Root),
            Persistence = json.Inner("persistence") is { } scan && All(scan, "found", Left) is { } found
                ? new PersistenceScan(found, scan.Count("total") ?? 0, scan.Text("refusal") ?? "") : null,
            Trouble = json.Inner("trouble") is { } trouble && WordReader.Blocker(trouble.Text("code")) is { } code && trouble.Text("message") is { } message
                ? new RunTrouble(code, message) : null,
            Repaired = json.Inner("repaired") is { } repaired && repaired.Text("harness_version") is { } version
                ? new RepairNote(version, repaired.Count("process") ?? 0, repaired.Count("cut_bytes") ?? 0, repaired.Text("status_before")) : null,
        };
    }

    private static Blocker? Refusal(JsonElement json) =>
        WordReader.Blocker(json.Text("code")) is { } code && json.Text("message") is { } message && json.Text("evidence") is { } evidence
            ? new Blocker(code, message, evidence) : null;

    private static ProgramOutcome? Program(JsonElement json) =>
        WordReader.Find<EndKind>(json.Text("end"), Words.Of) is { } end && json.Count("duration_ms") is { } took and <= int.MaxValue
            ? new ProgramOutcome(
                end, Small(json, "exit_code"), TimeSpan.FromMilliseconds(took),
                json.Count("output_bytes") ?? 0, json.Count("error_bytes") ?? 0, json.Count("cut_bytes") ?? 0, Small(json, "survivors"))
            : null;

    private static int? Small(JsonElement json, string name) => json.Count(name) is { } number and <= int.MaxValue ? (int)number : null;

    private static CallRecord? Calls(JsonElement json) =>
        ByClass(json, "tries") is { } tries && ByClass(json, "writes") is { } writes && json.Texts("not_covered") is { } notCovered && json.Text("trouble") is { } trouble
            ? new CallRecord(
                json.Count("notified") ?? 0, json.Count("recorded") ?? 0, json.Count("unresolved") ?? 0, json.Count("dropped") ?? 0, [], tries, writes, notCovered, trouble)
            : null;

    private static ImmutableSortedDictionary<AttemptClass, long>? ByClass(JsonElement json, string name)
    {
        if (json.Inner(name) is not { } counts)
        {
            return null;
        }

        var found = ImmutableSortedDictionary.CreateBuilder<AttemptClass, long>();
        foreach (var what in Enum.GetValues<AttemptClass>())
        {
            if (counts.Count(Words.Of(what)) is { } count)
            {
                found[what] = count;
            }
        }

        return found.ToImmutable();
    }

    private static ControlNote? Control(JsonElement json) =>
        json.Text("name") is { } name && TaskId.TryParse(name, out _) && json.Text("cheat") is { } cheat && WordReader.Blocker(json.Text("wanted")) is { } wanted
            ? new ControlNote(name, cheat, wanted) : null;

    private static ProtectedRoot? Root(JsonElement json) =>
        json.Text("role") is { } role && json.Text("path") is { } path && WordReader.Find<RootState>(json.Text("state"), Words.Of) is { } state
        && json.Texts("changes") is { } changes && json.Text("trouble") is { } trouble
            ? new ProtectedRoot(role, path, state, json.Count("entries"), Digests(json, "before"), Digests(json, "after"), changes, trouble)
            {
                ChangesTotal = json.Count("changes_total") ?? 0,
                Excluded = json.Texts("excluded") ?? [],
                Names = json.Texts("names") ?? [],
                Manifests = json.Texts("manifests") ?? [],
            }
            : null;

    private static Leftover? Left(JsonElement json) =>
        json.Text("kind") is { } kind && json.Text("path") is { } path && json.Text("detail") is { } detail && json.Truth("breach") is { } breach
            ? new Leftover(kind, path, detail, breach) : null;

    private static ImmutableArray<T>? All<T>(JsonElement json, string name, Func<JsonElement, T?> read)
        where T : class
    {
        var items = json.Items(name)?.Select(read).ToList();
        return items is null || items.Contains(null) ? null : [.. items.Select(item => item!)];
    }

    private static Digest? Digests(JsonElement json, string name) =>
        json.Text(name) is { } text && Digest.TryParse(text, out var digest) ? digest : null;
}
