using System.CommandLine;
using System.Globalization;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>runs repair</c>: closes or removes what runs left behind whose harness was killed.</summary>
internal sealed class RepairCommand : HarnessCommand
{
    private readonly Option<string?> _profile;
    private readonly Option<string?> _runsDir;
    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<bool> _json;
    private readonly Option<bool> _noColor;
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal RepairCommand(Screen screen, Signals signals, Option<string?> profile, Option<string?> runsDir, Option<bool> json, Option<bool> noColor)
    {
        (_screen, _signals, _profile, _runsDir, _json, _noColor) = (screen, signals, profile, runsDir, json, noColor);
        Symbols = new Command("repair", "Close the runs whose harness was killed (never as a pass), end what is left of their processes, and remove their scratch folders. Runs that go on are left alone.") { _stateDir };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness runs repair      close interrupted runs and clear what they left";

    internal override IEnumerable<Problem> ProblemsOf(ParseResult words) => Surroundings.CheckProfile(words.GetValue(_profile));

    private ExitCode Act(ParseResult words)
    {
        var screen = words.GetValue(_noColor) ? _screen.Plain() : _screen;
        var json = words.GetValue(_json);
        var profile = words.GetValue(_profile);
        var problems = Surroundings.CheckProfile(profile).ToList();
        if (problems.Count > 0)
        {
            return Failure.Report(screen, json, ExitCode.Usage, problems);
        }

        var folders = StateFolders.Find(Surroundings.Environment(), profile, words.GetValue(_runsDir), words.GetValue(_stateDir));
        try
        {
            var opened = new KeyStore(folders.Keys).OpenOrCreate(KeyStore.Harness);
            if (opened is not Parsed<SigningKey>.Value { Result: var key })
            {
                return Failure.Report(screen, json, ExitCode.Inconclusive, ((Parsed<SigningKey>.Refused)opened).Problems);
            }

            var items = RunRepair.Repair(folders, key, TimeProvider.System, _signals.Token);
            var failed = items.Where(item => item.Action == RepairAction.Failed).ToList();
            if (json)
            {
                Failure.Write(screen, Document(folders, items, clean: failed.Count == 0));
            }
            else
            {
                Show(screen, folders, items);
            }

            screen.Report(failed.Select(item => new Problem(PlainText.Visible(item.Path), $"it could not be repaired: {item.Reason}", "other leftovers were cleared")));
            return failed.Count == 0 ? ExitCode.Pass : ExitCode.Inconclusive;
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, [new Problem(folders.Runs, $"the leftovers cannot be looked at: {closed.Message}", "make the folders readable, or name others with --runs-dir and --state-dir")]);
        }
    }

    private static void Show(Screen screen, StateFolders folders, IReadOnlyList<RepairedItem> items)
    {
        if (items.Count == 0)
        {
            screen.Talk.WriteLine($"cto-harness: nothing is left over in {PlainText.Visible(folders.Runs)} and {PlainText.Visible(folders.State)}");
            return;
        }

        Listing.Write(screen, ["DONE", "WHAT", "PROCESSES", "NAME", "WHY"], items.Select(item => new[]
        {
            Word(item.Action), Word(item.Kind), item.Processes == 0 ? "-" : $"{item.Processes.ToString(CultureInfo.InvariantCulture)} ended",
            PlainText.Visible(item.Name, 250), PlainText.Visible(item.Reason, 1000),
        }));
    }

    private static byte[] Document(StateFolders folders, IEnumerable<RepairedItem> items, bool clean) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/run-repair/v1");
        json.WriteString("runs_dir", folders.Runs);
        json.WriteString("state_dir", folders.State);
        json.WriteBoolean("clean", clean);
        json.WriteStartArray("items");
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WriteString("kind", Word(item.Kind));
            json.WriteString("name", PlainText.Visible(item.Name, 250));
            json.WriteString("path", PlainText.Visible(item.Path));
            json.WriteString("action", Word(item.Action));
            json.WriteNumber("processes_ended", item.Processes);
            json.WriteString("reason", PlainText.Visible(item.Reason));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Word(LeftoverKind kind) => kind switch
    {
        LeftoverKind.Run => "run",
        LeftoverKind.Scratch => "scratch",
        LeftoverKind.Repository => "repository",
        LeftoverKind.Program => "program",
        _ => "plan",
    };

    private static string Word(RepairAction action) => action switch
    {
        RepairAction.Closed => "closed",
        RepairAction.Removed => "removed",
        RepairAction.Left => "left",
        _ => "failed",
    };
}
