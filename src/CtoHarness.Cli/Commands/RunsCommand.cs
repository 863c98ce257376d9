using System.CommandLine;
using System.Globalization;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>runs</c>: the bundles in a folder, newest first.</summary>
internal sealed class RunsCommand : HarnessCommand
{
    private readonly Option<string?> _profile = SharedOptions.Profile();
    private readonly Option<string?> _runsDir = SharedOptions.RunsDir();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;

    internal RunsCommand(Screen screen, Signals signals)
    {
        _screen = screen;
        Repair = new RepairCommand(screen, signals, _profile, _runsDir, _json, _noColor);
        foreach (var option in new Option[] { _profile, _runsDir, _json, _noColor })
        {
            option.Recursive = true;
        }

        Symbols = new Command("runs", "List the runs, newest first, as their reports say; nothing is verified here.") { _profile, _runsDir, _json, _noColor, Repair.Symbols };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    /// <summary>The command below this one.</summary>
    internal RepairCommand Repair { get; }

    internal override string Example => "cto-harness runs --json      every run with its status, newest first";

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

        var folder = StateFolders.Find(Surroundings.Environment(), profile, words.GetValue(_runsDir), null).Runs;
        try
        {
            var (rows, unfinished) = RunCatalogue.List(folder);
            if (json)
            {
                Failure.Write(screen, Document(folder, rows, unfinished));
            }
            else
            {
                Show(screen, folder, rows);
            }

            return ExitCode.Pass;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, [new Problem(folder, $"the runs folder cannot be read: {closed.Message}", "make it readable, or name another with --runs-dir")]);
        }
    }

    private static void Show(Screen screen, string folder, IReadOnlyList<RunRow> rows)
    {
        if (rows.Count == 0)
        {
            screen.Talk.WriteLine($"cto-harness: no runs in {PlainText.Visible(folder)}");
        }
        else
        {
            Listing.Write(screen, ["STATUS", "TASK", "BACKEND", "TIME", "RUN"], rows.Select(row => new[]
            {
                row.State switch
                {
                    RunState.Complete => row.Status!,
                    RunState.Legacy => "legacy, unsealed",
                    RunState.Interrupted => row.Status + ", interrupted",
                    RunState.Running => "running",
                    RunState.Unfinished => "unfinished",
                    _ => "unreadable",
                },
                row.Task ?? "-",
                row.Backend ?? "-",
                row.DurationMs is { } ms ? ms.ToString(CultureInfo.InvariantCulture) + " ms" : "-",
                row.Name,
            }));
        }

        if (rows.Count(row => row.State == RunState.Interrupted) is > 0 and var interrupted)
        {
            screen.Talk.WriteLine($"cto-harness: the harness of {interrupted} run(s) ended before it had closed them; 'cto-harness runs repair' closes them and clears what they left");
        }
    }

    private static byte[] Document(string folder, IReadOnlyList<RunRow> rows, IReadOnlyList<string> unfinished) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/run-list/v1");
        json.WriteString("runs_dir", folder);
        json.WriteStartArray("runs");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("run_id", row.Name);
            json.WriteString("state", row.State switch
            {
                RunState.Complete => "complete",
                RunState.Legacy => "legacy",
                RunState.Running => "running",
                RunState.Interrupted => "interrupted",
                RunState.Unfinished => "unfinished",
                _ => "unreadable",
            });
            json.WriteBoolean("sealed", false);
            json.WriteString("status", row.Status);
            json.WriteString("fault", row.Fault);
            json.WriteString("backend", row.Backend);
            json.WriteString("task_id", row.Task);
            json.WriteString("started_at", row.StartedAt);
            json.WriteObserved("duration_ms", row.DurationMs);
            json.WriteString("summary", row.Summary);
            json.WriteString("path", row.Path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("unfinished", unfinished.Select(name => PlainText.Visible(name, 250)));
        json.WriteEndObject();
    });
}
