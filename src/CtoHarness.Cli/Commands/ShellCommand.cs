using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>shell</c>: a person's shell in exactly the sandbox that a backend would have.</summary>
internal sealed class ShellCommand : HarnessCommand
{
    private readonly Argument<string> _fixture = new("FIXTURE") { Description = "The fixture's name; 'cto-harness fixtures' lists them." };
    private readonly Argument<string[]> _command = new("COMMAND") { Description = "A program and its arguments, behind '--'. Default: a shell.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal ShellCommand(Screen screen, Signals signals)
    {
        _screen = screen;
        _signals = signals;
        Symbols = new Command("shell", "Open a shell in exactly the sandbox that a backend would have on a copy of a fixture; at its end the record of tries is told on standard error. The exit code is the shell's.")
        {
            _fixture, _command, _stateDir, _harnessRoot, _noColor,
        };
        Symbols.SetAction(Act);
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness shell r1-string-slugify -- sh -c 'echo x > /etc/x'      what a backend may do, and what is on record of it";

    private int Act(ParseResult words)
    {
        var screen = words.GetValue(_noColor) ? _screen.Plain() : _screen;
        var environment = Surroundings.Environment();
        var folders = StateFolders.Find(environment, null, null, words.GetValue(_stateDir));
        var opened = Surroundings.OpenRoot(words.GetValue(_harnessRoot), folders);
        if (opened is not Parsed<HarnessRoot>.Value { Result: var root })
        {
            return (int)Failure.Report(screen, false, ExitCode.Usage, ((Parsed<HarnessRoot>.Refused)opened).Problems);
        }

        var name = words.GetValue(_fixture) ?? "";
        if (!TaskId.TryParse(name, out var task) || !root.FixtureNames().Contains(name))
        {
            return (int)Failure.Report(screen, false, ExitCode.Usage, [new Problem("FIXTURE", $"there is no fixture {PlainText.Quote(name)}", $"known are: {string.Join(", ", root.FixtureNames())}")]);
        }

        if (root.Policy() is not Parsed<RunPolicy>.Value { Result: var policy })
        {
            return (int)Failure.Report(screen, false, ExitCode.Usage, ((Parsed<RunPolicy>.Refused)root.Policy()).Problems);
        }

        try
        {
            var isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
            var end = FixtureShell.Run(
                root, folders, policy, task, new ShellWords([.. words.GetValue(_command) ?? []], Screen.Terminal, isTerminal, environment), TimeProvider.System,
                workspace => screen.Talk.WriteLine($"cto-harness: a backend's sandbox on {name}, in {PlainText.Visible(workspace)}; nothing of it stays"), _signals.Token);
            return end is Parsed<ShellEnd>.Value { Result: var ended } ? Told(screen, ended) : (int)Failure.Report(screen, false, ExitCode.Blocked, ((Parsed<ShellEnd>.Refused)end).Problems);
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return (int)code;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MachineException or GitException)
        {
            return (int)Failure.Report(screen, false, ExitCode.Inconclusive, [new Problem(folders.State, $"the sandbox could not be made: {fault.Message}", "'cto-harness doctor' tells what this machine lacks")]);
        }
    }

    private int Told(Screen screen, ShellEnd end)
    {
        RecordPage.Write(screen, end.Calls);
        foreach (var words in new[] { end.Trouble, end.Leftovers.Length > 0 ? $"the scratch folder {PlainText.Visible(end.Leftovers)} could not be removed whole; remove it by hand" : "" }.Where(words => words.Length > 0))
        {
            screen.Talk.WriteLine($"cto-harness: {words}");
        }

        return end.Program.End switch
        {
            EndKind.Interrupted => (int)(_signals.Code ?? ExitCode.Interrupted),
            EndKind.Exited or EndKind.Signalled => end.Program.ExitCode ?? (int)ExitCode.Inconclusive,
            EndKind.OverLimit => (int)ExitCode.Fail,
            _ => (int)ExitCode.Blocked,
        };
    }
}
