using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M11")]
public sealed class OrphanTests
{
    // Twice forked, in a session of its own, with the backend's streams still open; later it would write.
    private const string Daemon = """
        python3 - "$2" <<'PY'
        import os, signal, sys, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
                print("daemon", flush=True)
                for turn in range(300):
                    time.sleep(0.1 if turn else 2)  # longer than its parents need to end
                    open(sys.argv[1] + "/late.txt", "a").write("late\n")
            os._exit(0)
        os.wait()
        PY

        """;

    [Fact]
    public void A_daemon_in_a_session_of_its_own_ends_with_the_backend_and_holds_nothing_up()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Daemon + Scripts.RightWork).Run().Expect(0).Bundle().Expect("pass");
        Assert.Equal(0, bundle.Report["sandbox"]!["survivors"]!.GetValue<int>());
        Assert.Contains("daemon", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    public void Control_outside_the_sandbox_it_lives_on_and_writes()
    {
        using var root = new TempRoot();
        root.Write("daemon.sh", Daemon);
        Tool.Run("/bin/sh", "-c", $"/bin/sh '{root.At("daemon.sh")}' x '{root.At("tmp")}' >/dev/null 2>&1");
        var until = Environment.TickCount64 + 10_000;
        while (!File.Exists(root.At("tmp/late.txt")) && Environment.TickCount64 < until)
        {
            Thread.Sleep(20);
        }

        var left = Survivors.Find(root.Marker);
        foreach (var (id, _) in left)
        {
            Tool.Try("/bin/kill", "-9", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.True(File.Exists(root.At("tmp/late.txt")));
        Assert.NotEmpty(left);
    }

    [Fact]
    public void A_backend_that_forks_without_end_is_bounded_and_all_of_it_is_ended()
    {
        using var root = new TempRoot();
        // A user and a small limit of its own: the kernel counts the processes of a user, also those of other tests.
        root.Edit("harness/policy.yaml", "uid: 64000", "uid: 64321");
        root.Edit("harness/policy.yaml", "processes: 4096", $"processes: {(Environment.UserName == "root" ? 64 : 4096)}");
        var bundle = root.Backend(Scripts.RightWork + """
            python3 - <<'PY'
            import os, time
            made = 0
            for turn in range(3000):
                try:
                    if os.fork() == 0:
                        time.sleep(300)
                        os._exit(0)
                    made += 1
                except OSError:
                    break
            print("made", made, flush=True)
            PY
            """).Run().Bundle();
        Assert.Matches("^made [0-9]{1,2}\n$", bundle.Text("backend/stdout.log"));
        Assert.Equal(0, bundle.Report["sandbox"]!["survivors"]!.GetValue<int>());
    }

    [Fact]
    public void A_test_command_that_leaves_a_daemon_does_not_keep_it()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "printf 'import os, time\\nif os.fork() == 0:\\n    os.setsid()\\n    time.sleep(300)\\n' >> strings.py").Run().Expect(0).Bundle();
        bundle.Expect("pass");
        root.AssertNoScratch();
    }
}
