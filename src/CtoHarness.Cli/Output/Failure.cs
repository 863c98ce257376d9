using CtoHarness.Core.Problems;

namespace CtoHarness.Cli.Output;

/// <summary>Tells a person, or a script, that nothing came of a command.</summary>
internal static class Failure
{
    internal static ExitCode Report(Screen screen, bool json, ExitCode code, IReadOnlyCollection<Problem> problems)
    {
        if (json)
        {
            Write(screen, Printed.OfProblems(code, problems));
        }

        screen.Report(problems);
        return code;
    }

    /// <summary>Writes a document of ours to standard output.</summary>
    internal static void Write(Screen screen, byte[] document)
    {
        screen.Result.Write(System.Text.Encoding.UTF8.GetString(document));
        screen.Result.Flush();
    }
}
