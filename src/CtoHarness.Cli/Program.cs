using System.Text;
using CtoHarness.Cli;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Problems;

Console.OutputEncoding = new UTF8Encoding(false);
var screen = Screen.OfProcess();
using var signals = new Signals();
try
{
    return (int)CommandLine.Run(args, screen, signals);
}
#pragma warning disable CA1031 // the other of the two edges that catch everything: no stack trace reaches a user
catch (Exception bug)
#pragma warning restore CA1031
{
    if (bug is IOException && bug.HResult == CommandLine.BrokenPipe)
    {
        return (int)ExitCode.Pass; // whoever read our output has seen enough
    }

    screen.Talk.WriteLine($"cto-harness: this is a bug of the harness ({bug.GetType().Name}: {PlainText.Visible(bug.Message, 500)}); please report it with the command line");
    return (int)ExitCode.Bug;
}
