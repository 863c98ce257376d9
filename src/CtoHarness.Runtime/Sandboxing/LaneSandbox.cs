using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Observation;
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

    /// <summary>The machine that filters are made for; null where there is no table for it.</summary>
    internal static MachineKind? Machine => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => MachineKind.X64,
        Architecture.Arm64 => MachineKind.Arm64,
        _ => null,
    };

    /// <summary>Gathers what must be hidden on this machine.</summary>
    /// <param name="root">The harness root.</param>
    /// <param name="folders">Where the harness keeps things.</param>
    /// <param name="targets">Declared targets, links resolved.</param>
    /// <param name="protect">Protected roots.</param>
    /// <param name="environment">The variables of the person who asks, some of which name sockets.</param>
    internal static HostView View(
        HarnessRoot root, StateFolders folders, ImmutableArray<string> targets, IEnumerable<string> protect, IReadOnlyDictionary<string, string> environment) => HostView.Of(
        [
            HarnessProgram.Checkout() ?? AppContext.BaseDirectory, AppContext.BaseDirectory, root.Folder, root.FixturesFolder, root.EnginesFolder,
            folders.Runs, .. folders.OtherRuns, folders.State, .. folders.OtherStates, folders.Configuration,
            folders.Keys, .. folders.OtherKeys, .. folders.Hidden,
        ],
        targets.Concat(OtherNames.Of(targets)), Everywhere(protect), HostSockets.Places(environment), InitProgram.Place(folders.Init));

    // What is mounted a second time is the same root there.
    private static IEnumerable<string> Everywhere(IEnumerable<string> protect)
    {
        var roots = protect.Where(path => path.Length > 0).Select(path => FileSystemCalls.RealPath(path) ?? path).ToList();
        return roots.Concat(OtherNames.Of(roots));
    }

    /// <summary>Makes the state folder, with what sandboxes need of it.</summary>
    internal static void MakeState(StateFolders folders)
    {
        folders.MakeState();
        InitProgram.Install(folders.Init);
    }

    /// <summary>Draws up the policy of one lane's sandbox.</summary>
    /// <param name="view">What must be hidden.</param>
    /// <param name="policy">Limits and user.</param>
    /// <param name="lane">The lane's folders.</param>
    /// <param name="readOnlyWorkspace">Whether the workspace may only be read: so no case can leave anything for the next.</param>
    /// <param name="observed">Whether calls are handed to a supervisor.</param>
    /// <param name="port">A port of the sandbox's own 127.0.0.1 whose listener is handed out; 0 for none.</param>
    /// <param name="needs">Paths of the machine, links resolved, that must be readable inside although they may lie in a hidden place.</param>
    internal static SandboxPolicy For(
        HostView view, RunPolicy policy, LaneFolders lane, bool readOnlyWorkspace = false, bool observed = false, int port = 0, IEnumerable<string>? needs = null) => new(
        view.Folders,
        view.Files,
        [
            new SandboxBind(lane.Root, lane.Root, Writable: true),
            .. readOnlyWorkspace ? [new SandboxBind(lane.Workspace, lane.Workspace, Writable: false)] : Array.Empty<SandboxBind>(),
            new SandboxBind(lane.Given, lane.Given, Writable: false),
            new SandboxBind(lane.Tmp, "/tmp", Writable: true),
            new SandboxBind(lane.Tmp, "/var/tmp", Writable: true),
            .. (needs ?? []).Where(view.Hides).Select(path => new SandboxBind(path, path, Writable: false)),
        ],
        lane.Workspace,
        Environment(lane),
        policy.Limits,
        User(policy))
    {
        Passing = view.Passing,
        Init = view.Init,
        Confinement = new Confinement(
            Confinement.NewestLandlock, Writable(lane), Confinement.Devices,
            Machine is { } machine ? SeccompFilter.For(machine, observed, unixSockets: observed) : throw new PlatformNotSupportedException("no table of system calls for this machine"),
            observed, port),
    };

    /// <summary>What a path inside a lane's sandbox belongs to.</summary>
    /// <param name="view">What is hidden.</param>
    /// <param name="lane">The lane's folders.</param>
    /// <param name="needs">What is readable inside although it may lie in a hidden place.</param>
    internal static PlaceMap Places(HostView view, LaneFolders lane, IEnumerable<string>? needs = null) => new(
        [.. Writable(lane), .. Confinement.Devices],
        [.. view.Places, (lane.Given, AttemptClass.Outside), .. (needs ?? []).Where(view.Hides).Select(path => (path, AttemptClass.Outside))]); // it may read that, and only that

    private static ImmutableArray<string> Writable(LaneFolders lane) => [lane.Root, "/tmp", "/var/tmp", "/dev/shm", "/dev/pts"];

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
