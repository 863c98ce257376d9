using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>show</c>: the report of one run.</summary>
internal sealed class ShowCommand : HarnessCommand
{
    private const int MostPage = 64 << 20;
    private readonly Argument<string> _run = new("RUN") { Description = "A run's name, or 'latest'." };
    private readonly Option<string?> _profile = SharedOptions.Profile();
    private readonly Option<string?> _runsDir = SharedOptions.RunsDir();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Screen _screen;

    internal ShowCommand(Screen screen)
    {
        _screen = screen;
        Symbols = new Command("show", "Show the report of a run.") { _run, _profile, _runsDir, _json };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness show latest      the report of the newest run, to read";

    internal override IEnumerable<Problem> ProblemsOf(ParseResult words) => Surroundings.CheckProfile(words.GetValue(_profile));

    private ExitCode Act(ParseResult words)
    {
        var json = words.GetValue(_json);
        var profile = words.GetValue(_profile);
        var problems = Surroundings.CheckProfile(profile).ToList();
        if (problems.Count > 0)
        {
            return Failure.Report(_screen, json, ExitCode.Usage, problems);
        }

        var folder = StateFolders.Find(Surroundings.Environment(), profile, words.GetValue(_runsDir), null).Runs;
        var name = words.GetValue(_run) ?? "";
        try
        {
            return RunCatalogue.Find(folder, name) switch
            {
                null => Failure.Report(_screen, json, ExitCode.Usage, [new Problem("RUN", $"there is no run {PlainText.Quote(name)} in {PlainText.Visible(folder)}", "'cto-harness runs' lists them")]),
                { State: not RunState.Complete } odd => Failure.Report(_screen, json, ExitCode.Inconclusive, [new Problem(
                    PlainText.Visible(odd.Path), WhyNot(odd.State), odd.State switch
                    {
                        RunState.Running => "wait for its end",
                        RunState.Interrupted or RunState.Unfinished => "'cto-harness runs repair' closes it",
                        _ => "look at its files",
                    })]),
                var row => Show(row, json),
            };
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(_screen, json, ExitCode.Inconclusive, [new Problem(folder, $"the run cannot be read: {closed.Message}", "make it readable")]);
        }
    }

    private static string WhyNot(RunState state) => state switch
    {
        RunState.Legacy => "an earlier harness wrote this run; it has no report of this version",
        RunState.Running => "this run goes on; it has no report yet",
        RunState.Interrupted => "the harness ended before it had closed this run; it has no report",
        RunState.Unfinished => "this run was not closed; it has no report",
        _ => "its report.json cannot be read",
    };

    // The page was written safely, but the file is only a file: line by line, it is made safe again.
    private ExitCode Show(RunRow row, bool json)
    {
        var page = System.Text.Encoding.UTF8.GetString(RegularFile.Read(Path.Combine(row.Path, json ? "report.json" : "report.md"), MostPage, followLink: false));
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            _screen.Result.WriteLine(PlainText.Visible(line, 1 << 20));
        }

        return ExitCode.Pass;
    }
}
