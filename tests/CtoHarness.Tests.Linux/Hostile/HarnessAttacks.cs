using CtoHarness.Core.Runs;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Attacks on the harness itself: what it hears, what it records, and ways around its filter.</summary>
internal static class HarnessAttacks
{
    private const string OddBytes = "ff0a1b5b33316dfe";
    private const string Times = "3000";

    internal static IEnumerable<Attack> All { get; } =
    [
        new("forge-end", "write an exit code of its own to every descriptor, as bubblewrap tells the harness", "sandbox-init closes what it inherits", s => ["tell-every-descriptor", ForgedEnd(s)])
        {
            Succeeded = s => s.Ended is { } ended ? ended.Program is not { End: EndKind.Exited, ExitCode: 7 } : Held(s).Contains(s.Token, StringComparison.Ordinal),
            Gap = Gaps.Held, Alone = (_, order) => order, InsideSuffix = "; exit 7",
        },
        new("forge-layers", "say that other layers were laid, as sandbox-init tells the harness", "sandbox-init closes what it inherits", s => ["tell-every-descriptor", "Nlandlock=99 " + s.Token])
        {
            Succeeded = s => s.Ended is { } ended ? ended is not { Layers: "landlock=7", Failure: "" } : Held(s).Contains(s.Token, StringComparison.Ordinal),
            Gap = Gaps.Held, Alone = (_, order) => order,
        },
        new("hold-streams", "leave a process that holds the harness's pipes open", "kill of the process namespace", s => ["hold", "/bin/sh", "-c", "sleep 300; :", s.Token])
        {
            Succeeded = s => s.Ended is { } ended ? ended.Program.Duration > TimeSpan.FromSeconds(5) || s.IsAlive : s.IsAlive,
            Gap = Gaps.Processes, Alone = (_, order) => order, OutsideSuffix = ">/dev/null 2>&1",
        },
        new("flood-record", "fill the record with tries", "bounded record, all counted", s => ["write-again-and-again", s.File, Times])
        {
            Succeeded = s => s.Changed || s.Ended is { Calls: not { Recorded: >= 3000, Attempts.Length: <= 200, IsComplete: true } },
            Record = new("open-write", s => s.File), Alone = (_, order) => order,
        },
        new("race-open", "change the path while the supervisor reads it", "mounts, Landlock", s => ["race-open", s.Own + "/own", s.File, Times])
        {
            Prepare = s => File.WriteAllText(s.Own + "/own", ""), Record = new("open-write", s => s.File), Alone = (_, order) => order,
            Weaker = new(Outcome.Chance, Outcome.Contained, Outcome.Contained, Outcome.Contained),
        },
        new("race-unix", "change the name of a socket while the supervisor reads it", "masks", s => ["race-unix", s.RollCall, s.Home + "/datagrams", s.Token, Times])
        {
            Look = _ => false, Succeeded = s => s.Heard, Gap = Gaps.Race, Alone = (_, order) => order, Weaker = Weaker.EitherHolds,
        },
        new("odd-name", "write where the name holds a newline, an escape, bytes that are no text", "mounts, Landlock, supervisor", s => ["create-bytes", s.Folder, OddBytes])
        {
            Record = new("open-write", s => s.Folder + "/\uFFFD\n\u001b[31m\uFFFD"), Weaker = Weaker.EitherHolds,
        },
        new("uring", "let io_uring open the path, past every filter", "mounts, Landlock, filter", s => ["uring", s.New]) { Gap = Gaps.Refused, Weaker = Weaker.EitherHolds },
        new("open-how", "open it by openat2, whose flags stand in memory", "mounts, Landlock, filter", s => ["open-how", s.New]) { Gap = Gaps.Refused, Weaker = Weaker.EitherHolds },
        new("old-calls", "open it by a call of 32-bit programs (int 0x80)", "mounts, Landlock, filter", s => ["old-calls", s.New]) { Gap = Gaps.Refused, EndedBy = ended => ended.Error.Contains("Bad system call", StringComparison.Ordinal), IsForX64 = true, Weaker = Weaker.EitherHolds },
        new("new-user-clone3", "a new user namespace by clone3, whose flags stand in memory", "filter", s => ["new-user-clone3", s.RollCall])
        {
            Look = RollCall.IsInNewNamespace, Succeeded = s => s.Seen, Gap = Gaps.Refused, Weaker = Weaker.SeccompHolds,
        },
    ];

    private static string ForgedEnd(Scene scene) => $"{{ \"exit-code\": 0, \"told-by\": \"{scene.Token}\" }}\n";

    private static string Held(Scene scene) => File.ReadAllText(Path.GetDirectoryName(scene.Outside) + "/write-held/file");
}
