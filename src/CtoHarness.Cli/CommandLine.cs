using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using CtoHarness.Cli.Commands;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Problems;

namespace CtoHarness.Cli;

/// <summary>Composes the commands, and tells all that is wrong with the words at once.</summary>
internal static class CommandLine
{
    internal static ExitCode Run(string[] arguments, Screen screen, Signals signals)
    {
        var runs = new RunsCommand(screen, signals);
        ImmutableArray<HarnessCommand> commands =
        [
            new RunCommand(screen, signals), runs, runs.Repair, new ShowCommand(screen),
            new VerifyCommand(screen, signals), new ChallengeCommand(screen), new PackCommand(screen, signals), new KeysCommand(screen),
            new FixturesCommand(screen, signals), new EnginesCommand(screen, signals), new PolicyCommand(screen),
            new DoctorCommand(screen, signals), new ShellCommand(screen, signals), new SealReleaseCommand(screen, signals),
        ];
        var root = Compose(commands);
        var words = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null }); // a word that begins with @ names no file
        if (words.Errors.Count > 0 && words.Action is not { ClearsParseErrors: true })
        {
            return Refuse(words, commands, screen);
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are ours: a run must close its bundle first
            Output = screen.Result,
            Error = screen.Talk,
        };
        return (ExitCode)words.Invoke(configuration);
    }

    private static RootCommand Compose(ImmutableArray<HarnessCommand> commands)
    {
        var root = new RootCommand("Find out whether a coding agent may touch real work: run it on a copy of a small fixture, in a sandbox, and judge the result.");
        foreach (var command in commands.Where(command => !command.Symbols.Parents.Any()))
        {
            root.Subcommands.Add(command.Symbols);
        }

        root.Directives.Clear();
        root.SetAction(words => (int)NoCommand(words));
        var help = root.Options.OfType<HelpOption>().First();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, commands);
        return root;
    }

    private static ExitCode NoCommand(ParseResult words)
    {
        words.InvocationConfiguration.Error.WriteLine("cto-harness: no command was given; 'cto-harness --help' lists them, 'cto-harness run r1-string-slugify' is a start");
        return ExitCode.Usage;
    }

    private static ExitCode Refuse(ParseResult words, ImmutableArray<HarnessCommand> commands, Screen screen)
    {
        var path = Path(words.CommandResult);
        var problems = words.Errors.Select(error => new Problem(path["cto-harness".Length..].Trim() is { Length: > 0 } name ? name : "words", error.Message.TrimEnd('.'), $"'{path} --help' tells what it takes"));
        var more = MoreOf(words, commands);
        var json = words.CommandResult.Command.Parents.OfType<Command>().Prepend(words.CommandResult.Command)
            .SelectMany(command => command.Options).OfType<Option<bool>>().FirstOrDefault(option => option.Name == "--json");
        return Failure.Report(screen, json is not null && words.GetValue(json), ExitCode.Usage, [.. problems, .. more]);
    }

    // Where an option stands without its value, asking for that value throws; that it is missing is told already.
    private static List<Problem> MoreOf(ParseResult words, ImmutableArray<HarnessCommand> commands)
    {
        try
        {
            return [.. commands.FirstOrDefault(command => command.Symbols == words.CommandResult.Command)?.ProblemsOf(words) ?? []];
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    private static string Path(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : "cto-harness";
}
