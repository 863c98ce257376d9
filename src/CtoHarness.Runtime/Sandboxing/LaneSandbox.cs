using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What the sandbox of any lane may see: the machine read-only, everything of the harness and its user hidden, the lane's own folders put back.</summary>
internal static class LaneSandbox
{
    /// <summary>The user that sandboxes run under; null for the ordinary user who asks.</summary>
    internal static long? User(RunPolicy policy) => ProcessCalls.IsRoot ? policy.SandboxUid : null;

    /// <summary>Gathers what must be hidden on this machine.</summary>
    internal static HostView View(HarnessRoot root, StateFolders folders, IEnumerable<string> targets) => HostView.Of(
        [
            HarnessProgram.Checkout() ?? AppContext.BaseDirectory, AppContext.BaseDirectory, root.Folder, root.FixturesFolder, root.EnginesFolder,
            folders.Runs, .. folders.OtherRuns, folders.State, .. folders.OtherStates, folders.Configuration,
        ],
        targets);

    /// <summary>Draws up the policy of one lane's sandbox.</summary>
    /// <param name="view">What must be hidden.</param>
    /// <param name="policy">Limits and user.</param>
    /// <param name="lane">The lane's folders.</param>
    /// <param name="readOnlyWorkspace">Whether the workspace may only be read: so no case can leave anything for the next.</param>
    internal static SandboxPolicy For(HostView view, RunPolicy policy, LaneFolders lane, bool readOnlyWorkspace = false) => new(
        view.Folders,
        view.Files,
        [
            new SandboxBind(lane.Root, lane.Root, Writable: true),
            .. readOnlyWorkspace ? [new SandboxBind(lane.Workspace, lane.Workspace, Writable: false)] : Array.Empty<SandboxBind>(),
            new SandboxBind(lane.Given, lane.Given, Writable: false),
            new SandboxBind(lane.Tmp, "/tmp", Writable: true),
            new SandboxBind(lane.Tmp, "/var/tmp", Writable: true),
        ],
        lane.Workspace,
        Environment(lane),
        policy.Limits,
        User(policy));

    /// <summary>The test command as a sandbox finds it.</summary>
    /// <param name="fixture">The fixture.</param>
    /// <param name="workspace">Where a relative program must stand.</param>
    /// <returns>The command, or null where there is none or its program is not in the sandbox's PATH.</returns>
    internal static EngineCommand? TestCommand(Fixture fixture, string workspace) => ProgramOf(fixture.TestCommand, workspace) is { } program
        ? new EngineCommand(program, [.. fixture.TestCommand.Skip(1)], ImmutableSortedDictionary<string, string>.Empty)
        : null;

    /// <summary>The program of a command as a sandbox finds it.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="workspace">Where a relative program must stand.</param>
    /// <returns>The program, or null where there is none or it is not in the sandbox's PATH.</returns>
    internal static string? ProgramOf(ImmutableArray<string> command, string workspace) =>
        command.IsEmpty ? null
        : !command[0].Contains('/', StringComparison.Ordinal) ? Programs.Find(command[0])
        : Programs.IsProgram(Path.Combine(workspace, command[0])) ? command[0] : null;

    // The whole environment: nothing of the person who asks is passed on.
    private static ImmutableSortedDictionary<string, string> Environment(LaneFolders lane) => new Dictionary<string, string>
    {
        ["HOME"] = lane.Home,
        ["LANG"] = "C.UTF-8",
        ["PATH"] = Programs.PlainPath,
        ["TERM"] = "dumb",
        ["TMPDIR"] = "/tmp",
        ["TZ"] = "UTC",
        ["XDG_CACHE_HOME"] = lane.Home + "/.cache",
        ["XDG_CONFIG_HOME"] = lane.Home + "/.config",
        ["XDG_DATA_HOME"] = lane.Home + "/.local/share",
        ["XDG_STATE_HOME"] = lane.Home + "/.local/state",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
