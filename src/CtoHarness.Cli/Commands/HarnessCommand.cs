using System.CommandLine;
using CtoHarness.Core.Problems;

namespace CtoHarness.Cli.Commands;

/// <summary>One command of the command line.</summary>
internal abstract class HarnessCommand
{
    /// <summary>Name, description, options and arguments.</summary>
    internal abstract Command Symbols { get; }

    /// <summary>One line that a person could type, with what it does.</summary>
    internal abstract string Example { get; }

    /// <summary>The same for one of its verbs.</summary>
    internal virtual string ExampleOf(Command verb) => Example;

    /// <summary>What is wrong with the words beyond what the parser sees, so that all problems are told at once.</summary>
    internal virtual IEnumerable<Problem> ProblemsOf(ParseResult words) => [];
}
