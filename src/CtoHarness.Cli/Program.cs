using CtoHarness.Cli;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

var screen = Screen.OfProcess();
if (HarnessProgram.IsSingleFile && !CryptoLibrary.Find(typeof(CommandLine).Assembly.GetManifestResourceStream))
{
    screen.Talk.WriteLine("cto-harness: this machine has no OpenSSL, by which digests and signatures are computed, and this program brings none: install libssl3");
    return (int)ExitCode.Blocked;
}

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
