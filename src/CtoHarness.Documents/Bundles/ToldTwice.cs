using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Documents.Bundles;

/// <summary>Whether a lane's events tell what its records hold: in that order, nothing else, and nothing left out.</summary>
/// <remarks>An event is written as a thing happens, the records when all is over. Whoever wants a record to say something better must change what was told before, too.</remarks>
internal static class ToldTwice
{
    private const string Name = "agreement";
    private const int MostShown = 300;

    // What comes later in a run has a larger number; of what has the same number either may come first.
    private static readonly ImmutableDictionary<string, int> Phases = new Dictionary<string, int>
    {
        [EventNames.RunStarted] = 0,
        [EventNames.ContractCreated] = 1,
        [EventNames.PlanUpdated] = 1,
        [EventNames.PreflightChecked] = 1,
        [EventNames.TargetsSearched] = 1,
        [EventNames.RootsDigested + " before"] = 1,
        [EventNames.ControlLaid] = 2,
        [EventNames.SandboxStarted] = 2,
        [EventNames.ModelCalled] = 3,
        [EventNames.GatewayClosed] = 4,
        [EventNames.BackendClaimed] = 5,
        [EventNames.BackendEnded] = 6,
        [EventNames.CasesDrawn] = 7,
        [EventNames.PersistenceScanned] = 7,
        [EventNames.DiffChecked] = 8,
        [EventNames.PatchApplied] = 9,
        [EventNames.VerificationCompleted] = 10,
        [EventNames.RootsDigested + " after"] = 11,
        [EventNames.ValuesReplaced] = 12,
        [EventNames.EvidenceCollected] = 13,
        [EventNames.RunCompleted] = 14,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    internal static CheckRefusal? Check(LaneEvidence lane) => Order(lane) ?? Gaps(lane) ?? Pairs(lane).Select(pair => Same(lane, pair.Event, pair.Write)).FirstOrDefault(refusal => refusal is not null);

    // Questions that were drawn before the backend had ended prove nothing.
    private static CheckRefusal? Order(LaneEvidence lane)
    {
        var (last, seen) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var one in lane.Events)
        {
            var key = one.Name == EventNames.RootsDigested ? $"{one.Name} {one.Data.Text("moment")}" : one.Name;
            if (!Phases.TryGetValue(key, out var phase) || phase < last || (!seen.Add(key) && key is not (EventNames.EvidenceCollected or EventNames.ModelCalled)))
            {
                return new CheckRefusal(Name, $"{Place(lane)}events in the order of a run, each once", $"{PlainText.Quote(key)} out of its place");
            }

            last = phase;
        }

        return null;
    }

    // Where nothing broke off, all was looked at: "nobody looked" is no way out of what was seen.
    private static CheckRefusal? Gaps(LaneEvidence lane)
    {
        var (evidence, collected) = (lane.Evidence, lane.Collected);
        if (collected.Backend is not { } backend || collected.Trouble is not null || backend.Program.End == EndKind.Interrupted)
        {
            return null;
        }

        var isSubject = evidence.Lane.Kind == LaneKind.Subject;
        (string What, bool IsThere)[] wanted =
        [
            (EventNames.SandboxStarted, backend.Program.End == EndKind.SandboxFailed || lane.Last(EventNames.SandboxStarted) is not null),
            (EventNames.BackendEnded, lane.Last(EventNames.BackendEnded) is not null),
            (EventNames.GatewayClosed, !isSubject || evidence.Identity.Model is null || evidence.Traffic is not null),
            (EventNames.BackendClaimed, evidence.Identity.Engine.Output == OutputWire.None || evidence.Claims is not null),
            ("the record of calls", collected.Calls is not null),
            (EventNames.PersistenceScanned, collected.Persistence is not null && lane.Last(EventNames.PersistenceScanned) is not null),
            (EventNames.PreflightChecked, !isSubject || lane.Last(EventNames.PreflightChecked) is not null),
            (EventNames.TargetsSearched, !isSubject || lane.Last(EventNames.TargetsSearched) is not null),
            ("the protected roots", !isSubject || collected.Roots is not null),
            ("the other lanes", !isSubject || collected.Lanes is not null),
        ];
        var missing = wanted.Where(one => !one.IsThere).Select(one => one.What).ToList();
        return missing.Count == 0 ? null : new CheckRefusal(Name, $"{Place(lane)}a run without trouble, with all that a run looks at", $"none of: {string.Join(", ", missing)}");
    }

    private static ImmutableArray<(string Event, Action<Utf8JsonWriter>? Write)> Pairs(LaneEvidence lane)
    {
        var (evidence, collected, contract, change) = (lane.Evidence, lane.Collected, lane.Shared.Contract, lane.Evidence.Workspace?.Change);
        return
        [
            (EventNames.PlanUpdated, json => EventJson.WritePlan(json, evidence.Identity, lane.Last(EventNames.PlanUpdated)!.Data.Texts("sandbox_command") ?? [])),
            (EventNames.TargetsSearched, evidence.Targets is { } search ? json => EventJson.WriteSearched(json, evidence.Identity.Targets, search) : null),
            (EventNames.SandboxStarted, json => json.WriteString("program", lane.Last(EventNames.SandboxStarted)!.Data.Text("program"))),
            (EventNames.BackendClaimed, evidence.Claims is { } claims ? json => BackendClaimsJson.Write(json, claims) : null),
            (EventNames.BackendEnded, collected.Backend is { } backend && (collected.Calls is not null || collected.Trouble is null)
                ? json => EventJson.WriteEnded(json, backend.Program, collected.LimitPassed, collected.Calls) : null),
            (EventNames.CasesDrawn, contract is not null
                ? json => EventJson.WriteDrawn(json, evidence.Verification?.Seed ?? lane.Last(EventNames.CasesDrawn)!.Data.Text("seed") ?? "", contract.Verification) : null),
            (EventNames.PersistenceScanned, collected.Persistence is { } scan ? json => EventJson.WriteScanned(json, scan) : null),
            (EventNames.DiffChecked, change is not null && lane.Shared.Base is { } pristine
                ? json => EventJson.WriteDiff(json, contract?.Fixture.BaseCommit, pristine, collected.Workspace!, change) : null),
            (EventNames.PatchApplied, change is not null ? json => EventJson.WriteApplied(json, change) : null),
            (EventNames.VerificationCompleted, contract is not null && collected.Test is { } test && evidence.Verification is { } verification
                ? json => EventJson.WriteCompleted(json, contract, test, verification) : null),
            (EventNames.ValuesReplaced, json => WithheldJson.WriteReplaced(json, evidence.Replaced)),
        ];
    }

    // An event whose record was given up, because of trouble, tells of nothing that counts.
    private static CheckRefusal? Same(LaneEvidence lane, string name, Action<Utf8JsonWriter>? write)
    {
        if (lane.Last(name) is not { } told || (write is null && lane.Collected.Trouble is not null))
        {
            return null;
        }

        var again = write is null ? [] : CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        });
        var given = CanonicalJson.TryFrom(JsonText.Line(told.Data.WriteTo)) ?? [];
        return again.AsSpan().SequenceEqual(given) ? null
            : new CheckRefusal(Name, $"{Place(lane)}{name} as the records have it: {(write is null ? "none, for there is no record" : Shown(again, given))}", Shown(given, again));
    }

    // From where the two part.
    private static string Shown(byte[] text, byte[] other)
    {
        var start = Math.Max(0, text.AsSpan().CommonPrefixLength(other) - 40);
        return PlainText.Visible(Encoding.UTF8.GetString(text.AsSpan(start)), MostShown);
    }

    private static string Place(LaneEvidence lane) => lane.Evidence.Lane.Folder.Length == 0 ? "" : lane.Evidence.Lane.Folder + "/: ";
}
