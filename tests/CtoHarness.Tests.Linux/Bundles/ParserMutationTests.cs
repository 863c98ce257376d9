using System.Text;
using System.Text.Json;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Core.Withholding;
using CtoHarness.Documents.Cases;
using CtoHarness.Documents.Cheats;
using CtoHarness.Documents.Fixtures;
using CtoHarness.Runtime.Bundles;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>Each reader of a bundle, given files of a real bundle that were changed in a few places: it ends, throws nothing, and takes nothing for what the harness would not have written.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class ParserMutationTests(Made made)
{
    private const string Events = EvidenceReader.EventsFile;

    private static readonly Dictionary<string, Action<Made, int>> Readers = new()
    {
        ["events"] = (made, tries) =>
        {
            var whole = Lines(made.Tried.Files["controls/noop/" + Events], 3); // what comes later is read no other way
            Law.Holds(
                Mutated.Of(whole),
                changed =>
                {
                    var read = EventChain.Read(changed, RunOf(made.Tried));
                    return read.IsEmpty || whole.AsSpan().StartsWith(changed.AsSpan(0, read[^1].End));
                },
                tries);
        },
        ["evidence.collected"] = (made, tries) => Data(made.Tried, EventNames.EvidenceCollected, tries, json => CollectedReader.TryRead(json) is { } read ? writer => CollectedJson.Write(writer, read) : null, isExact: true),
        ["run.started"] = (made, tries) => Data(
            made.Tried, EventNames.RunStarted, tries, json => IdentityJson.TryRead(json, RunOf(made.Tried)) is { } read ? writer => IdentityJson.Write(writer, read) : null, isExact: false),
        ["preflight.checked"] = (made, tries) => Data(
            made.Tried, EventNames.PreflightChecked, tries,
            json =>
            {
                var ((checks, layers), tried) = (PreflightJson.Read(json), PreflightJson.ReadSelfTest(json));
                return !PreflightJson.IsWhole(json) ? null : writer =>
                {
                    foreach (var check in checks)
                    {
                        writer.WriteBoolean(check.Name, check.Passed);
                    }

                    PreflightJson.WriteDetails(writer, checks, layers);
                    PreflightJson.WriteSelfTest(writer, tried);
                };
            },
            isExact: true),
        ["targets.searched"] = (made, tries) => Data(
            made.Tried, EventNames.TargetsSearched, tries, json => TargetsJson.ReadSurfaces(json) is { } read ? writer => TargetsJson.WriteSurfaces(writer, read) : null, isExact: false),
        ["withheld values"] = (_, tries) => Data(
            Encoding.UTF8.GetBytes($$"""{"withheld":[{"hmac":"hmac-sha256:{{new string('a', 64)}}","name":"A_TOKEN"},{"exempt":"it is too short","name":"B"}]}"""),
            tries, json => WithheldJson.TryRead(json) is { } read ? writer => WithheldJson.Write(writer, read) : null, isExact: false),
        ["values.replaced"] = (_, tries) => Data(
            """{"files":[{"names":["A_TOKEN","B"],"path":"backend/stdout.log"},{"names":["B"],"path":"test.log"}]}"""u8.ToArray(),
            tries, json => WithheldJson.TryReadReplaced(json) is { } read ? writer => WithheldJson.WriteReplaced(writer, read) : null, isExact: false),
        ["contract.json"] = (made, tries) => Exact(made.Tried, "contract.json", tries, bytes => ContractReader.TryRead(bytes) is { } read ? [ContractJson.Of(read)] : null),
        ["verification.jsonl"] = (made, tries) => Exact(
            Lines(made.Failing.Files["verification.jsonl"], 8), tries, bytes => VerificationReader.TryRead(bytes, TimeSpan.Zero) is { } read ? VerificationJson.Lines(read) : null),
        ["observations.jsonl"] = (made, tries) => Exact(
            Lines(made.Tried.Files["observations.jsonl"], 4), tries, bytes => AttemptJson.TryRead(bytes) is { } read ? read.Select(AttemptJson.Line) : null),
        ["snapshots/fixture.tree"] = (made, tries) => Exact(made.Tried, EvidenceReader.FixtureTree, tries, bytes =>
        {
            if (TreeFile.TryRead(bytes) is not { } tree)
            {
                return null;
            }

            using var file = new MemoryStream();
            TreeFile.Write(tree, file.Write);
            return [file.ToArray()];
        }),
        ["policy.json"] = (made, tries) =>
        {
            var whole = made.Tried.Files["policy.json"];
            Law.Holds(Mutated.Of(whole), changed => PolicyJson.LimitsOf(changed) is null || changed.AsSpan().SequenceEqual(Respelled(changed)), tries);
        },
        ["fixture.yaml"] = (made, tries) => Law.Ends(Mutated.Of(made.Tried.Files["fixture/fixture.yaml"]), changed => FixtureDocument.Read("fixture.yaml", "r1-string-slugify", changed), tries),
        ["cases.yaml"] = (made, tries) => Law.Ends(Mutated.Of(made.Tried.Files["fixture/verify/cases.yaml"][..1500]), changed => CasesDocument.Read("cases.yaml", changed), tries),
        ["cheats.yaml"] = (made, tries) => Law.Ends(Mutated.Of(made.Tried.Files["fixture/verify/cheats.yaml"][..1500]), changed => CheatsDocument.Read("cheats.yaml", changed), tries),
        ["a pack"] = (_, tries) =>
        {
            using var bundle = new SomeBundle();
            var packed = bundle.Packed();
            Law.Holds(
                Mutated.Of(packed),
                changed =>
                {
                    File.WriteAllBytes(bundle.Pack, changed);
                    return !BundleReader.Read(bundle.Pack, CancellationToken.None).Odd.IsEmpty || changed.AsSpan().SequenceEqual(packed);
                },
                tries);
        },
    };

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_changed_file_is_taken_for_another(string reader) => Readers[reader](made, Mutated.Usual);

    [Theory]
    [Trait("Tier", "Long")]
    [MemberData(nameof(Names))]
    public void No_changed_file_is_taken_for_another_in_many_more_tries(string reader) => Readers[reader](made, Mutated.Many);

    [Fact]
    public void No_bundle_with_a_changed_file_that_was_sealed_again_is_accepted() => Bundles(1500);

    [Fact]
    [Trait("Tier", "Long")]
    public void No_bundle_with_a_changed_file_that_was_sealed_again_is_accepted_in_many_more_tries() => Bundles(30_000);

    // The reports name the digest of each file, so that even a log that nobody reads cannot be another.
    private void Bundles(int tries)
    {
        var names = made.Tried.Files.Keys.Where(name => name != BundleFiles.Seal).ToList();
        var checks = new HashSet<string>();
        var number = 0;
        foreach (var name in names)
        {
            var forger = new Forger(made.Tried);
            Law.Holds(
                Mutated.Of(made.Tried.Files[name]),
                changed =>
                {
                    var review = forger.Write(name, changed).Sealed().Review();
                    checks.Add(review.Refusal?.Check ?? "none");
                    return !review.IsAccepted || changed.AsSpan().SequenceEqual(made.Tried.Files[name]);
                },
                1 + (tries / names.Count));
            number++;
        }

        Assert.Equal(names.Count, number);
        Assert.Superset(new HashSet<string> { "events", "records", "agreement", "fixture", "report" }, checks);
    }

    private static RunId RunOf(MadeBundle bundle) => RunId.TryParse(Path.GetFileName(bundle.Folder), out var run) ? run : throw new InvalidOperationException(bundle.Folder);

    private static byte[] Lines(byte[] file, int count) => Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(file).Split('\n').SkipLast(1).Take(count).Select(line => line + "\n")));

    private static void Exact(MadeBundle bundle, string name, int tries, Func<byte[], IEnumerable<byte[]>?> again) => Exact(bundle.Files[name], tries, again);

    private static void Exact(byte[] whole, int tries, Func<byte[], IEnumerable<byte[]>?> again)
    {
        Assert.NotEmpty(whole);
        Assert.NotNull(again(whole));
        Law.Holds(Mutated.Of(whole), changed => again(changed) is not { } parts || changed.AsSpan().SequenceEqual(parts.SelectMany(part => part).ToArray()), tries);
    }

    private static void Data(MadeBundle bundle, string name, int tries, Func<JsonElement, Action<Utf8JsonWriter>?> read, bool isExact) =>
        Data(JsonText.Line(EventChain.Read(bundle.Files[Events], RunOf(bundle)).Single(one => one.Name == name).Data.WriteTo), tries, read, isExact);

    // Where the reader alone is not exact, what it gives is written again as something that reads the same.
    private static void Data(byte[] whole, int tries, Func<JsonElement, Action<Utf8JsonWriter>?> read, bool isExact)
    {
        Assert.NotNull(read(JsonFields.TryParse(whole)!.Value));
        Law.Holds(
            Mutated.Of(whole),
            changed =>
            {
                if (JsonFields.TryParse(changed) is not { } json || read(json) is not { } write)
                {
                    return true;
                }

                var again = Written(write);
                return isExact
                    ? again.AsSpan().SequenceEqual(CanonicalJson.TryFrom(changed))
                    : read(JsonFields.TryParse(again)!.Value) is { } twice && Written(twice).AsSpan().SequenceEqual(again);
            },
            tries);
    }

    private static byte[] Written(Action<Utf8JsonWriter> write) => CanonicalJson.Of(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });

    private static byte[] Respelled(byte[] document)
    {
        using var parsed = JsonDocument.Parse(document);
        var root = parsed.RootElement;
        return JsonText.Document(root.WriteTo);
    }
}
