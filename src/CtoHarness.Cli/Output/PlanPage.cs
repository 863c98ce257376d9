using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Pipeline;

namespace CtoHarness.Cli.Output;

/// <summary>Shows what a run would start.</summary>
internal static class PlanPage
{
    // The system call filter is a word of thousands of characters that tells a person nothing.
    private const int LongestWord = 1000;

    internal static void Write(Screen screen, PlannedRun plan)
    {
        var text = screen.Result;
        text.WriteLine($"{(plan.Refusals.IsEmpty ? "would start" : "would not start")}: {plan.Identity.Task} by {plan.Identity.Engine.Name}, stage {plan.Identity.Stage}");
        foreach (var blocker in plan.Refusals)
        {
            text.WriteLine($"  {blocker.Code}: {PlainText.Visible(blocker.Message)}");
        }

        foreach (var gate in plan.Identity.Gates)
        {
            text.WriteLine($"  gate {gate.Name}={gate.Required}: {(gate.Open ? "open" : "closed")}");
        }

        foreach (var check in plan.Preflight)
        {
            text.WriteLine($"  check {check.Name}: {(check.Passed ? "yes" : "no")} ({PlainText.Visible(check.Detail)})");
        }

        if (plan.Contract is { } contract)
        {
            text.WriteLine($"  allowed files: {string.Join(", ", contract.AllowedFiles)}");
            text.WriteLine($"  test command: {Line(contract.Fixture.TestCommand)}");
            text.WriteLine($"  wall time: {contract.Limits.WallSeconds} s");
        }

        text.WriteLine($"  workspace root: {PlainText.Visible(plan.Identity.RuntimeRoot)}");
        text.WriteLine($"  bundle: {PlainText.Visible(plan.ArtifactFolder)}");
        Command(text, "backend", plan.Sandbox);
        Command(text, "test command", plan.TestSandbox);
    }

    private static void Command(TextWriter text, string name, IReadOnlyCollection<string> command)
    {
        if (command.Count > 0)
        {
            text.WriteLine($"  {name}, in its sandbox:");
            text.WriteLine($"    {Line(command)}");
        }
    }

    private static string Line(IEnumerable<string> command) => string.Join(' ', command.Select(word => word.Length > LongestWord ? $"({word.Length} characters, see --json)" : Word(word)));

    // Quoted as a shell wants it, so that the line can be pasted.
    private static string Word(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+@%".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{PlainText.Visible(word, 100_000).Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
