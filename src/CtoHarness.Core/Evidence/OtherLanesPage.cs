using System.Globalization;
using System.Text;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using static CtoHarness.Core.Evidence.MarkdownText;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes what report.md says of the baseline and the controls.</summary>
internal static class OtherLanesPage
{
    internal static void Write(StringBuilder page, RunEvidence evidence, Verdict verdict)
    {
        if (evidence.Lane.Kind != LaneKind.Subject || evidence.Others is not { } others)
        {
            return;
        }

        page.Append("## The other lanes of this run\n\n");
        if (others.ControlsLeftOut)
        {
            page.Append("The controls were left out on demand.\n\n");
        }

        var own = LaneOutcome.Of(evidence, verdict);
        page.Append("| lane | where | came out | blockers | tests | answers | ms |\n|---|---|---|---|---|---|---|\n");
        Row(page, own, evidence.Identity.Engine.IsFake ? "backend, its own baseline" : "backend");
        if (others.Baseline is { } baseline)
        {
            Row(page, baseline, "baseline: the fake engine, same contract");
        }

        foreach (var control in others.Controls)
        {
            Row(page, control.Outcome, $"control {control.Outcome.Lane.Name}{(control.Cheat.Length > 0 ? $" ({control.Cheat})" : "")}: must fail with {control.Wanted}{(control.AsExpected ? "" : ", **did not**")}");
        }

        page.Append('\n');
        if (others.Baseline is { } fake)
        {
            var differences = LaneComparison.Differences(own, fake);
            page.Append(differences.IsEmpty ? "Backend and baseline came to the same.\n" : "Backend and baseline differ:\n\n");
            foreach (var difference in differences)
            {
                page.Append("- ").Append(Plain(difference)).Append('\n');
            }

            page.Append('\n');
        }
    }

    private static void Row(StringBuilder page, LaneOutcome lane, string what) => page.Append(
        CultureInfo.InvariantCulture,
        $"| {what} | {CodeCell(lane.Lane.Folder.Length > 0 ? lane.Lane.Folder : ".")} | {Words.Of(lane.Status)} | {string.Join(", ", lane.Codes)} | {Word(lane.TestsPassed)} | {Answers(lane)} | {lane.DurationMs} |\n");

    private static string Word(bool? passed) => passed switch { true => "passed", false => "failed", null => "not run" };

    private static string Answers(LaneOutcome lane) => lane.CasesPassed is null
        ? "not asked for"
        : string.Create(CultureInfo.InvariantCulture, $"{lane.CasesPassed} of {lane.CasesExpected}");
}
