using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;

namespace CtoHarness.Documents.Bundles;

/// <summary>Whether what is told twice in a bundle is told in the same way: events, records, and the digests of files.</summary>
internal static class Agreement
{
    private const string Name = "agreement";

    internal static CheckRefusal? Check(BundleContent content, LaneEvidence subject, ImmutableArray<LaneEvidence> others) =>
        Frozen(content, subject)
        ?? Roots(content, subject)
        ?? others.Prepend(subject).Select(lane => Told(content, lane)).FirstOrDefault(refusal => refusal is not null)
        ?? others.Select(lane => Belongs(lane, subject)).FirstOrDefault(refusal => refusal is not null);

    // What was frozen before the start.
    private static CheckRefusal? Frozen(BundleContent content, LaneEvidence subject)
    {
        var (evidence, created) = (subject.Evidence, subject.Last(EventNames.ContractCreated));
        var policy = content.Find("policy.json");
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
        var again = EngineRecord.Of(evidence.Identity.Engine, json.Text("executable") ?? "", digest);
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
        if (lane.Last(EventNames.BackendEnded) is { } ended && collected is { Backend: { } backend, Repaired: null }
            && (ended.Data.Text("end") != Words.Of(backend.Program.End) || ended.Data.Count("exit_code") != backend.Program.ExitCode || ended.Data.Count("survivors") != backend.Program.Survivors))
        {
            return new CheckRefusal(Name, $"{prefix}the backend's end as backend.ended tells it", "another in evidence.collected");
        }

        return (collected.Workspace is { Refusal: "", Tree: { } tree } note ? Diff(content, lane, prefix, tree, note) : null)
            ?? (evidence.Verification is { Seed: var seed } && lane.Last(EventNames.CasesDrawn) is { } drawn ? Same($"{prefix}the seed", drawn.Data.Text("seed"), seed) : null)
            ?? (evidence.Verification is not null && folder.Length == 0 && lane.Last(EventNames.CasesDrawn) is null ? new CheckRefusal(Name, "an event that tells when the questions were drawn", "none") : null);
    }

    private static CheckRefusal? Diff(BundleContent content, LaneEvidence lane, string prefix, Digest tree, WorkspaceNote note)
    {
        if (lane.Last(EventNames.DiffChecked) is not { Data: var told } || lane.Evidence.Workspace?.Change is not { } change || lane.Shared.Base is not { } before)
        {
            return new CheckRefusal(Name, $"{prefix}an event that tells of the change", "none");
        }

        return Same($"{prefix}the workspace's tree", told.Text("tree"), tree.ToString())
            ?? Same($"{prefix}the patch", told.Text("patch"), note.PatchDigest.ToString())
            ?? Same($"{prefix}patch.diff", note.PatchDigest.ToString(), content.Find(prefix + "patch.diff")?.Sha256.ToString())
            ?? Same($"{prefix}the judged tree", change.ApplyTo(before).Digest().ToString(), told.Text("judged_tree"))
            ?? Same($"{prefix}the base", lane.Shared.Contract?.Fixture.BaseCommit, told.Text("base"))
            ?? Same($"{prefix}the numbers of changes", Numbers(change.Allowed.Length, change.Disallowed.Length, change.Ignored.Length), Numbers(told.Count("allowed"), told.Count("disallowed"), told.Count("ignored")));
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

    private static string Numbers(long? allowed, long? disallowed, long? ignored) =>
        string.Create(CultureInfo.InvariantCulture, $"{allowed} allowed, {disallowed} disallowed, {ignored} ignored");

    private static CheckRefusal? Same(string what, string? expected, string? found) =>
        string.Equals(expected, found, StringComparison.Ordinal) ? null
            : new CheckRefusal(Name, $"{what}: {Core.Problems.PlainText.Visible(expected ?? "none")}", Core.Problems.PlainText.Visible(found ?? "none"));
}
