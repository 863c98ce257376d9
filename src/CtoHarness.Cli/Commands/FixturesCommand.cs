using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Cli.Commands;

/// <summary><c>fixtures</c>: the list; <c>fixtures check</c>: each proves itself.</summary>
internal sealed class FixturesCommand : HarnessCommand
{
    private readonly Argument<string[]> _names = new("FIXTURE") { Description = "The fixtures to check; none means all.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal FixturesCommand(Screen screen, Signals signals)
    {
        _screen = screen;
        _signals = signals;
        var check = new Command("check", "Prove fixtures: the solution passes the test command, the untouched workspace fails it, the base is the pinned one, every cheat is caught, and would have fooled a judge that believes exit codes.")
        {
            _names, _stateDir,
        };
        check.SetAction(words => (int)With(words, Check));
        foreach (var option in new Option[] { _harnessRoot, _json, _noColor })
        {
            option.Recursive = true;
        }

        Symbols = new Command("fixtures", "List the fixtures.") { _harnessRoot, _json, _noColor, check };
        Symbols.SetAction(words => (int)With(words, List));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness fixtures check      every fixture proves itself";

    private delegate ExitCode Act(ParseResult words, Screen screen, HarnessRoot root);

    private ExitCode With(ParseResult words, Act act)
    {
        var screen = words.GetValue(_noColor) ? _screen.Plain() : _screen;
        var json = words.GetValue(_json);
        var opened = Surroundings.OpenRoot(words.GetValue(_harnessRoot), StateFolders.Find(Surroundings.Environment(), null, null, null));
        if (opened is not Parsed<HarnessRoot>.Value { Result: var root })
        {
            return Failure.Report(screen, json, ExitCode.Usage, ((Parsed<HarnessRoot>.Refused)opened).Problems);
        }

        try
        {
            return act(words, screen, root);
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MachineException or GitException)
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, [new Problem(root.Folder, $"the fixtures could not be looked at: {fault.Message}", "mend that and try again")]);
        }
    }

    private ExitCode List(ParseResult words, Screen screen, HarnessRoot root)
    {
        var fixtures = root.FixtureNames().Select(name => FixtureFolder.Read(Path.Combine(root.Folder, "fixtures", name), _signals.Token)).ToList();
        if (words.GetValue(_json))
        {
            Failure.Write(screen, Document(fixtures));
            return ExitCode.Pass;
        }

        Listing.Write(screen, ["FIXTURE", "SOUND", "LANGUAGE", "CASES", "CHEATS", "ALLOWED FILES", "TITLE"], fixtures.Select(fixture => new[]
        {
            Name(fixture),
            fixture.Problems.IsEmpty ? "yes" : "no",
            PlainText.Visible(fixture.Fixture?.Language ?? "-", 40),
            fixture.Cases?.Expected.ToString(CultureInfo.InvariantCulture) ?? "-",
            fixture.Cheats?.All.Length.ToString(CultureInfo.InvariantCulture) ?? "-",
            fixture.Fixture is { } sound ? string.Join(' ', sound.AllowedFiles) : "-",
            PlainText.Visible(fixture.Fixture?.Title ?? "-", 200),
        }));
        screen.Report(fixtures.SelectMany(fixture => fixture.Problems));
        return ExitCode.Pass;
    }

    private ExitCode Check(ParseResult words, Screen screen, HarnessRoot root)
    {
        var json = words.GetValue(_json);
        var known = root.FixtureNames();
        var asked = words.GetValue(_names) is { Length: > 0 } named ? named.ToImmutableArray() : known;
        var problems = asked.Where(name => !known.Contains(name))
            .Select(name => new Problem("FIXTURE", $"there is no fixture {PlainText.Quote(name)}", $"known are: {string.Join(", ", known)}"))
            .Concat(asked.IsEmpty ? [new Problem(root.Folder, "the harness root has no fixture", "add one below fixtures/")] : [])
            .ToList();
        var policy = root.Policy();
        problems.AddRange(policy is Parsed<RunPolicy>.Refused refused ? refused.Problems : []);
        if (problems.Count > 0)
        {
            return Failure.Report(screen, json, ExitCode.Usage, problems);
        }

        var folders = StateFolders.Find(Surroundings.Environment(), null, null, words.GetValue(_stateDir));
        var rows = asked.Distinct().Select(name => (Name: name, Checks: FixtureCheck.Check(root, folders, ((Parsed<RunPolicy>.Value)policy).Result, name, _signals.Token))).ToList();
        if (json)
        {
            Failure.Write(screen, Document(rows));
        }
        else
        {
            foreach (var (name, checks) in rows)
            {
                foreach (var check in checks)
                {
                    screen.Result.WriteLine($"{screen.Paint(check.Passed ? "ok" : "fail"),-6} {name,-24} {check.Name,-18} {(check.Passed ? "" : PlainText.Visible(check.Detail))}".TrimEnd());
                }
            }
        }

        return rows.All(row => row.Checks.All(check => check.Passed)) ? ExitCode.Pass : ExitCode.Fail;
    }

    private static string Name(FixtureFolder fixture) => PlainText.Visible(Path.GetFileName(fixture.Folder), 64);

    private static byte[] Document(IEnumerable<(string Name, ImmutableArray<PreflightCheck> Checks)> rows)
    {
        var list = rows.ToList();
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/fixture-check/v1");
            json.WriteBoolean("passed", list.TrueForAll(row => row.Checks.All(check => check.Passed)));
            json.WriteStartArray("fixtures");
            foreach (var (name, checks) in list)
            {
                json.WriteStartObject();
                json.WriteString("id", name);
                json.WriteBoolean("passed", checks.All(check => check.Passed));
                json.WriteStartArray("checks");
                foreach (var check in checks)
                {
                    Printed.WriteCheck(json, check);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static byte[] Document(IEnumerable<FixtureFolder> fixtures) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/fixture-list/v1");
        json.WriteStartArray("fixtures");
        foreach (var fixture in fixtures)
        {
            json.WriteStartObject();
            json.WriteString("id", Name(fixture));
            json.WriteString("title", fixture.Fixture?.Title);
            json.WriteString("language", fixture.Fixture?.Language);
            json.WriteBoolean("valid", fixture.Problems.IsEmpty);
            json.WriteStrings("allowed_files", fixture.Fixture?.AllowedFiles.Select(path => path.ToString()) ?? []);
            json.WriteStrings("test_command", fixture.Fixture?.TestCommand ?? []);
            json.WriteObserved("cases", fixture.Cases?.Expected);
            json.WriteObserved("cheats", fixture.Cheats?.All.Length);
            json.WriteString("digest", fixture.Tree?.Digest().ToString());
            Printed.WriteProblems(json, fixture.Problems);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
