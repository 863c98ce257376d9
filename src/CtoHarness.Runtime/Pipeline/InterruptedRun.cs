using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>A run whose harness ended before it was closed: what is on disk is judged as interrupted, which is never a pass.</summary>
internal sealed class InterruptedRun
{
    private const int MostEvents = 256 << 20;
    private const int MostContract = 16 << 20;
    private const string Message = "the harness ended before it had closed this run (it was killed, or the machine went down), so nothing is said of the backend; run again";

    private static readonly TreeBounds Bounds = new(Entries: 1_000_000, Bytes: 1L << 50, FileBytes: 1L << 45, Depth: 512);

    private readonly BundleFolder _bundle;
    private readonly RunIdentity _identity;
    private readonly ImmutableArray<ReadEvent> _events;
    private readonly long _cut;
    private readonly string? _statusBefore;
    private readonly RunTrouble _trouble;

    private InterruptedRun(BundleFolder bundle, RunIdentity identity, ImmutableArray<ReadEvent> read, long length, RunTrouble trouble)
    {
        // An end that was written, but not published, is no end.
        var end = read.ToList().FindIndex(one => one.Name == EventNames.RunCompleted);
        _bundle = bundle;
        _identity = identity;
        _events = end < 0 ? read : read[..end];
        _cut = length - _events[^1].End;
        _statusBefore = end < 0 ? null : read[end].Data.Text("status");
        _trouble = trouble;
    }

    /// <summary>Reads what is on disk.</summary>
    /// <param name="bundle">The bundle, claimed.</param>
    /// <param name="trouble">Why it is closed in this way; null where its harness ended before it had closed it.</param>
    /// <returns>The run, or null where its first event cannot be read, so that nobody can say whose run it was.</returns>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    internal static InterruptedRun? Read(BundleFolder bundle, RunTrouble? trouble = null)
    {
        var path = bundle.PathOf(EventLog.Name);
        if (!Path.Exists(path))
        {
            return null;
        }

        var bytes = RegularFile.Read(path, MostEvents, followLink: false);
        var events = Whole(EventChain.Read(bytes, bundle.Run), bundle);
        return events is [{ Name: EventNames.RunStarted } first, ..] && IdentityJson.TryRead(first.Data, bundle.Run) is { } identity
            ? new InterruptedRun(bundle, identity, events, bytes.Length, trouble ?? new RunTrouble(BlockerCode.Interrupted, Message))
            : null;
    }

    // A contract whose file did not come to the disk whole was never frozen, nor did anything happen behind it that could be told.
    private static ImmutableArray<ReadEvent> Whole(ImmutableArray<ReadEvent> events, BundleFolder bundle)
    {
        var path = bundle.PathOf(EvidenceReader.ContractFile);
        var frozen = events.ToList().FindIndex(one => one.Name == EventNames.ContractCreated);
        return frozen < 0 || (File.Exists(path) && Digest.Of(RegularFile.Read(path, MostContract, followLink: false)).ToString() == events[frozen].Data.Text("contract"))
            ? events : events[..frozen];
    }

    /// <summary>Cuts off what does not hold together, adds what every outcome has, judges, and publishes.</summary>
    /// <param name="clock">The wall clock.</param>
    /// <param name="key">The harness's key.</param>
    /// <param name="interrupt">Ends it early; what was done until then is done again.</param>
    internal Verdict Close(TimeProvider clock, SigningKey key, CancellationToken interrupt)
    {
        RefuseOddEntries(interrupt);
        foreach (var name in new[] { Closing.Report, Closing.Page, BundleFiles.Seal })
        {
            File.Delete(_bundle.PathOf(name)); // half of one may be there
        }

        Directory.CreateDirectory(_bundle.PathOf("backend"));
        foreach (var name in Closing.ForEveryOutcome.Where(name => !File.Exists(_bundle.PathOf(name))))
        {
            _bundle.Write(name, []);
        }

        var collected = Collected(clock);
        var line = Next(_events.Length + 1, clock.GetUtcNow(), EventNames.EvidenceCollected, _events[^1].Digest, json => CollectedJson.Write(json, collected));
        WriteEvents(_events[^1].End, line.ToLine());
        var (lane, isSound) = Read(interrupt);
        if (!isSound && _events.Length > 1)
        {
            // What came to the disk does not fit together: nothing but who asked for the run counts.
            return new InterruptedRun(_bundle, _identity, _events[..1], _cut + _events[^1].End, _trouble).Close(clock, key, interrupt);
        }

        var verdict = Judge.Decide(lane.Evidence);
        var last = Next(_events.Length + 2, clock.GetUtcNow(), EventNames.RunCompleted, line.Digest, json =>
        {
            json.WriteNumber("count", _events.Length + 2);
            json.WriteString("status", Words.Of(verdict.Status));
        });
        WriteEvents(null, last.ToLine());
        WriteTrace(collected.Completed);
        Publish(lane.Evidence, verdict, last.Digest, key, clock);
        return verdict;
    }

    private (LaneEvidence Lane, bool IsSound) Read(CancellationToken interrupt)
    {
        var content = BundleReader.ReadUnfinished(_bundle.Making, interrupt);
        var (lane, refusal) = EvidenceReader.Read(content, Lane.Subject, _bundle.Run, null, null, isClosed: false);
        return lane is not null ? (lane, BundleVerifier.Contradiction(content, lane) is null)
            : throw new IOException($"what is left of it cannot be read ({refusal!.Check}: expected {refusal.Expected}; found {refusal.Found}); look at it and remove it by hand");
    }

    private Collected Collected(TimeProvider clock) => new(Completed(clock), Boot.Id())
    {
        Written = Collecting.Written(_bundle.Making),
        BackendDigest = Last(EventNames.ContractCreated)?.Data.Text("backend") is { } digest && Digest.TryParse(digest, out var known) ? known : null,
        Backend = Backend(),
        Trouble = _trouble,
        Repaired = new RepairNote(HarnessProgram.Version, Environment.ProcessId, _cut, _statusBefore),
    };

    private void Publish(RunEvidence evidence, Verdict verdict, Digest head, SigningKey key, TimeProvider clock)
    {
        var artifacts = BundleFolder.Artifacts(_bundle.Making, Closing.Report, Closing.Page);
        _bundle.Write(Closing.Report, ReportJson.Of(evidence, verdict, artifacts));
        _bundle.Write(Closing.Page, ReportPage.Of(evidence, verdict, artifacts));
        Sealing.Publish(_bundle, evidence, verdict, artifacts, head, key, clock);
    }

    // Nobody but the harness writes there; what it never writes could make a reader follow or wait.
    private void RefuseOddEntries(CancellationToken interrupt)
    {
        var (tree, refusal) = TreeReader.Read(_bundle.Making, Bounds, leaveGit: false, interrupt);
        var odd = tree?.Entries.FirstOrDefault(entry => entry.Kind is Core.Trees.EntryKind.Link or Core.Trees.EntryKind.Special);
        if (tree is null || odd is not null)
        {
            throw new IOException($"it holds what no run writes ({(odd is null ? refusal : odd.Path.ToString())}); look at it and remove it by hand");
        }
    }

    // A sandbox that was started, or may have been, tells nothing of the program inside; without one there was none.
    private BackendOutcome? Backend()
    {
        var started = _events.Any(one => one.Name == EventNames.SandboxStarted);
        var cleared = Last(EventNames.PreflightChecked) is { } seen && PreflightJson.Read(seen.Data).Checks.All(check => check.Passed);
        var denied = Last(EventNames.EvidenceCollected)?.Data.Truth("backend_process_started") == false;
        return started || (cleared && !denied)
            ? new BackendOutcome(new ProgramOutcome(EndKind.SandboxFailed, null, TimeSpan.Zero, 0, 0, 0, null), 0, 0)
            : null;
    }

    // The kernel's clock begins anew with each boot.
    private TwoClocks Completed(TimeProvider clock)
    {
        var wall = clock.GetUtcNow();
        var passed = Boot.Id() == _identity.BootId
            ? Environment.TickCount64 - _identity.Started.MonotonicMs
            : (long)(wall - _identity.Started.Wall).TotalMilliseconds;
        return new TwoClocks(wall, _identity.Started.MonotonicMs + Math.Max(0, passed));
    }

    private ReadEvent? Last(string name) => _events.LastOrDefault(one => one.Name == name);

    private RunEvent Next(long number, DateTimeOffset time, string name, Digest previous, Action<Utf8JsonWriter> fields) =>
        new(number, time, name, _bundle.Run, Observer.Harness, CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }), previous);

    private void WriteEvents(int? cutAt, byte[] line)
    {
        using var file = new FileStream(_bundle.PathOf(EventLog.Name), FileMode.Open, FileAccess.Write, FileShare.Read);
        file.SetLength(cutAt ?? file.Length);
        file.Seek(0, SeekOrigin.End);
        file.Write(line);
    }

    private void WriteTrace(TwoClocks completed)
    {
        var path = _bundle.PathOf(TraceLog.Name);
        var bytes = File.Exists(path) ? RegularFile.Read(path, MostEvents, followLink: false) : [];
        var end = 0;
        for (int length; (length = bytes.AsSpan(end).IndexOf((byte)'\n')) > 0; end += length + 1)
        {
            // The span of the whole run stands last; one that was written too early is written again.
            if (JsonFields.TryParse(bytes.AsMemory(end, length)) is not { } span || span.Text("parent_span_id") is null)
            {
                break;
            }
        }

        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read))
        {
            file.SetLength(end);
        }

        using var trace = new TraceLog(_bundle, goOn: true);
        trace.AddRun(_identity.Started.Wall, completed.Wall, ok: false);
    }
}
