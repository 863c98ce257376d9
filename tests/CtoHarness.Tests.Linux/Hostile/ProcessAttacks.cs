using System.Globalization;
using CtoHarness.Core.Runs;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Attacks on processes, and with them.</summary>
internal static class ProcessAttacks
{
    private const string Namespace = "process namespace";
    private const string WithFilter = "process namespace, filter";
    private const int Most = 800;
    private const int More = 300;
    private const int StayWall = 3;

    internal static IEnumerable<Attack> All { get; } =
    [
        On("kill", "kill a process outside", Namespace, s => ["kill", s.Victim.Id], s => s.Victim.IsDead),
        On("kill-by-descriptor", "kill it through a descriptor of the process", Namespace, s => ["kill-by-descriptor", s.Victim.Id], s => s.Victim.IsDead),
        On("trace", "trace a process outside and end with it (ptrace)", WithFilter, s => ["trace", s.Victim.Id], s => s.Victim.IsDead) with { Gap = Gaps.Refused },
        On("write-memory", "write to its memory (process_vm_writev)", WithFilter, s => ["write-memory", s.Witness.Id, s.Witness.FirstAt], s => s.Witness.Say()[0] != "as it was") with { Gap = Gaps.Refused },
        On("read-memory", "read its memory (process_vm_readv)", WithFilter, s => ["read-memory", s.Witness.Id, s.Witness.SecretAt], s => s.Looted) with { Gap = Gaps.Refused },
        On("write-memory-file", "write to /proc/PID/mem", "process namespace, mounts, supervisor", s => ["write-memory-file", s.Witness.Id, s.Witness.SecondAt], s => s.Witness.Say()[1] != "as it was") with
        {
            Gap = "", Record = new("open-write", s => $"/proc/{s.Witness.Id}/mem"),
        },
        On("take-descriptor", "take an open descriptor from it (pidfd_getfd)", WithFilter, s => ["take-descriptor", s.Witness.Id, s.Witness.Descriptor], s => s.Looted) with { Gap = Gaps.Refused },
        On("limit", "set its limits (prlimit)", Namespace, s => ["limit", s.Witness.Id], s => s.Witness.Limits.Contains(" 77 ", StringComparison.Ordinal)),
        On("slow-down", "lower its priority", Namespace, s => ["slow-down", s.Witness.Id], s => s.Witness.Niceness == "15"),
        On("shared-memory", "write to memory that it shares (SysV)", "IPC namespace", s => ["shared-memory", s.Witness.Key], s => s.Witness.Say()[2] != "as it was") with { Gap = Gaps.Own },
        new("daemon", "leave a daemon behind: forked twice, a session of its own", "kill of the process namespace", s => ["daemon", "/bin/sh", "-c", "sleep 300; :", s.Token]) { Succeeded = s => s.IsAlive, Gap = Gaps.Processes, Weaker = Weaker.EitherHolds },
        new("new-user", "a new user namespace, which gives every right in it (unshare)", "filter", s => ["new-user", s.RollCall])
        {
            Look = RollCall.IsInNewNamespace, Succeeded = s => s.Seen, Gap = Gaps.Refused, Weaker = Weaker.SeccompHolds,
        },
        new("multiply", "make processes without end", "limits", s => ["multiply", Most.ToString(CultureInfo.InvariantCulture)])
        {
            Succeeded = s => s.SizeOf("count") >= Most, Gap = Gaps.Processes, IsGreedy = true, Alone = (scene, order) => order with { Processes = SettledThreadsOf(scene.User) + More },
        },
        new("stay", "go on when asked to end", "kill of the process namespace", s => ["stay", "120", s.Token])
        {
            // In the shell's place, which would end; it was asked after the wall time, and went on.
            Succeeded = s => s.IsAlive, EndedBy = ended => ended.Program.End == EndKind.TimedOut && ended.Program.Duration >= TimeSpan.FromSeconds(StayWall + 1), Gap = Gaps.Processes, InsidePrefix = "exec",
            Alone = (_, order) => order with { WallSeconds = StayWall, StopSeconds = 1 }, OutsideSuffix = ">/dev/null 2>&1 & sleep 1",
        },
    ];

    // What the same attack made outside may still be dying; a limit that counts it would be none.
    private static int SettledThreadsOf(long user)
    {
        var least = ThreadsOf(user);
        for (var turn = 0; turn < 300 && least + More >= Most; turn++)
        {
            Thread.Sleep(100);
            least = Math.Min(least, ThreadsOf(user));
        }

        return least;
    }

    // The limit counts all that its user has, other tests' too.
    private static int ThreadsOf(long user) => Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Sum(folder =>
    {
        try
        {
            var owner = File.ReadLines(folder + "/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
            return owner == user.ToString(CultureInfo.InvariantCulture) ? Directory.GetDirectories(folder + "/task").Length : 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    });

    private static Attack On(string name, string title, string layers, Func<Scene, string[]> words, Func<Scene, bool> succeeded) =>
        new(name, title, layers, words) { Succeeded = succeeded, Gap = Gaps.Processes, Weaker = Weaker.EitherHolds };
}
