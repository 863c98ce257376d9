using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using CtoHarness.Cli.Commands;

namespace CtoHarness.Cli.Output;

/// <summary>The parser's own help, with an example per command and the exit codes behind it.</summary>
internal sealed class HelpWithExamples(HelpAction help, ImmutableArray<HarnessCommand> commands) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var shown = commands.Where(one => (command is RootCommand && !one.Symbols.Hidden) || one.Symbols == command || one.Symbols.Subcommands.Contains(command)).ToList();
        var text = parseResult.InvocationConfiguration.Output;
        text.WriteLine(shown.Count > 1 ? "Examples:" : "Example:");
        foreach (var one in shown)
        {
            text.WriteLine($"  {(one.Symbols.Subcommands.Contains(command) ? one.ExampleOf(command) : one.Example)}");
        }

        text.WriteLine();
        text.WriteLine("Exit codes: 0 pass, 1 fail, 2 wrong words, 3 blocked, 4 inconclusive, 70 bug, 130 Ctrl-C, 143 SIGTERM.");
        return code;
    }
}
