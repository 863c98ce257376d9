using System.CommandLine;
using System.Globalization;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Signing;

namespace CtoHarness.Cli.Commands;

/// <summary><c>run</c>: one run of one engine on one fixture, with its bundle.</summary>
internal sealed class RunCommand : HarnessCommand
{
    private readonly Argument<string> _fixture = new("FIXTURE") { Description = "The fixture's name; 'cto-harness fixtures' lists them." };
    private readonly Option<string> _engine = new("--engine") { Description = "The engine; 'cto-harness engines' lists them. Any but fake needs its gates open.", HelpName = "NAME", DefaultValueFactory = _ => "fake" };
    private readonly Option<string?> _model = new("--model") { Description = "The model to call, where the engine calls one.", HelpName = "PROVIDER/MODEL" };
    private readonly Option<string?> _profile = SharedOptions.Profile();
    private readonly Option<string?> _runsDir = SharedOptions.RunsDir();
    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<string[]> _target = new("--target") { Description = "A path that the backend must not even see: it is hidden in the sandbox. May be repeated.", HelpName = "PATH" };
    private readonly Option<string[]> _protect = new("--protect") { Description = "A path that must not change, besides those of the policy: digested before and after the run. May be repeated.", HelpName = "PATH" };
    private readonly Option<string?> _nonce = new("--nonce") { Description = "A nonce that a verifier chose, for freshness.", HelpName = "64-HEX" };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long the backend may run. Default: limits.wall_seconds of the policy.", HelpName = "SECONDS|15m|2h" };
    private readonly Option<bool> _keep = new("--keep-workspace") { Description = "Keep the scratch folders of the run." };
    private readonly Option<bool> _noControls = new("--no-controls") { Description = "Leave out the controls, whose verdicts are known beforehand; the report says so." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print what would be started, with the whole sandbox command line, and start nothing." };
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No line per step on standard error." };
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal RunCommand(Screen screen, Signals signals)
    {
        _screen = screen;
        _signals = signals;
        Symbols = new Command("run", "Run an engine on a copy of a fixture, judge the result, and leave a bundle of evidence.")
        {
            _fixture, _engine, _model, _profile, _runsDir, _stateDir, _harnessRoot, _target, _protect, _nonce, _timeout, _keep, _noControls, _dryRun, _json, _quiet, _noColor,
        };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness run r1-string-slugify --json      one run with the fake engine; the report on standard output";

    internal override IEnumerable<Problem> ProblemsOf(ParseResult words) =>
        words.GetResult(_fixture)?.Tokens.Count > 0 && words.Errors.All(e => e.SymbolResult is not System.CommandLine.Parsing.OptionResult)
        && RequestReader.Read(Words(words)) is Parsed<RunRequest>.Refused refused ? refused.Problems : [];

    private RunWords Words(ParseResult words) => new(
        words.GetValue(_fixture) ?? "", words.GetValue(_engine) ?? "fake", words.GetValue(_model), words.GetValue(_profile), words.GetValue(_runsDir),
        words.GetValue(_stateDir), words.GetValue(_harnessRoot), [.. words.GetValue(_target) ?? []], [.. words.GetValue(_protect) ?? []],
        words.GetValue(_nonce), words.GetValue(_timeout), words.GetValue(_keep), words.GetValue(_noControls));

    private ExitCode Act(ParseResult words)
    {
        var json = words.GetValue(_json);
        var screen = words.GetValue(_noColor) || json ? _screen.Plain() : _screen;
        if (RequestReader.Read(Words(words)) is not Parsed<RunRequest>.Value { Result: var request } parsed)
        {
            var problems = ((Parsed<RunRequest>.Refused)RequestReader.Read(Words(words))).Problems;
            return Failure.Report(screen, json, ExitCode.Usage, problems);
        }

        try
        {
            return words.GetValue(_dryRun) ? Plan(screen, json, request) : Run(screen, json, words.GetValue(_quiet), request);
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
        catch (NotAcceptedException fault)
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, [new Problem(
                request.Folders.Runs, $"no bundle could be sealed: {fault.Message}", "what was observed is kept: 'cto-harness runs repair' closes it as interrupted, or says what holds that up")]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, [new Problem(
                request.Folders.Runs, $"no bundle could be written: {fault.Message}", "make room or name another folder with --runs-dir; nothing half-written was left")]);
        }
    }

    private ExitCode Plan(Screen screen, bool json, RunRequest request)
    {
        var plan = RunPipeline.Plan(request, TimeProvider.System, _signals.Token);
        if (json)
        {
            Failure.Write(screen, Printed.OfPlan(plan));
        }
        else
        {
            PlanPage.Write(screen, plan);
        }

        return plan.Refusals.IsEmpty ? ExitCode.Pass : ExitCode.Blocked;
    }

    private ExitCode Run(Screen screen, bool json, bool quiet, RunRequest request)
    {
        var opened = new KeyStore(request.Folders.Keys).OpenOrCreate(KeyStore.Harness);
        if (opened is not Parsed<SigningKey>.Value { Result: var key })
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, ((Parsed<SigningKey>.Refused)opened).Problems);
        }

        var result = RunPipeline.Run(request, key, TimeProvider.System, step => ShowStep(screen, quiet, step), _signals.Token);
        try
        {
            Print(screen, json, request, result);
        }
        catch (OutputLostException lost)
        {
            // The bundle stands; only the telling failed.
            screen.Talk.WriteLine($"cto-harness: the result could not be written to standard output: {lost.Message}; the bundle is {PlainText.Visible(result.Bundle)}");
            return ExitCode.Inconclusive;
        }

        if (result.Leftovers.Length > 0)
        {
            screen.Talk.WriteLine($"cto-harness: the scratch folder {PlainText.Visible(result.Leftovers)} could not be removed whole; remove it by hand");
        }

        return _signals.Code is { } code && result.Verdict.Blockers.Any(b => b.Code == BlockerCode.Interrupted) ? code
            : result.Bug is not null ? ExitCode.Bug
            : ExitCodes.Of(result.Verdict.Status);
    }

    private static void Print(Screen screen, bool json, RunRequest request, RunResult result)
    {
        if (json)
        {
            Failure.Write(screen, File.ReadAllBytes(Path.Combine(result.Bundle, "report.json")));
        }
        else
        {
            ShowResult(screen, request, result);
            screen.Result.Flush();
        }
    }

    private static void ShowStep(Screen screen, bool quiet, StepEnded step)
    {
        if (!quiet)
        {
            var time = step.Duration.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
            screen.Talk.WriteLine($"  {step.Name,-10} {screen.PaintTalk(step.Word.PadRight(11))} {screen.DimTalk($"{time,6} ms")}");
        }
    }

    private static void ShowResult(Screen screen, RunRequest request, RunResult result)
    {
        var verdict = result.Verdict;
        screen.Result.WriteLine($"{screen.Paint(Words(verdict))}  {request.Task} by {request.Engine.Name}: {PlainText.Visible(verdict.Summary)}");
        foreach (var blocker in verdict.Blockers)
        {
            screen.Result.WriteLine($"  {blocker.Code}: {PlainText.Visible(blocker.Message)}");
        }

        foreach (var finding in verdict.Findings)
        {
            screen.Result.WriteLine($"  note {finding.Code}: {PlainText.Visible(finding.Message)}");
        }

        screen.Result.WriteLine($"  bundle {PlainText.Visible(result.Bundle)}");
        if (request.KeepWorkspace)
        {
            screen.Result.WriteLine($"  scratch {PlainText.Visible(result.Scratch)}");
        }
    }

    private static string Words(Verdict verdict) => Core.Evidence.Words.Of(verdict.Status);
}
