using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Events;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using static CtoHarness.Core.Evidence.MarkdownText;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes <c>report.md</c>: the verdict first, then why, what changed, what was proved by whom, and where everything is.</summary>
public static class ReportPage
{
    private const int MostRows = 100;

    /// <summary>Writes the page.</summary>
    /// <param name="evidence">What was seen.</param>
    /// <param name="verdict">What the judge made of it.</param>
    /// <param name="artifacts">The files of the bundle.</param>
    /// <returns>UTF-8 Markdown.</returns>
    public static byte[] Of(RunEvidence evidence, Verdict verdict, ImmutableArray<Artifact> artifacts)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(verdict);
        var page = new StringBuilder();
        WriteVerdict(page, evidence, verdict);
        WriteReasons(page, verdict);
        WriteChange(page, evidence);
        WriteProofs(page, evidence, verdict);
        TrafficPage.Write(page, evidence);
        RootsPage.Write(page, evidence);
        OtherLanesPage.Write(page, evidence, verdict);
        WriteRun(page, evidence);
        WriteFiles(page, evidence, artifacts);
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void WriteVerdict(StringBuilder page, RunEvidence evidence, Verdict verdict)
    {
        var identity = evidence.Identity;
        Line(page, $"# {Words.Of(verdict.Status).ToUpperInvariant()}: {Plain(identity.Task)} by {Plain(identity.Engine.Name)}");
        Line(page, "");
        Line(page, $"{Plain(verdict.Summary)}.");
        Line(page, "");
        if (verdict.Fault != Fault.None)
        {
            Line(page, $"The fault lies with: **{Words.Of(verdict.Fault)}**.");
        }

        if (identity.Engine.IsFake)
        {
            Line(page, "The fake engine is a stand-in: it lays the fixture's own solution down and calls no model. A run of it shows whether the harness works here; it admits no backend to anything.");
        }
        else if (identity.Engine.IsDeclaredStandIn)
        {
            Line(page, "This engine's manifest declares it a stand-in for a real backend. A run of it admits no backend to anything.");
        }
        else if (identity.Engine.IsStandIn)
        {
            Line(page, "This engine is a stand-in: a shell script that calls no model. A run of it admits no backend to anything.");
        }

        if (evidence.Lane.Kind == LaneKind.Control)
        {
            Line(page, $"This is the lane {Code(evidence.Lane.Folder)} of a run, whose verdict was known beforehand: it must fail.");
        }

        if (evidence.Backend is null)
        {
            Line(page, "No backend process was started.");
        }

        Line(page, "");
    }

    private static void WriteReasons(StringBuilder page, Verdict verdict)
    {
        if (!verdict.Blockers.IsEmpty)
        {
            Line(page, "## Why");
            Line(page, "");
            foreach (var blocker in verdict.Blockers)
            {
                Line(page, $"- {Code(blocker.Code.Text)}: {Plain(blocker.Message)} (evidence: {Code(blocker.Evidence)})");
            }

            Line(page, "");
        }

        if (!verdict.Findings.IsEmpty)
        {
            Line(page, "## Noted besides");
            Line(page, "");
            foreach (var finding in verdict.Findings.Take(MostRows))
            {
                Line(page, $"- {Code(finding.Code)}: {Plain(finding.Message)}");
            }

            More(page, verdict.Findings.Length);
            Line(page, "");
        }
    }

    private static void WriteChange(StringBuilder page, RunEvidence evidence)
    {
        Line(page, "## What changed");
        Line(page, "");
        if (evidence.Workspace?.Change is not { } change)
        {
            Line(page, evidence.Workspace is { Refusal: { Length: > 0 } refusal } ? $"The workspace was refused: {Plain(refusal)}." : "Not observed.");
        }
        else if (change.ChangedPaths.IsEmpty)
        {
            Line(page, "Nothing.");
        }
        else
        {
            var moved = Renames.Of(change.Allowed.Concat(change.Disallowed));
            Line(page, "| file | what | allowed |");
            Line(page, "|---|---|---|");
            foreach (var (one, allowed) in change.Allowed.Select(c => (c, "yes")).Concat(change.Disallowed.Select(c => (c, "**no**"))).Take(MostRows))
            {
                var what = moved.TryGetValue(one.Path, out var other)
                    ? $"renamed {(one.After is null ? "to" : "from")} {CodeCell(other.ToString())}"
                    : Plain(Words.Of(one));
                Line(page, $"| {CodeCell(one.Path.ToString())} | {what} | {allowed} |");
            }

            More(page, change.Allowed.Length + change.Disallowed.Length);
        }

        Line(page, "");
    }

    private static void WriteProofs(StringBuilder page, RunEvidence evidence, Verdict verdict)
    {
        var seen = verdict.Observations;
        Line(page, "## What was proved, and by whom");
        Line(page, "");
        Line(page, "| question | answer | observer |");
        Line(page, "|---|---|---|");
        Row(page, "changed only allowed files", evidence.Workspace?.Change is { } change ? change.Disallowed.IsEmpty : null);
        Row(page, "test command passed, fresh sandbox, pristine tests", seen.Tests);
        Row(page, "required events", seen.RequiredEvents);
        Row(page, $"outputs compared outside the sandbox{Count(evidence)}", seen.IsolatedVerification);
        Row(page, "no write aimed outside the roots", seen.AllowedWrites);
        Row(page, "protected roots unchanged", seen.NoMutation);
        Row(page, "nothing left that acts later", evidence.Persistence is { Refusal: "" } scan ? !scan.Found.Any(one => one.IsBreach) : null);
        Row(page, "no target named, seen or opened", seen.NoTargetInspection);
        Row(page, "the bundle is no older one", seen.Freshness);
        Line(page, "");
        Line(page, "\"Not observed\" means that the harness did not look, or not to the end: it satisfies nothing. The seal of the bundle (attestation.sigstore.json) shows who attests this and that nothing was changed since; `cto-harness verify` checks it and judges the evidence again.");
        Line(page, "");
    }

    private static string Count(RunEvidence evidence) => evidence.Verification is { } verification
        ? string.Create(CultureInfo.InvariantCulture, $" ({verification.Passed} of {verification.Expected} as expected)")
        : "";

    private static void WriteRun(StringBuilder page, RunEvidence evidence)
    {
        var identity = evidence.Identity;
        Line(page, "## The run");
        Line(page, "");
        Line(page, $"- run {Code(identity.Run.ToString())}, stage {Number(identity.Stage)}");
        Line(page, $"- started {Timestamp.Text(identity.Started.Wall)}, completed {Timestamp.Text(evidence.Completed.Wall)} ({Number(evidence.Completed.MonotonicMs - identity.Started.MonotonicMs)} ms)");
        Line(page, $"- backend {Code(identity.Engine.Name)}, digest {Code(evidence.BackendDigest?.ToString() ?? "none")}");
        Line(page, identity.Model is null
            ? "- model: none is called"
            : $"- model {Code(identity.Model.ToString())}: {Words.Of(identity.ModelAdmission)}");
        Line(page, "- source admission: not_admitted");
        foreach (var gate in identity.Gates)
        {
            Line(page, $"- gate {Code(gate.Name)} must be {Code(gate.Required)}: {(gate.Open ? "open" : "closed")}");
        }

        if (evidence.Backend is { } backend)
        {
            Line(page, $"- the backend's process: {Words.Of(backend.Program.End)}, exit code {backend.Program.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} (proves nothing), {Number((long)backend.Program.Duration.TotalMilliseconds)} ms, survivors {backend.Program.Survivors?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}");
        }

        Line(page, $"- harness {Code(identity.Harness.Version)}, commit {Code(identity.Harness.Commit ?? "unknown")}, worktree {(identity.Harness.WorktreeClean switch { true => "clean", false => "changed", null => "unknown" })}");
        Line(page, $"- nonce {Code(identity.Nonce)}, from the {Plain(identity.NonceFrom)}");
        foreach (var one in identity.Withheld)
        {
            Line(page, $"- the value of the variable {Code(one.Name)}: {(one.Hmac is { } hmac ? $"withheld, {Code(hmac)}" : $"not withheld, since {Plain(one.Exempt!)}")}");
        }

        if (evidence.SelfTest is { } tried)
        {
            var wrong = tried.Where(check => !check.Passed).ToList();
            Line(page, wrong.Count == 0
                ? $"- self-test of the sandbox: {Number(tried.Length)} tries from inside, each came out as it must"
                : $"- self-test of the sandbox: **{Number(wrong.Count)} of {Number(tried.Length)} tries went wrong**: {string.Join("; ", wrong.Select(check => $"{Plain(check.Name)} ({Plain(check.Detail)})"))}");
        }

        foreach (var (layer, version) in evidence.Layers)
        {
            Line(page, $"- layer {Plain(layer)}: {Plain(version)}");
        }

        if (evidence.Targets is { } search)
        {
            Line(page, TargetsLine(identity.Targets, search));
        }

        foreach (var check in evidence.Preflight)
        {
            Line(page, $"- before the start: {Plain(check.Name)}: {(check.Passed ? "yes" : "**no**")} ({Plain(check.Detail)})");
        }

        Line(page, "");
    }

    private static string TargetsLine(int declared, TargetSearch search)
    {
        var found = search.All.ToList();
        var sought = declared == 0 ? "no target was declared, so every absolute path must be one that the run has business with" : $"targets declared: {Number(declared)}";
        return $"- {sought}; searched: contract, command arguments, runtime inputs, environment, config; found: {(found.Count == 0 ? "nothing" : $"**{Number(found.Count)}** (report.json lists them)")}";
    }

    private static void WriteFiles(StringBuilder page, RunEvidence evidence, ImmutableArray<Artifact> artifacts)
    {
        Line(page, "## Where everything is");
        Line(page, "");
        Line(page, $"Bundle: {Code(evidence.Identity.ArtifactFolder)}");
        Line(page, "");
        Line(page, "| file | bytes | written by | SHA-256 |");
        Line(page, "|---|---|---|---|");
        foreach (var artifact in artifacts.Take(MostRows))
        {
            Line(page, $"| {CodeCell(artifact.Path)} | {Number(artifact.Bytes)} | {Words.Of(artifact.Observer)} | {CodeCell(artifact.Sha256.Hex)} |");
        }

        More(page, artifacts.Length);
    }

    private static void Row(StringBuilder page, string question, bool? answer) =>
        Line(page, $"| {question} | {(answer switch { true => "yes", false => "**no**", null => "not observed" })} | {(answer is null ? "nobody" : Words.Of(Observer.Harness))} |");

    private static void More(StringBuilder page, int all)
    {
        if (all > MostRows)
        {
            Line(page, "");
            Line(page, $"… and {Number(all - MostRows)} more; report.json has them all.");
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder page, string text) => page.Append(text).Append('\n');
}
