using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>What a person runs in a backend's sandbox.</summary>
/// <param name="Command">Program and arguments; empty for a shell.</param>
/// <param name="Terminal">The kind of terminal, as TERM names it.</param>
/// <param name="IsTerminal">Whether a person types at a terminal.</param>
/// <param name="Environment">The variables of the person who asks; but for TERM none is passed on.</param>
public sealed record ShellWords(ImmutableArray<string> Command, string Terminal, bool IsTerminal, IReadOnlyDictionary<string, string> Environment);

/// <summary>What came of it.</summary>
/// <param name="Program">How it ended.</param>
/// <param name="Calls">The record of its tries.</param>
/// <param name="Trouble">Why the sandbox or the program did not start, or was stopped; empty where it went well. Safe to show.</param>
/// <param name="Leftovers">The scratch folder, where something of it is left.</param>
public sealed record ShellEnd(ProgramOutcome Program, CallRecord Calls, string Trouble, string Leftovers);

/// <summary>Gives a person a shell in exactly the sandbox that a backend would have on a fixture.</summary>
public static class FixtureShell
{
    private const int ProgramNotFound = 127;
    private static readonly TimeSpan AsLongAsWanted = Timeout.InfiniteTimeSpan;

    /// <summary>Runs the shell to its end, with the standard streams of this process.</summary>
    /// <param name="root">The harness root.</param>
    /// <param name="folders">Where scratch folders and caches are.</param>
    /// <param name="policy">Limits and user.</param>
    /// <param name="task">The fixture's name, whose folder exists.</param>
    /// <param name="words">What to run.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="begun">Told of the workspace, before the shell starts.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>What came of it, or what is wrong with the fixture or the machine.</returns>
    /// <exception cref="IOException">The lane could not be made.</exception>
    public static Parsed<ShellEnd> Run(
        HarnessRoot root, StateFolders folders, RunPolicy policy, TaskId task, ShellWords words, TimeProvider clock, Action<string> begun, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(begun);
        var fixture = FixtureFolder.Read(Path.Combine(root.FixturesFolder, task.ToString()), interrupt);
        if (fixture.Fixture is null || fixture.Tree is null || !fixture.Problems.IsEmpty)
        {
            return new Parsed<ShellEnd>.Refused(fixture.Problems);
        }

        if (HostView.Tools().Tools is not { } tools)
        {
            return Refused("sandbox", $"not installed: {string.Join(", ", HostView.Tools().Missing)}", "'cto-harness doctor' tells what is missing and how to bring it");
        }

        LaneSandbox.MakeState(folders);
        var workspace = Path.Combine(fixture.Folder, FixtureFolder.Workspace);
        var (tree, refusal) = TreeReader.Read(workspace, TreeBounds.Of(policy.Limits), leaveGit: false, interrupt);
        if (tree is null)
        {
            return Refused(workspace, refusal, "mend the fixture; 'cto-harness fixtures check' proves it");
        }

        using var scratch = RunFolders.Of(folders.Work, RunId.New(clock.GetUtcNow(), task, Environment.ProcessId));
        ShellEnd end;
        try
        {
            scratch.Make();
            var lane = scratch.Subject;
            lane.Make(LaneSandbox.User(policy), workspace, BaseRepository.Ensure(folders.Repositories, workspace, tree, interrupt), interrupt);
            begun(lane.Workspace);
            var view = LaneSandbox.View(root, folders, [], policy.ProtectedRoots.SelectMany(one => one.Paths), words.Environment);
            end = Run(tools, view, policy, lane, words, clock, interrupt);
        }
        catch
        {
            _ = scratch.IsMade ? Scratch.Remove(scratch.Top) : "";
            throw;
        }

        return new Parsed<ShellEnd>.Value(end with { Leftovers = Scratch.Remove(scratch.Top) });
    }

    private static ShellEnd Run(
        SandboxTools tools, HostView view, RunPolicy policy, LaneFolders lane, ShellWords words, TimeProvider clock, CancellationToken interrupt)
    {
        using var log = new AttemptLog(null);
        using var watch = SizeWatch.Of(lane.Root, policy.Limits);
        var init = new InitChannel(new Supervisor(LaneSandbox.Places(view, lane), LaneSandbox.Machine!.Value, log, clock), null);
        var sandbox = LaneSandbox.For(view, policy, lane, observed: true);
        sandbox = words.Terminal.Length > 0 ? sandbox with { Environment = sandbox.Environment.SetItem("TERM", words.Terminal) } : sandbox;
        var outcome = new Bubblewrap(tools).Run(
            sandbox, Command(words), AsLongAsWanted, ByteSink.Nowhere(), ByteSink.Nowhere(), interrupt, passed: watch.Passed, init: init, isAttached: true);
        return outcome.End switch
        {
            EndKind.OverLimit => End(outcome, $"it was stopped: {(watch.Words is { Length: > 0 } passed ? passed : ControlGroup.WhyEnded(policy.Limits))}"),
            EndKind.SandboxFailed when init.Layers is not null && int.TryParse(init.Failure, NumberStyles.None, CultureInfo.InvariantCulture, out var error) =>
                End(outcome with { End = EndKind.Exited, ExitCode = ProgramNotFound }, $"{PlainText.Quote(Command(words).Program)} could not be started: {Marshal.GetPInvokeErrorMessage(error)}"),
            EndKind.SandboxFailed when init is { Layers: not null, Failure: "" } => End(outcome, "the sandbox vanished: bubblewrap was ended from outside, or somebody still holds it"),
            EndKind.SandboxFailed => End(outcome, $"the sandbox did not come up{(init.Failure.Length > 0 ? $": {PlainText.Visible(init.Failure, 300)}" : "")}; 'cto-harness doctor' tells what this machine lacks"),
            _ => End(outcome, init.Landlock > 0 ? "" : "this sandbox had no Landlock, so no backend would be started in it; 'cto-harness doctor' tells what this machine lacks"),
        };

        ShellEnd End(ProgramOutcome program, string trouble) => new(program, log.Record(), trouble, "");
    }

    // A sandbox has no terminal of its own to control jobs with: script(1) makes one inside.
    private static EngineCommand Command(ShellWords words)
    {
        var shell = Programs.Find("bash") ?? "/bin/sh";
        ImmutableArray<string> line =
            !words.Command.IsEmpty ? words.Command
            : words.IsTerminal && Programs.Find("script") is { } script ? [script, "-qec", shell, "/dev/null"]
            : words.IsTerminal ? [shell, "-i"]
            : [shell];
        return new EngineCommand(line[0], [.. line.Skip(1)], ImmutableSortedDictionary<string, string>.Empty);
    }

    private static Parsed<ShellEnd>.Refused Refused(string where, string message, string remedy) => new([new Problem(where, message, remedy)]);
}
