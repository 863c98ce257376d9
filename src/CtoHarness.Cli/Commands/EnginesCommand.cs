using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>engines</c>: what may be run, whether it is installed and usable, and whether its gates are open.</summary>
internal sealed class EnginesCommand : HarnessCommand
{
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal EnginesCommand(Screen screen, Signals signals)
    {
        _screen = screen;
        _signals = signals;
        Symbols = new Command("engines", "List the engines: installed or not, usable or why not, version, digest, model, gates, stages held. One whose gates are open may be asked for its version, in a sandbox.")
        {
            _harnessRoot, _stateDir, _json, _noColor,
        };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness engines      which engines there are, and which gates are open";

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

        try
        {
            var problems = new List<Problem>();
            var rows = Rows(root, folders, environment, problems);
            if (problems.Count > 0)
            {
                return Failure.Report(screen, json, ExitCode.Usage, problems);
            }

            if (json)
            {
                Failure.Write(screen, EnginesPage.Document(rows));
            }
            else
            {
                EnginesPage.Write(screen, rows);
            }

            return ExitCode.Pass;
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
    }

    private List<EngineRow> Rows(HarnessRoot root, StateFolders folders, IReadOnlyDictionary<string, string> environment, List<Problem> problems)
    {
        var models = root.Models();
        problems.AddRange(models is Parsed<ModelRegistry>.Refused noModels ? noModels.Problems : []);
        var read = root.EngineNames().Select(root.Engine).ToList();
        problems.AddRange(read.OfType<Parsed<EngineManifest>.Refused>().SelectMany(bad => bad.Problems));
        if (problems.Count > 0)
        {
            return [];
        }

        if (root.Policy() is not Parsed<RunPolicy>.Value { Result: var policy })
        {
            problems.AddRange(((Parsed<RunPolicy>.Refused)root.Policy()).Problems);
            return [];
        }

        var registry = ((Parsed<ModelRegistry>.Value)models).Result;
        return [.. read.OfType<Parsed<EngineManifest>.Value>().Select(one => Row(one.Result))];

        EngineRow Row(EngineManifest engine)
        {
            var gates = Gates.Of(engine, RunRequest.Stage, environment);
            var standing = EngineStanding.Of(root, folders, policy, engine, gates.All(gate => gate.Open), environment, TimeProvider.System, _signals.Token);
            return new EngineRow(engine, standing, gates, registry.AdmissionOf(engine.Model));
        }
    }
}
