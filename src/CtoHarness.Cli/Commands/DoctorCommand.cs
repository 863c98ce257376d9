using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Hosts;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>doctor</c>: what this machine can enforce, by doing it, and what would bring the rest.</summary>
internal sealed class DoctorCommand : HarnessCommand
{
    private readonly Option<int?> _landlock = new("--landlock")
    {
        Description = "Use Landlock as a kernel would that has it up to this version only; 0 for none. It simulates an older kernel, and the output says so.",
        HelpName = "VERSION",
    };

    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal DoctorCommand(Screen screen, Signals signals)
    {
        _screen = screen;
        _signals = signals;
        _landlock.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) && version < 1000))
            {
                result.AddError($"--landlock is {PlainText.Quote(token.Value)}: name a version, such as 2, or 0 for none");
            }
        });
        Symbols = new Command("doctor", "Find out what this machine can enforce, by doing it: what is there, what is missing, the command that would bring it, and which stages that allows. It installs nothing.")
        {
            _landlock, _stateDir, _harnessRoot, _json, _noColor,
        };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness doctor      what a sandbox can hold here; exit code 0 where a backend may start, else 3";

    private ExitCode Act(ParseResult words)
    {
        var json = words.GetValue(_json);
        var screen = words.GetValue(_noColor) || json ? _screen.Plain() : _screen;
        var environment = Surroundings.Environment();
        var folders = StateFolders.Find(environment, null, null, words.GetValue(_stateDir));
        var opened = Surroundings.OpenRoot(words.GetValue(_harnessRoot), folders);
        if (opened is not Parsed<HarnessRoot>.Value { Result: var root })
        {
            return Failure.Report(screen, json, ExitCode.Usage, ((Parsed<HarnessRoot>.Refused)opened).Problems);
        }

        if (root.Policy() is not Parsed<RunPolicy>.Value { Result: var policy })
        {
            return Failure.Report(screen, json, ExitCode.Usage, ((Parsed<RunPolicy>.Refused)root.Policy()).Problems);
        }

        try
        {
            var report = HostExamination.Make(root, folders, policy, words.GetValue(_landlock), environment, _signals.Token);
            if (json)
            {
                Failure.Write(screen, DoctorPage.Document(report));
            }
            else
            {
                DoctorPage.Write(screen, report);
            }

            return report.AllowsBackends ? ExitCode.Pass : ExitCode.Blocked;
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, [new Problem(folders.State, $"the machine could not be looked at: {fault.Message}", "mend that and try again")]);
        }
    }
}
