using CtoHarness.Core.Verdicts;

namespace CtoHarness.Cli;

/// <summary>Every exit code of the command; <c>docs/exit-codes.md</c> explains them.</summary>
internal enum ExitCode
{
    /// <summary>Every obligation was observed to hold, or the question was answered.</summary>
    Pass = 0,

    /// <summary>The backend ran and broke an obligation, or a check did not hold.</summary>
    Fail = 1,

    /// <summary>The words given are wrong, or name what does not exist.</summary>
    Usage = 2,

    /// <summary>Something refused the run before the backend started.</summary>
    Blocked = 3,

    /// <summary>The machine, the provider or the verifier let us down.</summary>
    Inconclusive = 4,

    /// <summary>A bug of the harness.</summary>
    Bug = 70,

    /// <summary>Ctrl-C (SIGINT).</summary>
    Interrupted = 130,

    /// <summary>SIGTERM.</summary>
    Terminated = 143,
}

/// <summary>The one place that maps a status to an exit code.</summary>
internal static class ExitCodes
{
    internal static ExitCode Of(RunStatus status) => status switch
    {
        RunStatus.Pass => ExitCode.Pass,
        RunStatus.Fail => ExitCode.Fail,
        RunStatus.Blocked => ExitCode.Blocked,
        _ => ExitCode.Inconclusive,
    };
}
