using CtoHarness.Cli;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Problems;

var screen = Screen.OfProcess();
using var signals = new Signals();
try
{
    return (int)CommandLine.Run(args, screen, signals);
}
catch (OutputLostException lost)
{
    screen.Talk.WriteLine($"cto-harness: the output could not be written: {PlainText.Visible(lost.Message, 300)}");
    return (int)ExitCode.Inconclusive;
}
#pragma warning disable CA1031 // the other of the two edges that catch everything: no stack trace reaches a user
catch (Exception bug)
#pragma warning restore CA1031
{
    screen.Talk.WriteLine($"cto-harness: this is a bug of the harness ({bug.GetType().Name}: {PlainText.Visible(bug.Message, 500)}); please report it with the command line");
    return (int)ExitCode.Bug;
}
