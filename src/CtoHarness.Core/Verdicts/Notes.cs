using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Verdicts;

/// <summary>What is noted of a run besides its verdict.</summary>
internal static class Notes
{
    private const int MostChanges = 200;

    internal static ImmutableArray<Finding> Of(RunEvidence evidence)
    {
        var notes = new List<Finding>();
        if (evidence.Backend is { Program: { End: EndKind.Exited, ExitCode: not 0 } program })
        {
            notes.Add(new Finding(
                "backend-exit-code",
                string.Create(CultureInfo.InvariantCulture, $"the backend ended with exit code {program.ExitCode}; no exit code proves anything"),
                "backend/stderr.log"));
        }

        if (evidence.Backend is { Program.CutBytes: > 0 and var cut })
        {
            notes.Add(new Finding(
                "output-cut",
                string.Create(CultureInfo.InvariantCulture, $"{cut} bytes of the backend's output were beyond the limit and are not kept"),
                "backend/stdout.log"));
        }

        if (evidence.Workspace?.Change is { } change)
        {
            var special = change.Disallowed.Concat(change.Ignored).Where(c => c.After?.Kind is EntryKind.Special or EntryKind.Link).ToList();
            notes.AddRange(special.Take(MostChanges).Select(c => new Finding(
                "special-entry", $"{Words.Of(c)}: {PlainText.Visible(c.Path.ToString(), 400)}", "patch.diff")));
            if (!change.Ignored.IsEmpty)
            {
                notes.Add(new Finding(
                    "ignored-files",
                    string.Create(CultureInfo.InvariantCulture, $"{change.Ignored.Length} by-product(s) at paths that the fixture ignores; laid over nothing"),
                    "events.normalized.jsonl"));
            }
        }

        notes.AddRange(evidence.Replaced.Select(one => new Finding(
            "value-replaced",
            $"{one.File} held the value of {PlainText.Visible(string.Join(", ", one.Names), 400)}, which was replaced: what ran here could read it, although no sandbox is given it",
            one.File)));
        notes.AddRange(TrafficObligations.Noted(evidence));
        notes.AddRange(TrafficObligations.NotedOfClaims(evidence));
        notes.AddRange(CallObligations.Noted(evidence));
        notes.AddRange(PersistenceObligations.Noted(evidence));
        notes.AddRange(RootObligations.Noted(evidence));
        if (evidence.Others is { ControlsLeftOut: true })
        {
            notes.Add(new Finding("controls-left-out", "somebody asked for a run without controls: nothing shows that the judge would have refused here", "report.json"));
        }

        if (evidence.Identity.Harness.WorktreeClean == false)
        {
            notes.Add(new Finding("harness-worktree-dirty", "the harness's checkout has changes that its commit does not name", "report.json"));
        }

        return [.. notes];
    }
}
