using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;

namespace CtoHarness.Documents.Bundles;

/// <summary>Whether times, durations and sizes that a lane tells fit each other: whoever exchanges a log, or a time, must count anew.</summary>
internal static class Measured
{
    private const string Name = "agreement";
    private const string Stdout = "backend/stdout.log";
    private const string Stderr = "backend/stderr.log";
    private const string TestLog = "test.log";

    // What the judge lets two clocks part in a run.
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);

    internal static CheckRefusal? Check(BundleContent content, LaneEvidence lane)
    {
        var collected = lane.Collected;
        return (ClocksAgree(lane.Evidence) ? Times(lane) ?? Durations(lane) : null)
            ?? Kept(content, lane, collected.Backend?.Program, Stdout, Stderr)
            ?? Kept(content, lane, collected.Test, TestLog);
    }

    // Where they do not, the judge says so, and nothing follows from any time.
    private static bool ClocksAgree(RunEvidence evidence) =>
        evidence.BootIdAfter == evidence.Identity.BootId && (evidence.Completed.Wall - evidence.Identity.Started.Wall - Took(evidence)).Duration() <= Drift;

    private static TimeSpan Took(RunEvidence evidence)
    {
        var milliseconds = evidence.Completed.MonotonicMs - evidence.Identity.Started.MonotonicMs;
        return Math.Abs(milliseconds) < int.MaxValue ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.MaxValue;
    }

    private static CheckRefusal? Times(LaneEvidence lane)
    {
        var (earliest, latest) = (lane.Evidence.Identity.Started.Wall - Drift, lane.Evidence.Completed.Wall + Drift);
        var before = earliest;
        foreach (var one in lane.Events[..^1])
        {
            if (one.Time < before - Drift || one.Time < earliest || one.Time > latest)
            {
                return Refused(lane, "events at times within the run, one after the other", $"{one.Name} at {Timestamp.Text(one.Time)}");
            }

            before = one.Time;
        }

        var tried = (lane.Evidence.Calls?.Attempts ?? []).FirstOrDefault(one => one.Time < earliest || one.Time > latest);
        return tried is null ? null : Refused(lane, "tries at times within the run", Timestamp.Text(tried.Time));
    }

    private static CheckRefusal? Durations(LaneEvidence lane)
    {
        var collected = lane.Collected;
        TimeSpan?[] all = [collected.Backend?.Program.Duration, collected.Test?.Duration, collected.VerificationTook];
        var (longest, took) = (all.Max() ?? TimeSpan.Zero, Took(lane.Evidence));
        return longest <= took + Drift ? null : Refused(lane, $"nothing that took longer than the run, {Text(took)} ms", $"{Text(longest)} ms");
    }

    // Marks of withheld values are not as long as the values.
    private static CheckRefusal? Kept(BundleContent content, LaneEvidence lane, ProgramOutcome? program, params ImmutableArray<string> logs)
    {
        var isWhole = program is { End: not (EndKind.SandboxFailed or EndKind.Interrupted) } && lane.Collected is { Trouble: null, Repaired: null };
        if (!isWhole || lane.Evidence.Replaced.Any(one => logs.Contains(one.File)))
        {
            return null;
        }

        var prefix = lane.Evidence.Lane.Folder.Length == 0 ? "" : lane.Evidence.Lane.Folder + "/";
        var (kept, found) = (program!.OutputBytes + program.ErrorBytes - program.CutBytes, logs.Sum(log => content.Find(prefix + log)?.Bytes ?? 0));
        return kept == found ? null
            : Refused(lane, string.Create(CultureInfo.InvariantCulture, $"{string.Join(" and ", logs)} of {kept} bytes, as the harness counted them"), string.Create(CultureInfo.InvariantCulture, $"{found} bytes"));
    }

    private static string Text(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    private static CheckRefusal Refused(LaneEvidence lane, string expected, string found) =>
        new(Name, $"{(lane.Evidence.Lane.Folder.Length == 0 ? "" : lane.Evidence.Lane.Folder + "/: ")}{expected}", found);
}
