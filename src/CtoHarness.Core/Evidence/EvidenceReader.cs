using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Core.Evidence;

/// <summary>Reads the evidence of a lane from the files of its bundle: what a run judges, and what is judged again by whoever checks it. A report is never read.</summary>
public sealed class EvidenceReader
{
    /// <summary>The file of the events.</summary>
    public const string EventsFile = "events.normalized.jsonl";

    /// <summary>The file of the contract.</summary>
    public const string ContractFile = "contract.json";

    /// <summary>The file of the tries on record.</summary>
    public const string ObservationsFile = "observations.jsonl";

    /// <summary>The file of the compared answers.</summary>
    public const string VerificationFile = "verification.jsonl";

    /// <summary>The frozen fixture, entry by entry.</summary>
    public const string FixtureTree = "snapshots/fixture.tree";

    /// <summary>The pristine workspace, entry by entry.</summary>
    public const string BaseTree = "snapshots/before.tree";

    /// <summary>The workspace as it was found afterwards, entry by entry.</summary>
    public const string AfterTree = "snapshots/after.tree";

    private readonly BundleContent _content;
    private readonly Lane _lane;
    private readonly RunId _run;

    private EvidenceReader(BundleContent content, Lane lane, RunId run)
    {
        _content = content;
        _lane = lane;
        _run = run;
    }

    /// <summary>Why the evidence could not be read; null where it could.</summary>
    private CheckRefusal? Refusal { get; set; }

    /// <summary>Reads a lane.</summary>
    /// <param name="content">The bundle's files.</param>
    /// <param name="lane">Which lane.</param>
    /// <param name="run">The run that every event must name.</param>
    /// <param name="shared">What the subject's lane holds for all; null where this is the subject's.</param>
    /// <param name="others">What the other lanes came to; null where there are none, and for every lane but the subject's.</param>
    /// <param name="isClosed">Whether the lane must have been judged already: <c>run.completed</c> stands last.</param>
    /// <returns>The evidence, or why it cannot be read.</returns>
    public static (LaneEvidence? Lane, CheckRefusal? Refusal) Read(
        BundleContent content, Lane lane, RunId run, SharedEvidence? shared, Func<LaneEvidence, OtherLanes?>? others, bool isClosed)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(lane);
        var reader = new EvidenceReader(content, lane, run);
        var read = reader.Lane(shared, isClosed);
        return read is null || reader.Refusal is not null ? (null, reader.Refusal)
            : others is null ? (read, null)
            : (read with { Evidence = read.Evidence with { Others = others(read) } }, null);
    }

    private LaneEvidence? Lane(SharedEvidence? shared, bool isClosed)
    {
        if (Events(isClosed) is not { } events || Identity(events[0]) is not { } identity || Collected(events, isClosed) is not { } collected)
        {
            return null;
        }

        shared ??= Shared(events, collected);
        var judged = isClosed ? events[..^1] : events;
        var evidence = new RunEvidence(
            _lane, identity, shared.Contract, collected.BackendDigest, collected.Refusals, shared.Preflight, shared.Layers, collected.Backend,
            Workspace(identity, collected, shared), collected.Test, Verification(collected), null, collected.Trouble, [.. judged.Select(one => (one.Name, one.Observer))], collected.Completed)
        {
            Calls = Calls(collected),
            Traffic = Traffic(events),
            Claims = Claims(events, collected),
            BackendVersion = collected.BackendVersion,
            Roots = collected.Roots,
            Targets = Last(events, EventNames.TargetsSearched) is { } searched ? TargetsJson.ReadSurfaces(searched.Data) : null,
            Persistence = collected.Persistence,
            SelfTest = Last(events, EventNames.PreflightChecked) is { } checkedBefore ? PreflightJson.ReadSelfTest(checkedBefore.Data) : null,
            LimitPassed = collected.LimitPassed,
            Written = collected.Written,
            BootIdAfter = collected.BootId,
            Replaced = Replaced(events),
        };
        return new LaneEvidence(evidence, collected, events, shared);
    }

    private ImmutableArray<ReadEvent>? Events(bool isClosed)
    {
        if (Bytes(EventsFile) is not { } bytes)
        {
            return null;
        }

        var events = EventChain.Read(bytes, _run);
        var whole = events.IsEmpty ? 0 : events[^1].End;
        if (events.IsEmpty || whole < bytes.Length)
        {
            return Refuse<ImmutableArray<ReadEvent>?>(
                "events", $"{Name(EventsFile)}: every line whole, numbered, of this run, following the one before, and written as the harness writes it",
                string.Create(CultureInfo.InvariantCulture, $"line {events.Length + 1} is not"));
        }

        var odd = events.FirstOrDefault(one => !EventNames.All.Contains(one.Name) || one.Observer != EventNames.ObserverOf(one.Name));
        if (odd is not null)
        {
            return Refuse<ImmutableArray<ReadEvent>?>(
                "observers", $"{Name(EventsFile)}: events that a run makes, each with the observer who alone can have seen it", $"{PlainText.Quote(odd.Name)}, said to be seen by: {Words.Of(odd.Observer)}");
        }

        if (events[0].Name != EventNames.RunStarted || events.Count(one => one.Name == EventNames.RunStarted) != 1)
        {
            return Refuse<ImmutableArray<ReadEvent>?>("events", $"{Name(EventsFile)}: one run.started, the first line", PlainText.Quote(events[0].Name));
        }

        return !isClosed || Ends(events) ? events : Refuse<ImmutableArray<ReadEvent>?>(
            "events", $"{Name(EventsFile)}: evidence.collected and then run.completed, with the count of all lines, at the end and nowhere else",
            $"{events.Length} line(s), the last is {PlainText.Quote(events[^1].Name)}");
    }

    private static bool Ends(ImmutableArray<ReadEvent> events) =>
        events is [.., { Name: EventNames.EvidenceCollected }, { Name: EventNames.RunCompleted } last] && last.Data.Count("count") == events.Length
        && events.Count(one => one.Name == EventNames.RunCompleted) == 1
        && last.Data.EnumerateObject().Count() == 2;

    private RunIdentity? Identity(ReadEvent first)
    {
        var identity = IdentityJson.TryRead(first.Data, _run);
        return identity is not null && IsWritten(first, identity)
            ? identity
            : Refuse<RunIdentity>("records", $"{Name(EventsFile)}: a run.started that names run, engine, harness, roots and clocks, and nothing else", "one that does not");
    }

    private bool IsWritten(ReadEvent first, RunIdentity identity)
    {
        var again = CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            if (_lane.Kind == LaneKind.Subject)
            {
                json.WriteNumber("process", first.Data.Count("process") ?? 0);
            }
            else
            {
                json.WriteString("lane", first.Data.Text("lane"));
                json.WriteString("cheat", first.Data.Text("cheat"));
            }

            IdentityJson.Write(json, identity);
            json.WriteEndObject();
        });
        return CanonicalJson.TryFrom(JsonText.Line(first.Data.WriteTo)) is { } given && again.AsSpan().SequenceEqual(given);
    }

    private Collected? Collected(ImmutableArray<ReadEvent> events, bool isClosed)
    {
        var place = events.Length - (isClosed ? 2 : 1);
        return (place >= 0 && events[place].Name == EventNames.EvidenceCollected ? CollectedReader.TryRead(events[place].Data) : null)
            ?? Refuse<Collected>("records", $"{Name(EventsFile)}: an evidence.collected with exactly the fields of this version", "another");
    }

    private SharedEvidence Shared(ImmutableArray<ReadEvent> events, Collected collected)
    {
        var seen = Last(events, EventNames.PreflightChecked);
        var (preflight, layers) = seen is null ? ([], ImmutableSortedDictionary<string, string>.Empty) : PreflightJson.Read(seen.Data);
        if (seen is not null && !PreflightJson.IsWhole(seen.Data))
        {
            _ = Refuse<object>("records", $"{Name(EventsFile)}: a preflight.checked with answers, details, layers and tries, and nothing else", "another");
        }

        var contract = Last(events, EventNames.ContractCreated) is null ? null
            : Bytes(ContractFile) is { } file
                ? ContractReader.TryRead(file) ?? Refuse<Contract>("records", $"{ContractFile}: written as this version writes a contract", "other bytes")
                : null;
        return new SharedEvidence(contract, collected.Workspace?.Tree is null && collected.Lanes is null ? null : Tree(BaseTree), preflight, layers);
    }

    private ImmutableArray<ReplacedValues> Replaced(ImmutableArray<ReadEvent> events) => Last(events, EventNames.ValuesReplaced) is not { } told ? []
        : WithheldJson.TryReadReplaced(told.Data) ?? Refuse<ImmutableArray<ReplacedValues>?>("records", $"{Name(EventsFile)}: a values.replaced that names files and variables", "another") ?? [];

    private ModelTraffic? Traffic(ImmutableArray<ReadEvent> events)
    {
        var calls = events.Where(one => one.Name == EventNames.ModelCalled).Select(one => ModelCallJson.TryRead(one.Data)).ToList();
        if (Last(events, EventNames.GatewayClosed) is not { } closed)
        {
            return null; // broken off: what was called stands in the events, and nobody can say that it is all
        }

        return !calls.Contains(null) && TrafficJson.TryRead(closed.Data, [.. calls.Select(call => call!)]) is { } traffic
            ? traffic
            : Refuse<ModelTraffic>("records", $"{Name(EventsFile)}: calls as this version writes them, each with a number of its own, and a gateway.closed that counts them", "others");
    }

    private BackendClaims? Claims(ImmutableArray<ReadEvent> events, Collected collected)
    {
        if (Last(events, EventNames.BackendClaimed) is not { } told)
        {
            return null;
        }

        return BackendClaimsJson.TryRead(told.Data) is { } claims
            && (collected.Backend is not { } backend || (backend.Claims == claims.Records.Values.Sum() && backend.Unrecognised == claims.Lines - backend.Claims))
                ? claims
                : Refuse<BackendClaims>("records", $"{Name(EventsFile)}: a backend.claimed with the counts that evidence.collected has", "another");
    }

    private WorkspaceOutcome? Workspace(RunIdentity identity, Collected collected, SharedEvidence shared)
    {
        if (collected.Workspace is not { } note)
        {
            return null;
        }

        if (note.Refusal.Length > 0 || note.Tree is not { } digest)
        {
            return new WorkspaceOutcome(null, note.Refusal, note.PatchDigest, note.Tree);
        }

        var name = _lane.Folder.Length == 0 ? AfterTree : $"{_lane.Folder}/{AfterTree}";
        if (shared.Contract is not { } contract || shared.Base is not { } before || Tree(name) is not { } after)
        {
            return Refuse<WorkspaceOutcome>("records", $"{name}, {BaseTree} and {ContractFile}, from which the change follows", "not all of them");
        }

        return _content.Find(name)!.Sha256 == digest
            ? new WorkspaceOutcome(
                ReviewedChange.Of(ChangeSet.Between(before, after), contract.AllowedFiles, [.. contract.Fixture.IgnoredFiles, .. identity.Engine.OwnFilesBeside(before)]), "", note.PatchDigest, note.Tree)
            : Refuse<WorkspaceOutcome>("records", $"{name}: the tree {digest} that the events name", _content.Find(name)!.Sha256.ToString());
    }

    private VerificationOutcome? Verification(Collected collected) =>
        collected.VerificationTook is not { } took || Bytes(VerificationFile) is not { } file ? null
            : VerificationReader.TryRead(file, took)
                ?? Refuse<VerificationOutcome>("records", $"{Name(VerificationFile)}: written as this version writes answers, each compared anew", "other bytes");

    private CallRecord? Calls(Collected collected)
    {
        if (collected.Calls is not { } calls || Bytes(ObservationsFile) is not { } file)
        {
            return null;
        }

        if (AttemptJson.TryRead(file) is not { } tries)
        {
            return Refuse<CallRecord>("records", $"{Name(ObservationsFile)}: written as this version writes tries", "other bytes");
        }

        var byClass = tries.GroupBy(one => one.Class).ToDictionary(group => group.Key, group => (All: group.LongCount(), Writes: group.LongCount(one => one.Writes)));
        var isCounted = calls.Recorded == tries.Length + calls.Dropped && calls.Recorded == calls.Counts.Values.Sum()
            && calls.Unresolved == calls.Counts.GetValueOrDefault(AttemptClass.Unresolved)
            && Enum.GetValues<AttemptClass>().All(what => Agrees(calls, what, byClass.GetValueOrDefault(what)));
        return isCounted
            ? calls with { Attempts = FirstOfEach(tries) }
            : Refuse<CallRecord>("records", $"{Name(ObservationsFile)}: as many tries of each class as evidence.collected counts", "other numbers");
    }

    // What was dropped is counted, and in no line.
    private static bool Agrees(CallRecord calls, AttemptClass what, (long All, long Writes) seen)
    {
        var (all, writes) = (calls.Counts.GetValueOrDefault(what), calls.WritesByClass.GetValueOrDefault(what));
        return writes <= all && seen.All <= all && seen.Writes <= writes && (calls.Dropped > 0 || (seen.All == all && seen.Writes == writes));
    }

    private static ImmutableArray<Attempt> FirstOfEach(ImmutableArray<Attempt> tries)
    {
        var kept = new Dictionary<AttemptClass, int>();
        return [.. tries.Where(one => (kept[one.Class] = kept.GetValueOrDefault(one.Class) + 1) <= CallRecord.MostOfAClass)];
    }

    private Tree? Tree(string name) => Bytes(name, isWhole: true) is not { } file ? null
        : TreeFile.TryRead(file) ?? Refuse<Tree>("records", $"{name}: written as this version writes trees", "other bytes");

    private ReadOnlyMemory<byte>? Bytes(string name, bool isWhole = false)
    {
        name = isWhole ? name : Name(name);
        var file = _content.Find(name);
        return file?.Content ?? Refuse<ReadOnlyMemory<byte>?>("records", string.Create(CultureInfo.InvariantCulture, $"the file {name} of at most {BundleFiles.MostBytes(name)} bytes"),
            file is null ? "no such file" : string.Create(CultureInfo.InvariantCulture, $"one of {file.Bytes} bytes"));
    }

    private string Name(string file) => _lane.Folder.Length == 0 ? file : $"{_lane.Folder}/{file}";

    private static ReadEvent? Last(ImmutableArray<ReadEvent> events, string name) => events.LastOrDefault(one => one.Name == name);

    private T? Refuse<T>(string check, string expected, string found)
    {
        Refusal ??= new CheckRefusal(check, expected, found);
        return default;
    }
}
