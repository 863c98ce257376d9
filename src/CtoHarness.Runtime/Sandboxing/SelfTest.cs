using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>Tries a sandbox before a backend is started in it: the real command line, with a canary in the backend's place.</summary>
/// <remarks>
/// An observed sandbox is tried twice. A supervisor refuses before the kernel is asked, so that a second canary, with the same filter but without one, tells
/// whether the kernel's layers hold by themselves.
/// </remarks>
internal static class SelfTest
{
    private const int Port = 21_473;
    private const int MostWords = 4000;
    private static readonly TimeSpan Wall = TimeSpan.FromMinutes(1); // a cold start on a busy machine; a warm one takes a twentieth of a second

    /// <summary>Makes the test.</summary>
    /// <param name="tools">The programs that build the sandbox.</param>
    /// <param name="policy">The sandbox as the backend will have it.</param>
    /// <param name="insideFolders">Folders that must be writable in it.</param>
    /// <param name="maskedFiles">Files of the machine that must not be readable in it, besides the bait.</param>
    /// <param name="bait">What the canary is tempted with.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    internal static SelfTestOutcome Run(
        SandboxTools tools, SandboxPolicy policy, IReadOnlyList<string> insideFolders, IReadOnlyList<string> maskedFiles, Bait bait, CancellationToken interrupt)
    {
        var began = Stopwatch.GetTimestamp();
        if (policy.Confinement is not { } confinement)
        {
            return NotUp("the policy confines nothing beyond bubblewrap", began);
        }

        if (LaneSandbox.Machine is not { } machine)
        {
            return NotUp("there is no table of system calls for this machine", began);
        }

        var port = confinement.Port > 0 ? confinement.Port : Port;
        var tries = new CanaryTries(
            bait.Outside, [.. maskedFiles, bait.Masked], [.. insideFolders], bait.TcpPort, bait.UnixSocket, bait.AbstractSocket, bait.Process, port, Token(), policy.UserId ?? ProcessCalls.User);
        var filter = confinement.IsObserved ? SeccompFilter.For(machine, observe: false) : [];
        // Ports of their own, so that they do not meet where no network is theirs alone.
        var (alone, real) = Together.Run(
            () => confinement.IsObserved
                ? Round.Of(tools, machine, policy with { Confinement = confinement with { Port = port + 1, IsObserved = false, Filter = filter } }, tries with { Token = Token(), GatewayPort = port + 1 }, interrupt)
                : null,
            () => Round.Of(tools, machine, policy with { Confinement = confinement with { Port = port } }, tries, interrupt));
        if (real.Answers is not { } answers)
        {
            return NotUp(real.Words, began);
        }

        if (alone is { Answers: null })
        {
            return NotUp("without its supervisor: " + alone.Words, began);
        }

        var checks = alone is { Answers: { } others } ? [.. answers.Checks.Zip(others.Checks, Both), Observation(real.Calls, tries)] : answers.Checks;
        return new SelfTestOutcome(
            true, "", "", real.Landlock, answers.Namespaces,
            [.. checks.Select(check => Seen(check, bait, tries)), Landlock(real.Landlock)], Stopwatch.GetElapsedTime(began));
    }

    private static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static SelfTestOutcome NotUp(string words, long began) =>
        new(false, words, SandboxAdvice.For(words), 0, [], [], Stopwatch.GetElapsedTime(began));

    private static PreflightCheck Both(PreflightCheck real, PreflightCheck alone) =>
        real.Passed && !alone.Passed ? alone with { Detail = "without its supervisor: " + alone.Detail } : real;

    // What the canary says is not all: the harness looks itself.
    private static PreflightCheck Seen(PreflightCheck check, Bait bait, CanaryTries tries) => check.Name switch
    {
        "write-outside" when bait.Made is [var made, ..] => check with { Passed = false, Detail = $"{check.Detail}; now {PlainText.Quote(made)} stands there" },
        "read-masked" when tries.Masked.FirstOrDefault(path => !HasContent(path)) is { } missing =>
            check with { Passed = false, Detail = $"{PlainText.Quote(missing)} has nothing in it that could be read, so that trying it shows nothing" },
        _ => check,
    };

    private static bool HasContent(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    // Each write outside was tried under the supervisor, so each must be on record.
    private static PreflightCheck Observation(CallRecord calls, CanaryTries tries)
    {
        var lost = tries.Outside.Where(one => !calls.Attempts.Any(call => call is { Writes: true, Denied: true } && call.Path == one.Path)).Select(one => one.Path).ToList();
        return new PreflightCheck(
            "observation",
            calls.IsComplete && lost.Count == 0,
            !calls.IsComplete ? $"the record is not whole: {PlainText.Visible(calls.Trouble, 300)}"
                : lost.Count > 0 ? $"the try at {PlainText.Quote(lost[0])} is not on record as refused"
                : string.Create(CultureInfo.InvariantCulture, $"{calls.Notified} calls were looked at; each write that was tried outside is on record as refused"));
    }

    private static PreflightCheck Landlock(int version) => new(
        "landlock", version > 0,
        version > 0 ? $"version {LandlockVersion.Describe(version)}" : $"no Landlock was laid; Linux {LandlockVersion.KernelOf(1)} has it, with landlock among the names of the boot parameter lsm=");

    /// <summary>One canary in one sandbox.</summary>
    /// <param name="Answers">What it said; null where the sandbox did not come up.</param>
    /// <param name="Words">What was said where it did not.</param>
    /// <param name="Landlock">The Landlock version that was laid.</param>
    /// <param name="Calls">What was observed.</param>
    private sealed record Round(CanaryAnswers? Answers, string Words, int Landlock, CallRecord Calls)
    {
        internal static Round Of(SandboxTools tools, MachineKind machine, SandboxPolicy policy, CanaryTries tries, CancellationToken interrupt)
        {
            using var words = new MemoryStream();
            using var log = new AttemptLog(null);
            using var echo = new EchoListener();
            var init = new InitChannel(policy.Confinement!.IsObserved ? new Supervisor(Places(policy), machine, log, TimeProvider.System) : null, echo.Serve);
            var sink = new ByteSink(words, MostWords);
            try
            {
                var outcome = new Bubblewrap(tools).Run(policy, tries.Command, Wall, sink, sink, interrupt, init: init);
                interrupt.ThrowIfCancellationRequested();
                var said = $"{init.Failure} {Encoding.UTF8.GetString(words.ToArray())}".Trim();
                return outcome is { End: EndKind.Exited, ExitCode: 0 } && init is { Canary: { } lines, Landlock: { } version }
                    ? new Round(CanaryAnswers.Read(lines, tries, Namespace), "", version, log.Record())
                    : new Round(null, Ending(outcome, said), 0, log.Record());
            }
            catch (IOException refused)
            {
                return new Round(null, PlainText.Visible(refused.Message, 600), 0, log.Record());
            }
        }

        private static string Ending(ProgramOutcome outcome, string said) =>
            $"a canary did not come to its end ({Core.Evidence.Words.Of(outcome.End)}{(outcome.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $", exit code {code}") : "")})"
            + (said.Length > 0 ? $": {PlainText.Visible(said, 600)}" : "");

        private static PlaceMap Places(SandboxPolicy policy) => new(
            [.. policy.Confinement!.WritableFolders, .. policy.Confinement.WritableFiles],
            [.. policy.MaskedFolders.Concat(policy.MaskedFiles).Select(place => (place, AttemptClass.Hidden))]);

        private static string? Namespace(string kind) => File.ResolveLinkTarget("/proc/self/ns/" + kind, false)?.Name;
    }
}
