using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Signing;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>Whoever holds the key: changes a bundle's files, computes anew whatever follows from them, and seals the lie.</summary>
internal sealed class Forger
{
    private const string Events = EvidenceReader.EventsFile;
    private static readonly ImmutableArray<string> Reports = ["report.json", "report.md"];

    private readonly SigningKey _key;
    private readonly RunId _run;
    private readonly IReadOnlyDictionary<string, byte[]> _original;
    private JsonObject _predicate;
    private bool _said;

    public Forger(MadeBundle bundle)
    {
        _key = bundle.Key;
        _original = bundle.Files;
        Files = new SortedDictionary<string, byte[]>(bundle.Files.ToDictionary(), StringComparer.Ordinal);
        var opened = Assert.IsType<OpenedSeal.Opened>(Seal.Open(Files[BundleFiles.Seal], [_key.Public]));
        _predicate = JsonNode.Parse(opened.Statement.Predicate.Span)!.AsObject();
        _run = RunPredicate.TryRead(opened.Statement.Predicate)!.Run;
    }

    public SortedDictionary<string, byte[]> Files { get; }

    public string Text(string name) => Encoding.UTF8.GetString(Files[name]);

    public string Digest(string name) => Core.Contracts.Digest.Of(Files[name]).ToString();

    public Forger Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public Forger Write(string name, byte[] bytes)
    {
        Files[name] = bytes;
        return this;
    }

    public Forger Drop(string name) => Files.Remove(name) ? this : throw new InvalidOperationException($"there is no {name}");

    public Forger DropAll(string folder)
    {
        Files.Keys.Where(name => name.StartsWith(folder, StringComparison.Ordinal)).ToList().ForEach(name => Files.Remove(name));
        return this;
    }

    /// <summary>Replaces a text, which must be there, where it stands first.</summary>
    public Forger Edit(string name, string old, string now)
    {
        var (text, at) = (Text(name), Text(name).IndexOf(old, StringComparison.Ordinal));
        Assert.True(at >= 0, $"{name} has no {old}");
        return Write(name, text[..at] + now + text[(at + old.Length)..]);
    }

    /// <summary>Changes the lines of a file, each without its newline.</summary>
    public Forger Lines(string name, Action<List<string>> change)
    {
        var lines = Text(name).Split('\n').SkipLast(1).ToList();
        change(lines);
        return Write(name, string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>Changes a document that is written as all of them are.</summary>
    public Forger Document(string name, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(Files[name])!;
        change(node);
        return Write(name, JsonText.Document(json => node.WriteTo(json)));
    }

    /// <summary>Changes the data of the last event of a name; the chain is made anew.</summary>
    public Forger Event(string name, Action<JsonNode> change, string lane = "") => Chain(events => change(events.Last(one => one["event"]!.GetValue<string>() == name)["data"]!), lane);

    /// <summary>Changes events, and numbers and chains them anew.</summary>
    public Forger Chain(Action<List<JsonNode>> change, string lane = "")
    {
        var lines = Text(lane + Events).Split('\n').SkipLast(1).Select(line => JsonNode.Parse(line)!).ToList();
        change(lines);
        using var file = new MemoryStream();
        var head = Core.Contracts.Digest.Zero;
        foreach (var (number, line) in lines.Index())
        {
            if (line["event"]!.GetValue<string>() == EventNames.RunCompleted && number == lines.Count - 1)
            {
                line["data"]!["count"] = lines.Count;
            }

            var data = CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(line["data"]!.ToJsonString()))!;
            var run = RunId.TryParse(line["run_id"]!.GetValue<string>(), out var named) ? named : _run;
            var made = new RunEvent(
                number + 1, Timestamp.TryRead(line["time"]!.GetValue<string>())!.Value, line["event"]!.GetValue<string>(), run,
                WordReader.Find<Observer>(line["observer"]!.GetValue<string>(), Words.Of)!.Value, data, head);
            file.Write(made.ToLine());
            head = made.Digest;
        }

        return Write(lane + Events, file.ToArray());
    }

    /// <summary>Says in every place that names the digest of a file what it is now; of one that names another, this one last.</summary>
    public Forger Cite(params string[] names)
    {
        foreach (var name in names)
        {
            var (old, now) = (Core.Contracts.Digest.Of(_original[name]).ToString(), Digest(name));
            foreach (var file in Files.Keys.Where(file => !Reports.Contains(Path.GetFileName(file)) && file != BundleFiles.Seal).ToList())
            {
                Write(file, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Files[file]).Replace(old, now, StringComparison.Ordinal)));
            }
        }

        return Rechained();
    }

    /// <summary>Chains the events of all lanes anew.</summary>
    public Forger Rechained()
    {
        Files.Keys.Where(file => Path.GetFileName(file) == Events).ToList().ForEach(file => Chain(_ => { }, file[..^Events.Length]));
        return this;
    }

    /// <summary>Draws up verdict, reports and summary anew, as an honest harness would from what the files say now.</summary>
    public Forger Followed()
    {
        var read = Read();
        if (read is null)
        {
            return this; // whoever checks it cannot read it either
        }

        foreach (var lane in read.Value.Others.Append(read.Value.Subject))
        {
            var prefix = lane.Evidence.Lane.Folder.Length == 0 ? "" : lane.Evidence.Lane.Folder + "/";
            var verdict = Judge.Decide(lane.Evidence);
            Event(EventNames.RunCompleted, data => data["status"] = Words.Of(verdict.Status), prefix);
            ImmutableArray<Artifact> artifacts =
            [
                .. Files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(file => (Name: file.Key[prefix.Length..], file.Value))
                    .Where(file => !Reports.Contains(file.Name) && file.Name != BundleFiles.Seal).Select(file => Artifact.Of(file.Name, Core.Contracts.Digest.Of(file.Value), file.Value.Length)),
            ];
            Write(prefix + "report.json", ReportJson.Of(lane.Evidence, verdict, artifacts));
            Write(prefix + "report.md", ReportPage.Of(lane.Evidence, verdict, artifacts));
        }

        var (subject, _) = read.Value;
        var again = RunPredicate.Of(
            subject.Evidence, Judge.Decide(subject.Evidence), subject.Events.Length, subject.Events[^1].Digest, Timestamp.TryRead(_predicate["sealed_at"]!.GetValue<string>())!.Value);
        _predicate = JsonNode.Parse(again.Write())!.AsObject();
        return this;
    }

    /// <summary>Changes the summary that is sealed.</summary>
    public Forger Say(Action<JsonObject> change)
    {
        Head();
        change(_predicate);
        _said = true;
        return this;
    }

    /// <summary>Seals it as it is now.</summary>
    public Forger Sealed(SigningKey? key = null, string? predicateType = null)
    {
        if (!_said)
        {
            Head();
        }

        var subjects = Files.Where(file => file.Key != BundleFiles.Seal).Select(file => new Subject(file.Key, Core.Contracts.Digest.Of(file.Value))).OrderBy(subject => subject.Name, StringComparer.Ordinal);
        var predicate = CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(_predicate.ToJsonString()))!;
        return Write(BundleFiles.Seal, (key ?? _key).Seal(new Statement([.. subjects], predicateType ?? RunPredicate.Type, predicate).Write()));
    }

    /// <summary>What a reader of the bundle would have before him.</summary>
    public BundleContent Content()
    {
        using var collector = new BundleCollector(CancellationToken.None);
        foreach (var (name, bytes) in Files)
        {
            var at = 0;
            Assert.True(collector.Take(name, bytes.Length, into =>
            {
                var count = Math.Min(into.Length, bytes.Length - at);
                bytes.AsSpan(at, count).CopyTo(into);
                at += count;
                return count;
            }));
        }

        return collector.Content();
    }

    /// <summary>Writes it down.</summary>
    public string Save(string folder)
    {
        foreach (var (name, bytes) in Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }

        return folder;
    }

    public BundleReview Review() => BundleVerifier.Review(Content(), new ReviewRequest([_key.Public], TimeProvider.System.GetUtcNow()));

    // How many events there are, and the last one's digest.
    private void Head()
    {
        var lines = Files.TryGetValue(Events, out var bytes) ? Encoding.UTF8.GetString(bytes).Split('\n').SkipLast(1).ToList() : [];
        if (lines.Count > 0 && JsonFields.TryParse(Encoding.UTF8.GetBytes(lines[^1]))?.Text("digest") is { } head)
        {
            _predicate["event_count"] = lines.Count;
            _predicate["chain_head"] = head;
        }
    }

    private (LaneEvidence Subject, ImmutableArray<LaneEvidence> Others)? Read()
    {
        var content = Content();
        var others = new List<LaneEvidence>();
        var (subject, _) = EvidenceReader.Read(
            content, Lane.Subject, _run, null,
            read => read.Collected.Lanes is { } lanes
                ? new OtherLanes(
                    lanes.HasBaseline ? Outcome(Lane.Baseline, read) : null,
                    [.. lanes.Controls.Select(one => (one, Outcome: Outcome(new Lane(LaneKind.Control, one.Name), read))).Where(one => one.Outcome is not null).Select(one => new ControlOutcome(one.Outcome!, one.one.Cheat, one.one.Wanted))],
                    lanes.ControlsLeftOut)
                : null,
            isClosed: true);
        return subject is null ? null : (subject, [.. others]);

        LaneOutcome? Outcome(Lane lane, LaneEvidence shared)
        {
            var (read, _) = EvidenceReader.Read(content, lane, _run, shared.Shared, null, isClosed: true);
            if (read is null)
            {
                return null;
            }

            others.Add(read);
            return LaneOutcome.Of(read.Evidence, Judge.Decide(read.Evidence));
        }
    }
}
