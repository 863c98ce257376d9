using CtoHarness.Core.Runs;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Daemons: none survives a sandbox, and one that could would be counted.</summary>
[Trait("Mission", "M11")]
public sealed class SurvivorTests
{
    private const int Loop = 200;
    private const int WarmUp = 20;

    // Forked twice, a session of its own, no stream held.
    private const string Daemon = "(setsid /bin/sh -c 'sleep 300 & exec sleep 300' </dev/null >/dev/null 2>&1 &); exit 0";

    // Some of everything: its own files, a try outside, the listener.
    private const string Busy = "echo x > /tmp/x; rm /tmp/x; echo x > /etc/passwd; exec 3<>/dev/tcp/127.0.0.1/8123; echo said >&3; read -r heard <&3; exit 0";

    // bubblewrap without its process namespace, which no policy can ask for.
    private const string WithoutProcessNamespace = """
        #!/bin/bash
        words=()
        while [ $# -gt 0 ]; do
            case $1 in
                --unshare-all) words+=(--unshare-ipc --unshare-net --unshare-uts --unshare-cgroup) ;;
                --proc) words+=(--ro-bind /proc /proc); shift ;;
                *) words+=("$1") ;;
            esac
            shift
        done
        exec bwrap "${words[@]}"

        """;

    public static TheoryData<string> Users() => [.. Stage.Users];

    [Theory]
    [MemberData(nameof(Users))]
    public void Without_a_process_namespace_a_daemon_outlives_its_sandbox_and_is_counted(string user)
    {
        using var stage = new Stage();
        using var arena = new Arena(stage, user, []);
        File.WriteAllText(arena.At("bwrap"), WithoutProcessNamespace);
        File.SetUnixFileMode(arena.At("bwrap"), (UnixFileMode)0b111_101_101);

        // The whole of it in a process namespace, so that nobody else's processes are counted and none of ours is left.
        string[] under = user == "root" ? ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc"] : ["/usr/bin/unshare", "--user", "--map-current-user", "--pid", "--fork", "--mount-proc"];
        int Left(string script)
        {
            var ended = arena.Carry([arena.Order(Configuration.NoSeccomp, "/bin/sh", "-c", script) with { Bubblewrap = arena.At("bwrap") }], under).Ended.Single();
            Assert.Equal((EndKind.Exited, 0, ""), (ended.Program.End, ended.Program.ExitCode, ended.Error));
            return ended.Program.Survivors!.Value;
        }

        // One is the harness's own process, which shares the namespace; the daemon is one more, or two once it has forked again.
        Assert.Equal(1, Left("exit 0"));
        Assert.InRange(Left(Daemon), 2, 3);
        Survivors.AssertNone(arena.Marker);
    }

    [RootFact]
    public void A_daemon_that_outlives_the_backends_sandbox_fails_the_run()
    {
        using var root = new TempRoot();
        Tool.Run("/bin/cp", "/usr/bin/bwrap", root.At("real"));
        var weak = WithoutProcessNamespace.Replace("exec bwrap", $"exec {root.At("real")}", StringComparison.Ordinal);
        root.Write("fake", $"#!/bin/bash\ncase \" $* \" in *'/given/engine.sh '*) ;; *) exec {root.At("real")} \"$@\" ;; esac\n{weak}");
        Tool.Run("/bin/chmod", "755", root.At("fake"));
        var bundle = root.Backend(Outcomes.Scripts.RightWork + Daemon).Under(
            "/usr/bin/unshare", "-m", "--pid", "--fork", "--mount-proc", "/bin/sh", "-c", "mount --bind \"$1\" /usr/bin/bwrap; shift; exec \"$@\"", "sh", root.At("fake"))
            .Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Contains("survivors", bundle.Codes);

        // The harness's own process shares the namespace then; the daemon is at least one more.
        Assert.InRange(bundle.Report["sandbox"]!["survivors"]!.GetValue<int>(), 2, 3);
    }

    [Theory]
    [Trait("Tier", "Long")]
    [MemberData(nameof(Users))]
    public void No_daemon_survives_any_of_200_sandboxes(string user)
    {
        using var stage = new Stage();
        using var arena = new Arena(stage, user, []);
        var answer = arena.Carry([arena.Order(Configuration.Full, "/bin/sh", "-c", Daemon) with { Times = Loop }]);
        Assert.Equal(0, answer.MostSurvivors);
        Assert.Equal(EndKind.Exited, answer.Ended.Single().Program.End);
        Survivors.AssertNone(arena.Marker);
    }

    [Theory]
    [Trait("Tier", "Long")]
    [MemberData(nameof(Users))]
    public void Nothing_of_200_sandboxes_stays_in_the_process_that_made_them(string user)
    {
        using var stage = new Stage();
        using var arena = new Arena(stage, user, []);
        var answer = arena.Carry([arena.Order(Configuration.Full, "/bin/bash", "-c", Busy) with { Times = WarmUp + Loop, Port = 8123 }]);
        var (before, after) = (answer.Before!, answer.After!);
        Assert.True(after.Descriptors <= before.Descriptors && after.Threads <= before.Threads + 2 && after.Children == 0 && after.Entries == before.Entries, $"{before}, then {after}");
        Assert.Equal(0, answer.MostSurvivors);
        Assert.Equal((EndKind.Exited, 0), (answer.Ended.Single().Program.End, answer.Ended.Single().Program.ExitCode));
        Assert.Contains(answer.Ended.Single().Calls.Attempts, attempt => attempt is { Operation: "open-write", Path: "/etc/passwd", Denied: true });
    }
}
