using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Verification;

/// <summary>Puts cases to the code in one lane. Only inputs go in; no expected answer is anywhere that the lane's sandbox sees.</summary>
/// <param name="Site">The run.</param>
/// <param name="Plan">What the run will start.</param>
/// <param name="Set">How the fixture is verified.</param>
/// <param name="Driver">The language's driver; null where no function is called.</param>
internal sealed record Examiner(RunSite Site, RunPlan Plan, CaseSet Set, FrozenDriver? Driver)
{
    /// <summary>Descriptor 4 carries the requests and 3 the answers; the code under test reads nothing and prints into the log.</summary>
    private const string Redirect = "exec \"$@\" 4<&0 </dev/null 3>&1 1>&2";

    /// <summary>Makes a lane in which code can be asked: a pristine workspace without repository, and the driver.</summary>
    internal void Prepare(LaneFolders lane)
    {
        lane.Make(Site.SandboxUser, Site.Pristine, null, Site.Interrupt);
        if (Driver is not null)
        {
            FileCopier.CopyFile(Driver.Path, Path.Combine(lane.Given, Driver.Manifest.File), null);
        }
    }

    /// <summary>Puts the cases.</summary>
    /// <param name="lane">A prepared lane.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="logName">The file of the bundle that takes what the code prints.</param>
    internal Exam Ask(LaneFolders lane, ImmutableArray<VerificationCase> cases, string logName)
    {
        if (Set.Target is CaseTarget.Tree)
        {
            return Exam.None;
        }

        using var file = Site.Bundle.Create(logName);
        var log = new ByteSink(file, Site.Request.Policy.Limits.OutputBytes);
        var sandbox = LaneSandbox.For(Plan.View, Site.Request.Policy, lane, readOnlyWorkspace: true);
        var exam = Set.Target is CaseTarget.Callable function
            ? AskDriver(sandbox, CommandOf(function, lane.Given), cases, log, logName)
            : AskCommand(sandbox, cases, log);
        return log.Fault is { } fault ? throw fault : exam;
    }

    /// <summary>The words of what is started, for people.</summary>
    internal ImmutableArray<string> Words => Set.Target switch
    {
        CaseTarget.Callable function => [.. Driver!.Manifest.Command, Driver.Manifest.File, function.File.ToString(), function.Name],
        CaseTarget.Command command => command.Words,
        _ => [],
    };

    private EngineCommand CommandOf(CaseTarget.Callable function, string given) => new(
        "/bin/sh",
        [
            "-c", Redirect, "sh", Driver!.Program, .. Driver.Manifest.Command.Skip(1),
            Path.Combine(given, Driver.Manifest.File), Encoding.UTF8.GetString(function.File.ToBytes()), function.Name,
        ],
        ImmutableSortedDictionary<string, string>.Empty);

    private Exam AskDriver(SandboxPolicy sandbox, EngineCommand command, ImmutableArray<VerificationCase> cases, ByteSink log, string logName)
    {
        using var talk = new Conversation(cases, Set.Limits);
        var outcome = Run(sandbox, command, log, talk, Conversation.AtMost(cases.Length, Set.Limits));
        if (!talk.WasReady)
        {
            return new Exam(talk.Answers, "", $"the driver did not come up: {talk.Shortfall}; what it said is in {logName}", outcome.Survivors);
        }

        var shortfall = talk.Shortfall.Length > 0 ? talk.Shortfall : talk.Afterwards();
        return new Exam(talk.Answers, shortfall, "", outcome.Survivors);
    }

    private Exam AskCommand(SandboxPolicy sandbox, ImmutableArray<VerificationCase> cases, ByteSink log)
    {
        var words = ((CaseTarget.Command)Set.Target).Words;
        var answers = new Answer?[cases.Length];
        int? survivors = 0;
        var length = 0L;
        for (var number = 0; number < cases.Length; number++)
        {
            var input = cases[number].Input;
            var command = new EngineCommand(
                Plan.CaseProgram!, [.. words.Skip(1), .. Texts(input.Find("arguments"))], ImmutableSortedDictionary<string, string>.Empty);
            using var feed = new CommandFeed(Encoding.UTF8.GetBytes((input.Find("stdin") as JsonValue.Characters)?.Value ?? ""), Set.Limits.AnswerBytes);
            var outcome = Run(sandbox, command, log, feed, TimeSpan.FromSeconds(Set.Limits.Seconds));
            survivors += outcome.Survivors;
            var name = $"case {cases[number].Name}";
            if (outcome is { End: EndKind.SandboxFailed, Survivors: null })
            {
                return new Exam([.. answers], "", $"{name}: its sandbox did not come up", survivors);
            }

            if (feed.Output is not { } output || outcome is not { End: EndKind.Exited or EndKind.Signalled, ExitCode: { } code })
            {
                return new Exam([.. answers], $"{name}: {(feed.Output is null ? "it printed too much" : outcome.End == EndKind.SandboxFailed ? "its sandbox vanished" : outcome.End == EndKind.OverLimit ? "it took more memory than the limits allow" : "it did not end in time")}", "", survivors);
            }

            length += output.Length;
            if (length > Conversation.MostBytes)
            {
                return new Exam([.. answers], string.Create(CultureInfo.InvariantCulture, $"{name}: all answers together are longer than {Conversation.MostBytes} bytes"), "", survivors);
            }

            answers[number] = DriverLine.OfCommand(output, code);
        }

        return new Exam([.. answers], "", "", survivors);
    }

    private ProgramOutcome Run(SandboxPolicy sandbox, EngineCommand command, ByteSink log, ITalk talk, TimeSpan wall)
    {
        using var slot = SandboxSlots.Take(Site.Interrupt);
        var outcome = new Bubblewrap(Plan.Tools!).Run(
            sandbox, command, wall, ByteSink.Nowhere(), log, Site.Interrupt, talk: talk);
        Site.Interrupt.ThrowIfCancellationRequested();
        return outcome;
    }

    private static IEnumerable<string> Texts(JsonValue? arguments) =>
        arguments is JsonValue.List list ? list.Items.OfType<JsonValue.Characters>().Select(text => text.Value) : [];
}
