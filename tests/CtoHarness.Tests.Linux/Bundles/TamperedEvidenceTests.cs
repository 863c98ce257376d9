using System.Text.Json.Nodes;
using CtoHarness.Core.Events;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>Evidence that the holder of the key changed, with everything that follows from it drawn up anew: the rest of the evidence contradicts it.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class TamperedEvidenceTests(Made made)
{
    private const string Events = "events.normalized.jsonl";
    private const string Answers = "verification.jsonl";
    private const string Zero = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly Func<Made, MadeBundle> Failing = one => one.Failing;
    private static readonly Func<Made, MadeBundle> Tried = one => one.Tried;

    private static readonly Dictionary<string, Lie> Lies = new()
    {
        // The chain.
        ["the first event is gone"] = new("events", forger => forger.Lines(Events, lines => lines.RemoveAt(0))),
        ["an event in the middle is gone"] = new("events", forger => forger.Lines(Events, lines => lines.RemoveAt(7))),
        ["the last event is gone"] = new("events", forger => forger.Lines(Events, lines => lines.RemoveAt(lines.Count - 1))),
        ["two events changed places"] = new("events", forger => forger.Lines(Events, lines => lines.Reverse(5, 2))),
        ["an event stands twice"] = new("events", forger => forger.Lines(Events, lines => lines.Insert(5, lines[5]))),
        ["a line that is half"] = new("events", forger => forger.Write(Events, forger.Text(Events)[..^20])),
        ["an event says more than its digest covers"] = new("events", forger => forger.Edit(Events, "\"total\":0", "\"total\":1")),
        ["no events at all"] = new("events", forger => forger.Write(Events, "")),
        ["rechained: without run.started"] = new("events", forger => forger.Chain(events => events.RemoveAt(0))),
        ["rechained: without run.completed"] = new("events", forger => forger.Chain(events => events.RemoveAt(events.Count - 1))),
        ["rechained: without evidence.collected"] = new("events", forger => forger.Chain(events => events.RemoveAt(events.Count - 2))),
        ["rechained: run.started twice"] = new("events", forger => forger.Chain(events => events.Insert(1, events[0].DeepClone()))),
        ["rechained: run.completed twice"] = new("events", forger => forger.Chain(events => events.Insert(3, events[^1].DeepClone()))),
        ["rechained: an event of another run"] = new("events", forger => forger.Chain(events => events[4]["run_id"] = "20260601T025817Z-r1-string-slugify-2907822")),
        ["rechained: an event stands twice"] = new("agreement", forger => forger.Chain(events => events.Insert(8, events[8].DeepClone()))),
        ["rechained: questions drawn before the backend was started"] = new("agreement", forger => Move(forger, EventNames.CasesDrawn, EventNames.SandboxStarted)),
        ["rechained: questions drawn before the backend had ended"] = new("agreement", forger => Move(forger, EventNames.CasesDrawn, EventNames.BackendEnded)),
        ["rechained: verified before the patch was applied"] = new("agreement", forger => Move(forger, EventNames.VerificationCompleted, EventNames.PatchApplied)),
        ["rechained: roots digested a second time before the backend ran"] = new("agreement", forger => forger.Chain(events =>
        {
            var after = events.Last(one => Name(one) == EventNames.RootsDigested);
            events.Remove(after);
            events.Insert(6, after);
        })),
        ["rechained: the backend's end is not told"] = new("agreement", Without(EventNames.BackendEnded)),
        ["rechained: the start of its sandbox is not told"] = new("agreement", Without(EventNames.SandboxStarted)),
        ["rechained: the search for leftovers is not told"] = new("agreement", Without(EventNames.PersistenceScanned)),
        ["rechained: the drawing of questions is not told"] = new("agreement", Without(EventNames.CasesDrawn)),
        ["rechained: the comparison of trees is not told"] = new("agreement", Without(EventNames.DiffChecked)),
        ["rechained: the checks before the start are not told"] = new("agreement", Without(EventNames.PreflightChecked)),
        ["rechained: the digests of the roots are not told"] = new("agreement", forger => forger.Chain(events => events.RemoveAll(one => Name(one) == EventNames.RootsDigested))),
        ["rechained: a claim of the backend that poses as the kernel's"] = new("observers", forger => forger.Chain(events => events[8]["observer"] = "kernel")),
        ["rechained: an event that the backend saw"] = new("observers", forger => forger.Chain(events => events[8]["observer"] = "backend")),
        ["rechained: an event of an unknown name"] = new("observers", forger => forger.Chain(events => events[8]["event"] = "backend.praised")),
        ["rechained: another status at the end"] = new("verdict", forger => forger.Event(EventNames.RunCompleted, data => data["status"] = "pass"), Failing, Follows: false),
        ["rechained: another status at the end of a control"] = new("verdict", forger => forger.Event(EventNames.RunCompleted, data => data["status"] = "pass", "controls/noop/"), Follows: false),
        ["rechained: more at the end than count and status"] = new("events", forger => forger.Event(EventNames.RunCompleted, data => data["admitted"] = true)),

        // What events say.
        ["an event names another sandbox's roots"] = new("agreement", Data(EventNames.PlanUpdated, data => data["runtime_workspace_root"] = "/")),
        ["an event says that another file was changed"] = new("agreement", Data(EventNames.DiffChecked, data => data["changed_files"] = new JsonArray("README.md"))),
        ["an event says that another patch was applied"] = new("agreement", Data(EventNames.PatchApplied, data => data["files"] = new JsonArray())),
        ["an event says that fewer answers were expected"] = new("agreement", Data(EventNames.VerificationCompleted, data => data["cases_expected"] = 1)),
        ["an event says that more was tried"] = new("agreement", Data(EventNames.BackendEnded, data => data["calls"]!["notified"] = 1_000_000)),
        ["an event has an unknown field"] = new("agreement", Data(EventNames.BackendEnded, data => data["praise"] = true)),
        ["the self-test has an unknown field"] = new("records", Data(EventNames.PreflightChecked, data => data["self_test"]!["ptrace"]!["waived"] = true)),
        ["a check before the start has an answer that is none"] = new("records", Data(EventNames.PreflightChecked, data => data["sandbox"] = "yes")),
        ["run.started has an unknown field"] = new("records", Data(EventNames.RunStarted, data => data["admitted"] = true)),
        ["run.started names another engine"] = new("agreement", Data(EventNames.RunStarted, data => data["engine"]!["kind"] = "case")),
        ["run.started names another nonce"] = new("agreement", Data(EventNames.RunStarted, data => data["nonce"] = new string('1', 64))),
        ["run.started names another policy"] = new("agreement", Data(EventNames.RunStarted, data => data["policy"] = Zero)),
        ["run.started began at another time"] = new("freshness", forger => forger.Event(EventNames.RunStarted, data => data["started_at"] = "2026-01-01T00:00:00.000Z").Event(
            EventNames.EvidenceCollected, data => data["written"]!["first"] = "2026-01-01T00:00:00.000Z")),
        ["the run had a clean checkout before, on another machine"] = new("agreement", Data(EventNames.RunStarted, data => data["boot_id"] = "00000000-0000-0000-0000-000000000000")),

        ["values were replaced, and an unknown field"] = new("agreement", forger => forger.Chain(events =>
        {
            var more = events[^2].DeepClone();
            more["event"] = EventNames.ValuesReplaced;
            more["data"] = JsonNode.Parse("{\"files\":[{\"path\":\"test.log\",\"names\":[\"A_TOKEN\"]}],\"more\":1}");
            events.Insert(events.Count - 2, more);
        })),
        ["another address of a root was digested"] = new("agreement", Data(EventNames.RootsDigested, data => data["roots"]![0]!["path"] = "/srv")),
        ["the second digests of the roots are not there"] = new("agreement", Data(EventNames.RootsDigested, data => data["roots"] = new JsonArray())),

        // What was collected.
        ["survivors, of which there were none, are not known"] = new("agreement", Collected(data => data["backend"]!["survivors"] = null)),
        ["another exit code"] = new("agreement", Collected(data => data["backend"]!["exit_code"] = 7)),
        ["another end"] = new("agreement", Collected(data => data["backend"]!["end"] = "timed-out")),
        ["the backend never ran"] = new("agreement", Collected(data => data["backend"] = null)),
        ["nobody watched its calls"] = new("agreement", Collected(data => data["calls"] = null), Tried),
        ["fewer tries are counted"] = new("records", Collected(data => data["calls"]!["recorded"] = 0), Tried),
        ["no try of a class is counted"] = new("records", Collected(data => data["calls"]!["tries"]!.AsObject().Remove("protected")), Tried),
        ["tries are counted as reads"] = new("records", Collected(data => data["calls"]!["writes"]!["protected"] = 0), Tried),
        ["fewer calls were notified"] = new("agreement", Collected(data => data["calls"]!["notified"] = 1), Tried),
        ["some tries are said to be in no list"] = new("agreement", Collected(data =>
        {
            data["calls"]!["dropped"] = 1;
            data["calls"]!["recorded"] = data["calls"]!["recorded"]!.GetValue<long>() + 1;
            data["calls"]!["tries"]!["outside"] = data["calls"]!["tries"]!["outside"]!.GetValue<long>() + 1;
        }), Tried),
        ["a limit was passed"] = new("agreement", Collected(data => data["limit_passed"] = "files")),
        ["nothing was left behind"] = new("agreement", Collected(data => data["persistence"] = JsonNode.Parse("{\"found\":[],\"refusal\":\"\",\"total\":0}")), Tried),
        ["what was left behind is no breach"] = new("agreement", Collected(data => data["persistence"]!["found"]!.AsArray().First(one => one!["breach"]!.GetValue<bool>())!["breach"] = false), Tried),
        ["nobody looked at the roots"] = new("agreement", Collected(data => data["roots"] = null), Tried),
        ["a root is what it was, but the events tell other digests"] = new("agreement", Collected(data => (Declared(data)["before"], Declared(data)["after"]) = (Zero, Zero))),
        ["a root was changed, but both digests are the same"] = new("agreement", Collected(data => Declared(data)["state"] = "changed")),
        ["another test"] = new("agreement", Collected(data => data["test"]!["exit_code"] = 0), Failing),
        ["the test was not run"] = new("agreement", Collected(data => data["test"] = null)),
        ["the answers were not compared"] = new("agreement", Collected(data => data["verification_ms"] = null)),
        ["the workspace has another digest"] = new("records", Collected(data => data["workspace"]!["tree"] = Zero)),
        ["the patch has another digest"] = new("agreement", Collected(data => data["workspace"]!["patch"] = Zero)),
        ["the backend has another digest"] = new("agreement", Collected(data => data["backend_digest"] = Zero)),
        ["another machine at the end"] = new("agreement", forger => forger.Event(EventNames.EvidenceCollected, data => data["boot_id"] = "00000000-0000-0000-0000-000000000000", "controls/noop/").Event(
            EventNames.RunStarted, data => data["boot_id"] = "00000000-0000-0000-0000-000000000000", "controls/noop/")),
        ["an unknown field was collected"] = new("records", Collected(data => data["admitted"] = true)),
        ["a field was not collected"] = new("records", Collected(data => data.AsObject().Remove("repaired"))),

        // Times and sizes.
        ["an event happened before the run began"] = new("agreement", forger => forger.Chain(events => events[8]["time"] = "2026-01-01T00:00:00.000Z")),
        ["an event happened after the run was over"] = new("agreement", forger => forger.Chain(events => events[8]["time"] = "2126-01-01T00:00:00.000Z")),
        ["an event of a control happened before the run began"] = new("agreement", forger => forger.Chain(events => events[1]["time"] = "2026-01-01T00:00:00.000Z", "controls/noop/")),
        ["a try was made before the run began"] = new("agreement", forger => forger.Lines("observations.jsonl", lines => Each(lines, line => "{\"time\":\"2016" + line[13..])), Tried),
        ["the backend took longer than the run"] = new("agreement", Both(EventNames.BackendEnded, "backend", "duration_ms", 90_000_000)),
        ["the test took longer than the run"] = new("agreement", Both(EventNames.VerificationCompleted, "test", "duration_ms", 90_000_000)),
        ["what the backend said is cut off"] = new("agreement", forger => forger.Write("backend/stdout.log", "")),
        ["what the backend said of what went wrong is longer"] = new("agreement", forger => forger.Write("backend/stderr.log", "x")),
        ["the test said something else"] = new("agreement", forger => forger.Write("test.log", "all is well")),
        ["the test of a control said something else"] = new("agreement", forger => forger.Write("controls/cheat/test.log", "all is well")),

        // Other lanes.
        ["no lanes were made"] = new("agreement", Collected(data => data["lanes"] = null)),
        ["no controls were made, but their files are there"] = new("agreement", Collected(data => data["lanes"]!["controls"] = new JsonArray())),
        ["controls were left out, but their files are there"] = new("agreement", Collected(data => data["lanes"] = JsonNode.Parse("{\"baseline\":false,\"controls\":[],\"controls_left_out\":true}"))),
        ["the control that cheats was never made"] = new("fixture", forger => forger.DropAll("controls/cheat/").Event(EventNames.EvidenceCollected, data => data["lanes"]!["controls"]!.AsArray().RemoveAt(1))),
        ["the baseline is not named"] = new("agreement", Collected(data => data["lanes"]!["baseline"] = false), Tried),
        ["the files of a control are gone"] = new("records", forger => forger.DropAll("controls/noop/")),
        ["a lane that nobody names"] = new("agreement", forger => forger.Write("controls/other/report.json", "{}")),
        ["a control may give another blocker"] = new("fixture", Collected(data => data["lanes"]!["controls"]![1]!["wanted"] = "no-diff")),
        ["a control made another cheat"] = new("agreement", Collected(data => data["lanes"]!["controls"]![1]!["cheat"] = "printed-ok")),
        ["a control made another cheat, and says so"] = new("fixture", forger => forger.Event(EventNames.EvidenceCollected, data => data["lanes"]!["controls"]![1]!["cheat"] = "printed-ok")
            .Event(EventNames.RunStarted, data => data["cheat"] = "printed-ok", "controls/cheat/")),
        ["a control was made under another nonce"] = new("agreement", forger => forger.Event(EventNames.RunStarted, data => data["nonce"] = new string('1', 64), "controls/noop/")),
        ["a control was made before the run"] = new("agreement", forger => forger.Event(EventNames.RunStarted, data => data["monotonic_ms"] = 1, "controls/noop/")),
        ["two lanes changed places"] = new("agreement", forger =>
        {
            foreach (var name in forger.Files.Keys.Where(name => name.StartsWith("controls/noop/", StringComparison.Ordinal)).ToList())
            {
                forger.Write(name.Replace("noop", "cheat", StringComparison.Ordinal), forger.Files[name]);
            }
        }),

        // Files beside the events.
        ["a try is gone"] = new("records", forger => forger.Lines("observations.jsonl", lines => lines.RemoveAt(0)), Tried),
        ["a try aimed at something else"] = new("records", forger => forger.Edit("observations.jsonl", "\"class\":\"protected\"", "\"class\":\"outside\""), Tried),
        ["a try was only to read"] = new("records", forger => forger.Edit("observations.jsonl", "\"writes\":true", "\"writes\":false"), Tried),
        ["a try and its count are gone"] = new("agreement", forger =>
        {
            forger.Lines("observations.jsonl", lines => lines.RemoveAll(line => line.Contains("\"class\":\"protected\"", StringComparison.Ordinal)));
            forger.Event(EventNames.EvidenceCollected, data =>
            {
                data["calls"]!["recorded"] = data["calls"]!["recorded"]!.GetValue<long>() - data["calls"]!["tries"]!["protected"]!.GetValue<long>();
                data["calls"]!["tries"]!.AsObject().Remove("protected");
                data["calls"]!["writes"]!.AsObject().Remove("protected");
            });
        }, Tried),
        ["an answer that was wrong is right"] = new("records", forger => forger.Edit(Answers, "\"passed\":false", "\"passed\":true"), Failing),
        ["an answer was given as it was expected"] = new("agreement", forger => forger.Lines(Answers, lines => lines[^1] = Right(lines[^1])), Failing),
        ["all answers were given as they were expected"] = new("agreement", forger => forger.Lines(Answers, lines => Each(lines, Right)), Failing),
        ["an answer of the fixture was expected otherwise"] = new("fixture", forger => Count(forger.Lines(Answers, lines => lines[1] = Expected(lines[1]))), Failing),
        ["all answers of the solution were expected otherwise"] = new("fixture", forger => Count(forger.Lines(
            Answers, lines => Each(lines, line => line.Contains("\"source\":\"drawn\"", StringComparison.Ordinal) ? Expected(line) : line))), Failing),
        ["a question was not put"] = new("fixture", forger => Count(forger.Lines(Answers, lines => lines.RemoveAt(lines.Count - 1)))),
        ["another question was put"] = new("fixture", forger => Count(forger.Lines(Answers, lines => lines[^1] = lines[^1].Replace("\"arguments\":[\"", "\"arguments\":[\"x", StringComparison.Ordinal)))),
        ["the questions were drawn from another seed"] = new("agreement", forger => forger.Lines(Answers, lines => lines[0] = Seeded(lines[0]))),
        ["the questions were drawn from another seed, and the events say so"] = new("agreement", forger => forger.Lines(Answers, lines => lines[0] = Seeded(lines[0])).Event(EventNames.CasesDrawn, data => data["seed"] = new string('7', 64))),
        ["fewer questions were to be put"] = new("agreement", forger => forger.Edit(Answers, "\"expected\":78", "\"expected\":77")),
        ["the workspace was another one afterwards"] = new("records", forger => forger.Edit("snapshots/after.tree", "strings.py", "strings.pz")),
        ["the workspace was another one afterwards, and the digest says so"] = new("agreement", forger => forger.Edit("snapshots/after.tree", "File 864560", "File 864561")
            .Event(EventNames.EvidenceCollected, data => data["workspace"]!["tree"] = forger.Digest("snapshots/after.tree"))),
        ["the workspace was another one before"] = new("agreement", forger => forger.Edit("snapshots/before.tree", "File 864560", "File 864561")),
        ["the fixture was another one"] = new("agreement", forger => forger.Edit("snapshots/fixture.tree", "File 5", "File 6")),
        ["another patch"] = new("agreement", forger => forger.Edit("patch.diff", "+", "-")),
        ["the contract allows more"] = new("agreement", forger => forger.Document("contract.json", contract => contract["allowed_files"]!.AsArray().Add("test_strings.py"))),
        ["the contract allows more, and its digest says so"] = new("fixture", forger => forger.Document("contract.json", contract => contract["allowed_files"]!.AsArray().Add("zzz.py")).Cite("contract.json")),
        ["the contract has another test command, and its digest says so"] = new("fixture", forger => forger.Document("contract.json", contract => contract["test_command"] = new JsonArray("true"))
            .Event(EventNames.VerificationCompleted, data => data["command"] = new JsonArray("true")).Event(EventNames.VerificationCompleted, data => data["command"] = new JsonArray("true"), "controls/cheat/").Cite("contract.json")),
        ["the contract has another nonce, and its digest says so"] = new("agreement", forger => forger.Document("contract.json", contract => contract["nonce"] = new string('1', 64)).Cite("contract.json")),
        ["the contract has other limits, and its digest says so"] = new("fixture", forger => forger.Document("contract.json", contract => contract["limits"]!["wall_seconds"] = 1).Cite("contract.json")),
        ["the contract asks another function, and its digest says so"] = new("fixture", forger => forger.Document("contract.json", contract => contract["verification"]!["target"]![2] = "capitalize").Cite("contract.json")),
        ["the contract is for another engine, and its digest says so"] = new("agreement", forger => forger.Document("contract.json", contract => contract["engine"] = "case").Cite("contract.json")),
        ["the contract asks for fewer events"] = new("records", forger => forger.Document("contract.json", contract => contract["required_events"] = new JsonArray()).Cite("contract.json")),
        ["the policy has other limits"] = new("agreement", forger => forger.Edit("policy.json", "\"limits.wall_seconds\": 900", "\"limits.wall_seconds\": 9000")),
        ["the policy has other limits, and its digest says so"] = new("fixture", forger => forger.Edit("policy.json", "\"limits.wall_seconds\": 900", "\"limits.wall_seconds\": 9000").Cite("policy.json", "contract.json")),
        ["the policy lacks a limit, and its digest says so"] = new("fixture", forger => forger.Document("policy.json", policy => policy["settings"]!.AsObject().Remove("limits.processes")).Cite("policy.json", "contract.json")),
        ["a case of the fixture has another answer"] = new("fixture", forger => forger.Edit("fixture/verify/cases.yaml", "the-quick-brown-fox", "the-quick-brown-cat")),
        ["a file of the fixture's workspace is another"] = new("fixture", forger => forger.Edit("fixture/workspace/test_strings.py", "import", "Import")),
        ["the fixture has a file more"] = new("fixture", forger => forger.Write("fixture/workspace/more.py", "")),
        ["the fixture lacks its solution"] = new("fixture", forger => forger.Drop("fixture/solution/strings.py")),
        ["another driver"] = new("fixture", forger => forger.Edit("driver/driver.py", "import", "Import")),
        ["a second driver"] = new("fixture", forger => forger.Write("driver/other.py", "")),
        ["a stand-in that is none"] = new("agreement", forger => forger.Document("engine.json", engine => engine["stand_in"] = false)),
        ["another manifest"] = new("agreement", forger => forger.Document("engine.json", engine => engine["manifest"] = engine["manifest"]!.GetValue<string>() + "\n")),
        ["a manifest that is gone"] = new("agreement", forger => forger.Document("engine.json", engine => engine.AsObject().Remove("manifest"))),
        ["an interpreter that nobody has"] = new("agreement", forger => forger.Document("engine.json", engine => engine["interpreter"] = null)),
        ["another version of the engine"] = new("agreement", forger => forger.Document("engine.json", engine => engine["version"] = "2")),
        ["a record that is gone: engine.json"] = new("agreement", forger => forger.Drop("engine.json")),
        ["a record that is gone: contract.json"] = new("records", forger => forger.Drop("contract.json")),
        ["a record that is gone: policy.json"] = new("agreement", forger => forger.Drop("policy.json")),
        ["a record that is gone: observations.jsonl"] = new("records", forger => forger.Drop("observations.jsonl")),
        ["a record that is gone: verification.jsonl"] = new("records", forger => forger.Drop(Answers)),
        ["a record that is gone: the tree afterwards"] = new("records", forger => forger.Drop("snapshots/after.tree")),
        ["a record that is gone: the tree before"] = new("records", forger => forger.Drop("snapshots/before.tree")),
        ["a record that is gone: the events"] = new("records", forger => forger.Drop(Events)),
    };

    internal static IEnumerable<string> Checks => Lies.Values.Select(lie => lie.Check);

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Fact]
    public void A_clock_that_was_set_back_while_the_run_went_on_makes_no_pass_but_a_bundle_that_is_accepted()
    {
        var review = new Forger(made.Passing)
            .Event(EventNames.EvidenceCollected, data => data["completed_at"] = "2026-01-01T00:00:00.000Z").Followed().Sealed().Review();
        Assert.True(review.IsAccepted, $"{review.Refusal}");
        Assert.True(review.Predicate!.Completed < review.Predicate.Started);
        Assert.NotEqual(RunStatus.Pass, review.Verdict!.Status);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lie_is_refused(string lie) => Lies[lie].AssertRefused(made);

    private static Action<Forger> Both(string name, string record, string field, long value) => forger =>
        forger.Event(name, data => data[field] = value).Event(EventNames.EvidenceCollected, data => data[record]![field] = value);

    private static string Name(JsonNode one) => one["event"]!.GetValue<string>();

    private static Action<Forger> Without(string name) => forger => forger.Chain(events => events.RemoveAll(one => Name(one) == name));

    private static Action<Forger> Data(string name, Action<JsonNode> change) => forger => forger.Event(name, change);

    private static Action<Forger> Collected(Action<JsonNode> change) => Data(EventNames.EvidenceCollected, change);

    private static void Move(Forger forger, string name, string before) => forger.Chain(events =>
    {
        var moved = events.Single(one => Name(one) == name);
        events.Remove(moved);
        events.Insert(events.FindIndex(one => Name(one) == before), moved);
    });

    private static JsonNode Declared(JsonNode data) => data["roots"]!.AsArray().First(root => root!["state"]!.GetValue<string>() == "unchanged")!;

    private static void Each(List<string> lines, Func<string, string> change)
    {
        for (var number = 1; number < lines.Count; number++)
        {
            lines[number] = change(lines[number]);
        }
    }

    // What was expected is what came out.
    private static string Right(string line) => Changed(line, answer => answer["output"] = answer["expected"]!.DeepClone());

    // What came out is what was expected.
    private static string Expected(string line) => Changed(line, answer => answer["expected"] = answer["output"]?.DeepClone());

    private static string Changed(string line, Action<JsonNode> change)
    {
        var answer = JsonNode.Parse(line)!;
        change(answer);
        answer["passed"] = answer["expected"]?.ToJsonString() == answer["output"]?.ToJsonString() && answer["output"] is not null;
        return answer.ToJsonString();
    }

    private static string Seeded(string line) => Changed(line, head => head["seed"] = new string('7', 64)).Replace(",\"passed\":false", "", StringComparison.Ordinal);

    private static void Count(Forger forger)
    {
        var (right, all) = (forger.Text(Answers).Split("\"passed\":true").Length - 1, forger.Text(Answers).Split('\n').Length - 2);
        forger.Event(EventNames.VerificationCompleted, data =>
        {
            data["cases_passed"] = right;
            data["cases_ran"] = all;
        });
    }
}
