using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Documents.Bundles;

/// <summary>Decides whether a bundle is what was sealed, and whether what was sealed bears out its verdict. Pure: it sees bytes, keys and a clock, and no machine.</summary>
public sealed class BundleVerifier
{
    private const int NamesInMessage = 10;

    private readonly BundleContent _content;
    private readonly ReviewRequest _request;
    private PublicKey? _key;
    private Statement? _statement;
    private RunPredicate? _predicate;
    private LaneEvidence? _subject;
    private ImmutableArray<LaneEvidence> _others = [];
    private Verdict? _verdict;

    private BundleVerifier(BundleContent content, ReviewRequest request)
    {
        _content = content;
        _request = request;
    }

    /// <summary>Reviews a bundle; the first check that does not hold refuses it.</summary>
    /// <param name="content">What lies in it.</param>
    /// <param name="request">What the reader trusts and asks.</param>
    /// <returns>Every check, and why the bundle is refused where it is.</returns>
    public static BundleReview Review(BundleContent content, ReviewRequest request)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(request);
        var verifier = new BundleVerifier(content, request);
        var refusal = verifier.Check();
        return new BundleReview(Checks(request, refusal), refusal, verifier._key, verifier._predicate, verifier._subject, verifier._verdict);
    }

    /// <summary>Says whether what is told twice in the subject's lane, or follows from the frozen fixture, contradicts itself: what a run can find out about itself before it is closed.</summary>
    /// <param name="content">What lies in the bundle.</param>
    /// <param name="subject">The evidence of the subject's lane.</param>
    /// <returns>The contradiction, or null.</returns>
    public static CheckRefusal? Contradiction(BundleContent content, LaneEvidence subject)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(subject);
        return Agreement.Check(content, subject, []) ?? FixtureReview.Check(content, subject, []);
    }

    private static ImmutableArray<BundleCheck> Checks(ReviewRequest request, CheckRefusal? refusal)
    {
        var asked = CheckNames.Always.ToList();
        if (request.Nonce is not null)
        {
            asked.Add((CheckNames.Nonce, "the run was made with the nonce that you gave away"));
        }

        if (request.MaxAge is not null)
        {
            asked.Add((CheckNames.Age, "the run is no older than you allow"));
        }

        var at = refusal is null ? asked.Count : asked.FindIndex(check => check.Name == refusal.Check);
        return [.. asked.Select((check, number) => new BundleCheck(
            check.Name, check.Question, number < at ? CheckState.Holds : number == at ? CheckState.Refused : CheckState.NotMade))];
    }

    private CheckRefusal? Check() =>
        Files() ?? Open() ?? Subjects() ?? Read()
        ?? Agreement.Check(_content, _subject!, _others) ?? FixtureReview.Check(_content, _subject!, _others)
        ?? Judged() ?? Reports() ?? Fresh() ?? Answered() ?? Young();

    private CheckRefusal? Files() => _content.Odd.IsEmpty ? null
        : new CheckRefusal("files", "only regular files with plain names", Names(_content.Odd));

    private CheckRefusal? Open()
    {
        if (_content.Find(BundleFiles.Seal) is not { Content: { } bytes })
        {
            return new CheckRefusal("seal-form", $"the file {BundleFiles.Seal}", "no such file, or one that is too large");
        }

        switch (Seal.Open(bytes, _request.Trusted))
        {
            case OpenedSeal.Refused refused:
                return new CheckRefusal(refused.Check, refused.Expected, refused.Found);
            case OpenedSeal.Opened opened:
                (_statement, _key) = (opened.Statement, opened.Key);
                break;
        }

        if (_statement!.PredicateType != RunPredicate.Type)
        {
            return new CheckRefusal("seal-statement", $"a statement of the type {RunPredicate.Type}", PlainText.Quote(_statement.PredicateType));
        }

        _predicate = RunPredicate.TryRead(_statement.Predicate);
        return _predicate is null ? new CheckRefusal("seal-statement", "a predicate with exactly the fields of this version", "another")
            : _predicate.Judge == Judge.Version ? null
            : new CheckRefusal("seal-statement", $"a judge that this program has (version {Judge.Version})", $"{PlainText.Quote(_predicate.Judge)}; take the program of that version");
    }

    private CheckRefusal? Subjects()
    {
        var sealedFiles = _statement!.Subjects.ToDictionary(subject => subject.Name, subject => subject.Sha256, StringComparer.Ordinal);
        var here = _content.Files.Where(file => file.Path != BundleFiles.Seal).ToList();
        var names = here.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var wrong = here.Where(file => !sealedFiles.ContainsKey(file.Path)).Select(file => $"added: {PlainText.Quote(file.Path)}")
            .Concat(sealedFiles.Keys.Where(name => !names.Contains(name)).Select(name => $"missing: {PlainText.Quote(name)}"))
            .Concat(here.Where(file => sealedFiles.TryGetValue(file.Path, out var digest) && digest != file.Sha256).Select(file => $"changed: {PlainText.Quote(file.Path)} is {file.Sha256}"))
            .ToImmutableArray();
        return wrong.IsEmpty ? null : new CheckRefusal(
            "subjects", string.Create(CultureInfo.InvariantCulture, $"exactly the {_statement.Subjects.Length} files that were sealed"), Names(wrong));
    }

    private CheckRefusal? Read()
    {
        var others = new List<LaneEvidence>();
        CheckRefusal? refusedLane = null;
        var (subject, refusal) = EvidenceReader.Read(_content, Lane.Subject, _predicate!.Run, null, read => Others(read, others, ref refusedLane), isClosed: true);
        (_subject, _others) = (subject, [.. others]);
        return refusal ?? refusedLane;
    }

    private OtherLanes? Others(LaneEvidence subject, List<LaneEvidence> others, ref CheckRefusal? refusal)
    {
        if (subject.Collected.Lanes is not { } lanes)
        {
            return null;
        }

        var baseline = lanes.HasBaseline ? Outcome(Lane.Baseline, subject, others, ref refusal) : null;
        var controls = new List<ControlOutcome>();
        foreach (var control in lanes.Controls)
        {
            if (Outcome(new Lane(LaneKind.Control, control.Name), subject, others, ref refusal) is { } outcome)
            {
                controls.Add(new ControlOutcome(outcome, control.Cheat, control.Wanted));
            }
        }

        return new OtherLanes(baseline, [.. controls], lanes.ControlsLeftOut);
    }

    private LaneOutcome? Outcome(Lane lane, LaneEvidence subject, List<LaneEvidence> others, ref CheckRefusal? refusal)
    {
        var (read, refused) = EvidenceReader.Read(_content, lane, _predicate!.Run, subject.Shared, null, isClosed: true);
        refusal ??= refused;
        if (read is null)
        {
            return null;
        }

        others.Add(read);
        return LaneOutcome.Of(read.Evidence, Judge.Decide(read.Evidence));
    }

    private CheckRefusal? Judged()
    {
        _verdict = Judge.Decide(_subject!.Evidence);
        var said = _subject.Events[^1].Data.GetProperty("status").GetString();
        var again = RunPredicate.Of(_subject.Evidence, _verdict, _subject.Events.Length, _subject.Events[^1].Digest, _predicate!.Sealed);
        return said != Words.Of(_verdict.Status)
            ? new CheckRefusal("verdict", $"{Words.Of(_verdict.Status)}, which is what the judge makes of the evidence", $"{PlainText.Quote(said ?? "")} in the last event")
            : again.Write().AsSpan().SequenceEqual(_predicate.Write()) ? Wrong(_others)
            : new CheckRefusal(
                "verdict", $"a sealed summary that says what the evidence says: {Words.Of(_verdict.Status)}, fault {Words.Of(_verdict.Fault)}",
                $"{Words.Of(_predicate.Status)}, fault {Words.Of(_predicate.Fault)}, or other digests, times or counts");
    }

    private static CheckRefusal? Wrong(ImmutableArray<LaneEvidence> lanes)
    {
        var wrong = lanes.FirstOrDefault(lane => lane.Events[^1].Data.GetProperty("status").GetString() != Words.Of(Judge.Decide(lane.Evidence).Status));
        return wrong is null ? null : new CheckRefusal(
            "verdict", $"{wrong.Evidence.Lane.Folder}: the verdict that the judge comes to", "another in its last event");
    }

    private CheckRefusal? Reports() =>
        _others.Select(lane => Report(lane.Evidence, Judge.Decide(lane.Evidence))).FirstOrDefault(refusal => refusal is not null)
        ?? Report(_subject!.Evidence, _verdict!);

    private CheckRefusal? Report(RunEvidence evidence, Verdict verdict)
    {
        var prefix = evidence.Lane.Folder.Length == 0 ? "" : evidence.Lane.Folder + "/";
        var artifacts = Artifacts(prefix);
        (string Name, Func<byte[]> Make)[] pages = [("report.json", () => ReportJson.Of(evidence, verdict, artifacts)), ("report.md", () => ReportPage.Of(evidence, verdict, artifacts))];
        foreach (var (name, make) in pages)
        {
            if (_content.Find(prefix + name) is not { Content: { } bytes })
            {
                return new CheckRefusal("report", $"the file {prefix}{name}", "no such file, or one that is too large");
            }

            var again = make();
            if (!again.AsSpan().SequenceEqual(bytes.Span))
            {
                return new CheckRefusal("report", $"{prefix}{name} as it follows from the evidence: {Line(again, bytes.Span)}", Line(bytes.Span, again));
            }
        }

        return null;
    }

    private ImmutableArray<Artifact> Artifacts(string prefix) =>
    [
        .. _content.Files.Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(file => (Name: file.Path[prefix.Length..], File: file))
            .Where(one => one.Name is not ("report.json" or "report.md" or BundleFiles.Seal))
            .Select(one => Artifact.Of(one.Name, one.File.Sha256, one.File.Bytes)),
    ];

    // The first line at which the two part.
    private static string Line(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other)
    {
        var same = text.CommonPrefixLength(other);
        var start = text[..same].LastIndexOf((byte)'\n') + 1;
        var rest = text[start..];
        var end = rest.IndexOf((byte)'\n');
        return PlainText.Quote(System.Text.Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]));
    }

    private CheckRefusal? Fresh()
    {
        var predicate = _predicate!;

        // Whether the run's own clocks agree the judge says: a clock that was set back is evidence of no pass, but evidence.
        return predicate.Sealed < predicate.Completed
            ? new CheckRefusal("freshness", $"sealed when it was completed ({Timestamp.Text(predicate.Completed)}), or later", Timestamp.Text(predicate.Sealed))
            : predicate.Sealed > _request.Now + Skew
                ? new CheckRefusal("freshness", $"sealed before now ({Timestamp.Text(_request.Now)})", Timestamp.Text(predicate.Sealed))
                : predicate.Run.StartsAt(predicate.Started, predicate.Task) ? null
                : new CheckRefusal("freshness", $"a run id made of the start {Timestamp.Text(predicate.Started)} and the task {predicate.Task}", predicate.Run.ToString());
    }

    private CheckRefusal? Answered() =>
        _request.Nonce is not { } nonce ? null
        : _predicate!.Nonce != nonce || _predicate.NonceFrom != "verifier"
            ? new CheckRefusal(CheckNames.Nonce, $"the nonce {nonce}, from the verifier", $"{_predicate.Nonce}, from the {_predicate.NonceFrom}")
            : _request.NonceMade is { } made && _predicate.Started < made - Skew
                ? new CheckRefusal(CheckNames.Nonce, $"a run that started after the nonce was made ({Timestamp.Text(made)})", Timestamp.Text(_predicate.Started))
                : null;

    private CheckRefusal? Young() =>
        _request.MaxAge is { } most && _request.Now - _predicate!.Completed > most
            ? new CheckRefusal(
                CheckNames.Age, string.Create(CultureInfo.InvariantCulture, $"completed within {Told(most)} before {Timestamp.Text(_request.Now)}"), Timestamp.Text(_predicate.Completed))
            : null;

    private static string Told(TimeSpan age) => age.Ticks % TimeSpan.TicksPerDay == 0 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays} day(s)")
        : age.Ticks % TimeSpan.TicksPerHour == 0 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours} hour(s)")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0.###} minute(s)");

    // Two machines hardly ever have the same time.
    private static TimeSpan Skew { get; } = TimeSpan.FromMinutes(5);

    private static string Names(ImmutableArray<string> all) =>
        string.Join("; ", all.Take(NamesInMessage)) + (all.Length > NamesInMessage ? string.Create(CultureInfo.InvariantCulture, $"; and {all.Length - NamesInMessage} more") : "");
}
