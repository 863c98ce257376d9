using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Documents.Engines;

namespace CtoHarness.Documents.Bundles;

/// <summary>Whether what is told twice in a bundle is told in the same way: events, records, and the digests of files.</summary>
internal static class Agreement
{
    private const string Name = "agreement";
    private static readonly ImmutableArray<string> Places = ["baseline/", "controls/"];

    internal static CheckRefusal? Check(BundleContent content, LaneEvidence subject, ImmutableArray<LaneEvidence> others) =>
        Frozen(content, subject)
        ?? Roots(content, subject)
        ?? Strays(content, subject)
        ?? others.Prepend(subject).Select(lane => Told(content, lane)).FirstOrDefault(refusal => refusal is not null)
        ?? others.Select(lane => Belongs(lane, subject)).FirstOrDefault(refusal => refusal is not null);

    // What was frozen before the start.
    private static CheckRefusal? Frozen(BundleContent content, LaneEvidence subject)
    {
        var (evidence, created) = (subject.Evidence, subject.Last(EventNames.ContractCreated));
        var policy = content.Find("policy.json");
        if (created is null && subject.Collected.Repaired is not null)
        {
            return null; // of what was being written when the machine went down, half may have come to the disk
        }

        return (policy is null && created is null ? null : Same("policy.json", evidence.Identity.PolicyDigest.ToString(), policy?.Sha256.ToString()))
            ?? Engine(content, evidence, created is null)
            ?? (created is null ? null
                : Same("contract.json", created.Data.Text("contract"), content.Find(EvidenceReader.ContractFile)?.Sha256.ToString())
                    ?? Same(EvidenceReader.FixtureTree, created.Data.Text("fixture"), content.Find(EvidenceReader.FixtureTree)?.Sha256.ToString())
                    ?? Same("the contract's fixture", created.Data.Text("fixture"), evidence.Contract?.FixtureDigest.ToString())
                    ?? Same("the contract's policy", created.Data.Text("policy"), evidence.Contract?.PolicyDigest.ToString())
                    ?? Same("the policy of the run", evidence.Identity.PolicyDigest.ToString(), created.Data.Text("policy"))
                    ?? Same("the contract's nonce", evidence.Identity.Nonce, evidence.Contract?.Nonce)
                    ?? Same("the contract's engine", evidence.Identity.Engine.Name, evidence.Contract?.Engine)
                    ?? Same("the contract's task", evidence.Identity.Task, evidence.Contract?.Fixture.Id.ToString())
                    ?? Same("the backend's digest", created.Data.Text("backend"), evidence.BackendDigest?.ToString()));
    }

    private static CheckRefusal? Engine(BundleContent content, RunEvidence evidence, bool isBrokenOff)
    {
        const string file = "engine.json";
        if (content.Find(file) is not { Content: { } bytes } || JsonFields.TryParse(bytes) is not { } json)
        {
            return content.Find(file) is null && evidence.Contract is null ? null : new CheckRefusal(Name, file, "no such file, or no JSON");
        }

        // A run that broke off in the step that wrote this file collected nothing of it.
        var digest = evidence.BackendDigest ?? (isBrokenOff && json.Text("digest") is { } told && Digest.TryParse(told, out var own) ? own : null);
        var (engine, text) = (evidence.Identity.Engine, json.Text("manifest") ?? "");
        if (engine.TextDigest is { } manifest && Digest.Of(Encoding.UTF8.GetBytes(text)) != manifest)
        {
            return new CheckRefusal(Name, $"{file}: the text of the manifest whose digest the first event has", "another");
        }

        // What the run took for the engine's own files, required records and words is what the manifest says.
        if (engine.TextDigest is not null && !(EngineDocument.Read(file, engine.Name, Encoding.UTF8.GetBytes(text)) is Parsed<EngineManifest>.Value { Result: var read }
            && IdentityJson.OfEngine(read).AsSpan().SequenceEqual(IdentityJson.OfEngine(engine))))
        {
            return new CheckRefusal(Name, $"{EventNames.RunStarted}: the engine as its manifest in {file} describes it", "another");
        }

        var again = EngineRecord.Of(
            engine with { Text = engine.TextDigest is null ? "" : text },
            new EngineFound(json.Text("executable") ?? "", digest, json.Text("interpreter") ?? "", json.Text("package") ?? "", json.Text("version") ?? ""));
        return again.AsSpan().SequenceEqual(bytes.Span) ? null : new CheckRefusal(Name, $"{file}: the engine of the first event, with the digest that was collected", "another");
    }

    // Twice digested; and where the two differ, both manifests lie in the bundle.
    private static CheckRefusal? Roots(BundleContent content, LaneEvidence subject)
    {
        if (subject.Evidence.Roots is not { } roots)
        {
            return null;
        }

        var (before, after) = (Digests(subject, "before"), Digests(subject, "after"));
        foreach (var root in roots.Where(root => root.Path.Length > 0))
        {
            var (first, second) = (before.GetValueOrDefault((root.Role, root.Path)), after.GetValueOrDefault((root.Role, root.Path)));
            if (first != root.Before?.ToString() || second != root.After?.ToString() || (root.State == RootState.Changed && root.Before == root.After))
            {
                return new CheckRefusal(Name, $"the root {root.Role}: digests {first ?? "none"} and {second ?? "none"}, as the events say", $"{root.Before?.ToString() ?? "none"} and {root.After?.ToString() ?? "none"}, {Words.Of(root.State)}");
            }

            var kept = root.Manifests.Select(name => content.Find(name)?.Sha256).ToList();
            if (kept.Count > 0 && (kept.Count != 2 || kept[0] != root.Before || kept[1] != root.After))
            {
                return new CheckRefusal(Name, $"the manifests of the root {root.Role}: those of its two digests", "others");
            }
        }

        return null;
    }

    private static Dictionary<(string, string), string?> Digests(LaneEvidence lane, string moment)
    {
        var found = new Dictionary<(string, string), string?>();
        foreach (var root in lane.Events.Where(one => one.Name == EventNames.RootsDigested && one.Data.Text("moment") == moment).SelectMany(one => one.Data.Items("roots") ?? []))
        {
            found[(root.Text("role") ?? "", root.Text("path") ?? "")] = root.Text("digest");
        }

        return found;
    }

    private static CheckRefusal? Told(BundleContent content, LaneEvidence lane)
    {
        var (evidence, collected, folder) = (lane.Evidence, lane.Collected, lane.Evidence.Lane.Folder);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var isChecked = evidence.Workspace?.Change is not null;
        return ToldTwice.Check(lane) ?? Measured.Check(content, lane)
            ?? (isChecked ? Same($"{prefix}patch.diff", collected.Workspace!.PatchDigest.ToString(), content.Find(prefix + "patch.diff")?.Sha256.ToString()) : null)
            ?? Missing(lane, prefix, EventNames.DiffChecked, isChecked)
            ?? Missing(lane, prefix, EventNames.CasesDrawn, evidence.Verification is not null && folder.Length == 0);
    }

    private static CheckRefusal? Missing(LaneEvidence lane, string prefix, string name, bool isNeeded) =>
        isNeeded && lane.Last(name) is null ? new CheckRefusal(Name, $"{prefix}an event {name}, for there is a record of it", "none") : null;

    // A lane that nobody names is a lane that nobody judges.
    private static CheckRefusal? Strays(BundleContent content, LaneEvidence subject)
    {
        if (subject.Collected.Lanes is not { } lanes)
        {
            return null; // broken off, perhaps while lanes were made
        }

        var known = lanes.Controls.Select(control => new Lane(LaneKind.Control, control.Name).Folder).Concat(lanes.HasBaseline ? [Lane.Baseline.Folder] : []).Select(folder => folder + "/").ToList();
        var stray = content.Files.FirstOrDefault(file => Places.Any(place => file.Path.StartsWith(place, StringComparison.Ordinal)) && !known.Exists(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)));
        return stray is null ? null : new CheckRefusal(Name, "only the lanes that evidence.collected names", Core.Problems.PlainText.Quote(stray.Path));
    }

    // A lane is one of this run: same machine, same nonce, same policy, made while the run went on.
    private static CheckRefusal? Belongs(LaneEvidence lane, LaneEvidence subject)
    {
        var (mine, whole) = (lane.Evidence.Identity, subject.Evidence.Identity);
        var isWithin = mine.Started.MonotonicMs >= whole.Started.MonotonicMs && lane.Evidence.Completed.MonotonicMs <= subject.Evidence.Completed.MonotonicMs;
        var cheat = lane.Events[0].Data.Text("cheat") ?? "";
        var wanted = subject.Collected.Lanes!.Controls.FirstOrDefault(control => control.Name == lane.Evidence.Lane.Name)?.Cheat ?? "";
        return Same($"{lane.Evidence.Lane.Folder}: nonce, boot, policy and harness", Whose(whole), Whose(mine))
            ?? Same($"{lane.Evidence.Lane.Folder}: its place", lane.Evidence.Lane.Folder, lane.Events[0].Data.Text("lane"))
            ?? Same($"{lane.Evidence.Lane.Folder}: its cheat", wanted, cheat)
            ?? (lane.Evidence.Verification is { } own && subject.Evidence.Verification is { } asked ? Same($"{lane.Evidence.Lane.Folder}: the seed", asked.Seed, own.Seed) : null)
            ?? (isWithin ? null : new CheckRefusal(Name, $"{lane.Evidence.Lane.Folder}: made within the run", "clocks that lie outside"));
    }

    private static string Whose(RunIdentity identity) =>
        $"{identity.Nonce} {identity.BootId} {identity.PolicyDigest} {identity.Harness.Digest} {identity.Task} {identity.HarnessRoot}";

    private static CheckRefusal? Same(string what, string? expected, string? found) =>
        string.Equals(expected, found, StringComparison.Ordinal) ? null
            : new CheckRefusal(Name, $"{what}: {Core.Problems.PlainText.Visible(expected ?? "none")}", Core.Problems.PlainText.Visible(found ?? "none"));
}
