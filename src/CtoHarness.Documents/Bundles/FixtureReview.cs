using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Cases;
using CtoHarness.Documents.Cheats;
using CtoHarness.Documents.Fixtures;

namespace CtoHarness.Documents.Bundles;

/// <summary>Whether contract, questions and expected answers follow from the frozen fixture, the policy and the seed.</summary>
internal static class FixtureReview
{
    private const string Name = "fixture";
    private const string Folder = "fixture/";
    private const string WorkspaceFolder = "workspace/";

    internal static CheckRefusal? Check(BundleContent content, LaneEvidence subject, ImmutableArray<LaneEvidence> others)
    {
        if (subject.Evidence.Contract is not { } contract)
        {
            return null; // there was no sound fixture, and the verdict says so
        }

        return Entries(content, subject.Shared.Base)
            ?? Drawn(content, contract)
            ?? Limits(content, contract)
            ?? Questions(content, contract, others.Prepend(subject))
            ?? others.Select(lane => SameAnswers(subject.Evidence.Verification, lane.Evidence)).FirstOrDefault(refusal => refusal is not null)
            ?? Controls(content, subject.Collected.Lanes);
    }

    private static CheckRefusal? Entries(BundleContent content, Tree? pristine)
    {
        if (content.Find(EvidenceReader.FixtureTree) is not { Content: { } bytes } || TreeFile.TryRead(bytes) is not { } tree)
        {
            return Refused($"the file {EvidenceReader.FixtureTree}", "none that can be read");
        }

        var frozen = content.Files.Where(file => file.Path.StartsWith(Folder, StringComparison.Ordinal)).ToDictionary(file => file.Path[Folder.Length..], StringComparer.Ordinal);
        foreach (var entry in tree.Entries)
        {
            var path = Encoding.UTF8.GetString(entry.Path.Bytes);
            if (entry.Kind is not (EntryKind.File or EntryKind.Executable) || !frozen.Remove(path, out var file) || file.Sha256 != entry.Content)
            {
                return Refused($"{Folder}{PlainText.Visible(path)} as the fixture's digest says", "another file, or none");
            }
        }

        if (frozen.Count > 0)
        {
            return Refused("no file that the fixture's digest does not cover", PlainText.Quote(frozen.Keys.Order(StringComparer.Ordinal).First()));
        }

        var expected = new Tree(tree.Entries.Where(entry => Encoding.UTF8.GetString(entry.Path.Bytes).StartsWith(WorkspaceFolder, StringComparison.Ordinal))
            .Select(entry => entry with { Path = Below(entry.Path) }));
        return pristine is null || pristine.Digest() == expected.Digest() ? null
            : Refused($"{EvidenceReader.BaseTree}: the fixture's workspace, {expected.Digest()}", pristine.Digest().ToString());
    }

    private static RelativePath Below(RelativePath path) =>
        RelativePath.TryFromBytes(path.Bytes[WorkspaceFolder.Length..], out var rest) ? rest : path;

    private static CheckRefusal? Drawn(BundleContent content, Contract contract)
    {
        const string file = "fixture.yaml";
        if (content.Find(Folder + file) is not { Content: { } bytes }
            || FixtureDocument.Read(Folder + file, contract.Fixture.Id.ToString(), bytes.Span) is not Parsed<Fixture>.Value { Result: var fixture })
        {
            return Refused($"{Folder}{file} that can be read", "none");
        }

        var instruction = content.Find(Folder + "instruction.md") is { Content: { } text } ? Encoding.UTF8.GetString(text.Span) : null;
        var again = contract with { Fixture = fixture, Instruction = instruction ?? "" };
        return ContractJson.Of(again).AsSpan().SequenceEqual(ContractJson.Of(contract)) ? null
            : Refused($"{EvidenceReader.ContractFile}: task, files, test command and instruction of the frozen fixture", "others");
    }

    private static CheckRefusal? Limits(BundleContent content, Contract contract)
    {
        var policy = content.Find("policy.json")?.Content ?? ReadOnlyMemory<byte>.Empty;
        var limits = PolicyJson.LimitsOf(policy);
        return limits is null ? Refused("policy.json: written as the harness writes it, with every limit", "another")
            : limits == contract.Limits && (contract.Model is null ? contract.Gateway is null : contract.Gateway is { } asked && asked == PolicyJson.GatewayOf(policy)) ? null
            : Refused($"{EvidenceReader.ContractFile}: the limits of policy.json", "others");
    }

    private static CheckRefusal? Questions(BundleContent content, Contract contract, IEnumerable<LaneEvidence> lanes)
    {
        const string file = Folder + "verify/cases.yaml";
        if (content.Find(file) is not { Content: { } bytes } || CasesDocument.Read(file, bytes.Span) is not Parsed<CaseSet>.Value { Result: var set })
        {
            return Refused($"{file} that can be read", "none");
        }

        var plan = contract.Verification;
        if (plan.FixedCases != set.Cases.Length || plan.DrawnCases != (set.Generator?.Count ?? 0) || plan.Predicates != set.Predicates.Length)
        {
            return Refused($"{EvidenceReader.ContractFile}: as many questions as {file} has", "another number");
        }

        if (!plan.Target.SequenceEqual(WordsOf(set.Target)))
        {
            return Refused($"{EvidenceReader.ContractFile}: what {file} puts its questions to", "something else");
        }

        var drivers = content.Files.Where(one => one.Path.StartsWith("driver/", StringComparison.Ordinal)).ToList();
        if (plan.Driver is { } driver ? drivers is not [{ Sha256: var digest }] || digest != driver : drivers.Count > 0)
        {
            return Refused("the driver that the contract names", "another, or none");
        }

        return lanes.Select(lane => lane.Evidence.Verification is { } outcome ? Asked(set, outcome, lane.Evidence.Lane.Folder) : null).FirstOrDefault(refusal => refusal is not null);
    }

    private static ImmutableArray<string> WordsOf(CaseTarget target) => target switch
    {
        CaseTarget.Callable function => ["function", function.File.ToString(), function.Name],
        CaseTarget.Command command => ["command", .. command.Words],
        _ => ["tree"],
    };

    // The solution was asked once, for all lanes.
    private static CheckRefusal? SameAnswers(VerificationOutcome? subject, RunEvidence lane)
    {
        var differs = lane.Verification is { } own && subject is not null && own.Results.Zip(subject.Results).Any(pair =>
            pair.First.Expected is null ? pair.Second.Expected is not null : pair.Second.Expected?.SameAs(pair.First.Expected) != true);
        return differs ? Refused("one expected answer to each question, in every lane", $"others in {lane.Lane.Folder}") : null;
    }

    // What a control must give is not for the run to choose.
    private static CheckRefusal? Controls(BundleContent content, LanesNote? lanes)
    {
        const string file = Folder + "verify/cheats.yaml";
        if (lanes is null)
        {
            return null;
        }

        if (content.Find(file) is not { Content: { } bytes } || CheatsDocument.Read(file, bytes.Span) is not Parsed<CheatSet>.Value { Result: var set })
        {
            return Refused($"{file} that can be read", "none");
        }

        var noop = new ControlNote(Lane.Noop.Name, "", BlockerCode.NoDiff);
        ImmutableArray<ControlNote> usual = [noop, new ControlNote(Lane.Cheat.Name, set.Control.Name, set.Control.Breach)];
        ImmutableArray<ControlNote> all = [noop, .. set.All.Select(cheat => new ControlNote($"{Lane.Cheat.Name}-{cheat.Name}", cheat.Name, cheat.Breach))];
        return (lanes.ControlsLeftOut ? lanes.Controls.IsEmpty : lanes.Controls.SequenceEqual(usual) || lanes.Controls.SequenceEqual(all)) ? null
            : Refused($"the controls of {file}: {Told(usual)}, or all of them, or none where they were left out", Told(lanes.Controls));
    }

    private static string Told(ImmutableArray<ControlNote> controls) =>
        PlainText.Visible(string.Join("; ", controls.Select(one => $"{one.Name} ({one.Cheat}) with {one.Wanted}")), 300);

    private static CheckRefusal? Asked(CaseSet set, VerificationOutcome outcome, string folder)
    {
        var cases = set.Draw(outcome.Seed);
        if (outcome.Expected != set.Expected || outcome.Results.Length > set.Expected || outcome.Results.Length < cases.Length)
        {
            return Refused(string.Create(CultureInfo.InvariantCulture, $"{set.Expected} questions{In(folder)}"), string.Create(CultureInfo.InvariantCulture, $"{outcome.Results.Length} of {outcome.Expected}"));
        }

        foreach (var (asked, put) in cases.Zip(outcome.Results))
        {
            var isRight = put.Name == asked.Name && put.Source == (asked.IsDrawn ? CaseSource.Drawn : CaseSource.Fixed) && put.Input.SameAs(asked.Input)
                && (asked.Expected is null || put.Expected?.SameAs(asked.Expected) == true);
            if (!isRight)
            {
                return Refused($"the question {PlainText.Quote(asked.Name)} with input and answer of the fixture, or drawn from the seed{In(folder)}", $"{PlainText.Quote(put.Name)} with others");
            }
        }

        var yes = new Answer.Returned(new JsonValue.Truth(true));
        var looks = outcome.Results[cases.Length..];
        return looks.Zip(set.Predicates).All(pair => pair.First.Source == CaseSource.Predicate
                && pair.First.Input.SameAs(new JsonValue.Characters(pair.Second.Describe())) && pair.First.Expected?.SameAs(yes) == true)
            ? null : Refused("what must hold of the tree, as the fixture says", "something else");
    }

    private static string In(string folder) => folder.Length == 0 ? "" : $" in {folder}";

    private static CheckRefusal Refused(string expected, string found) => new(Name, expected, found);
}
