using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>What a run came to.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Bundle">Its bundle's folder.</param>
/// <param name="Scratch">Where its scratch folders are, or were.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Others">The baseline and the controls; null where the run did not come to them.</param>
/// <param name="Leftovers">A scratch folder that could not be removed; otherwise empty.</param>
/// <param name="Bug">The exception that a bug of the harness threw; null where there was none.</param>
public sealed record RunResult(RunId Run, string Bundle, string Scratch, Verdict Verdict, OtherLanes? Others, string Leftovers, Exception? Bug);

/// <summary>A step that ended.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Word">What it came to: <c>ok</c>, <c>blocked</c>, <c>interrupted</c> or <c>failed</c>.</param>
public sealed record StepEnded(string Name, TimeSpan Duration, string Word);
