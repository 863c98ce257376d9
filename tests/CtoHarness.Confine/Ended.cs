using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;

namespace CtoHarness.Confine;

/// <summary>What came of a confined program.</summary>
/// <param name="Program">How it ended.</param>
/// <param name="Output">What was kept of its standard output.</param>
/// <param name="Error">What was kept of its standard error.</param>
/// <param name="Layers">The layers that were laid, as sandbox-init names them.</param>
/// <param name="Failure">Why the sandbox failed; empty where it did not.</param>
/// <param name="Calls">The record of its calls.</param>
/// <param name="Passed">Which limit was seen passed; empty where none was.</param>
internal sealed record Ended(ProgramOutcome Program, string Output, string Error, string? Layers, string Failure, CallRecord Calls, string Passed);
