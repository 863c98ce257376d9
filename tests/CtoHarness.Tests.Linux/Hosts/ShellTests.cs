using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hosts;

/// <summary>A person's shell in a backend's sandbox.</summary>
[Trait("Mission", "M11")]
public sealed class ShellTests
{
    // Types at a terminal: each word that is waited for, then what is typed.
    private const string Terminal = """
        import os, pty, select, sys, time
        child, terminal = pty.fork()
        if child == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(sys.argv[1], sys.argv[1:])
        said = b""
        def wait(word):
            global said
            until = time.time() + 40
            while word not in said and time.time() < until:
                if select.select([terminal], [], [], 0.2)[0]:
                    try:
                        part = os.read(terminal, 4096)
                    except OSError:
                        return
                    if not part:
                        return
                    said += part
        def type(text):
            os.write(terminal, text)
        wait(b"$ ")
        type(b"tty; echo kind-$TERM; sleep 300 & fg\n")
        wait(b"kind-xterm-256color\r\n")
        wait(b"sleep 300\r\n")
        time.sleep(1)
        type(b"\x03")
        type(b"echo after-$((6*7)); touch /etc/cto-test; exit 5\n")
        wait(b"nothing ever says this")
        sys.stdout.write(said.decode(errors="replace"))
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """;

    [Fact]
    public void A_command_runs_in_a_copy_of_the_workspace_and_its_exit_code_and_output_are_passed_on()
    {
        using var root = new TempRoot();
        var ended = Shell(root, "--", "sh", "-c", "ls; git log --oneline | wc -l; echo x > strings.py; echo said >&2; exit 7").Run().Expect(7);
        Assert.Equal("README.md\nstrings.py\ntest_strings.py\n1\n", ended.Text);
        Assert.Contains("said\n", ended.Error, StringComparison.Ordinal);
        Assert.NotEqual("x\n", File.ReadAllText(root.At("harness/fixtures/r1-string-slugify/workspace/strings.py")));
        root.AssertNoScratch();
        Assert.Empty(Directory.Exists(root.Runs) ? Directory.GetFileSystemEntries(root.Runs) : []);
    }

    [Fact]
    public void It_is_the_backends_own_sandbox_and_every_try_is_told_at_the_end()
    {
        using var root = new TempRoot();
        root.Write("secret", "secret of the test");
        const string look = "id -u; grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status; ls /proc/self/ns | wc -l; cat /root/x; echo x > /etc/cto-test; mkdir \"$(printf '/etc/a\\033b')\"; python3 -c 'import socket; socket.create_connection((\"192.0.2.1\", 53))'; true";
        var ended = Shell(root, "--", "sh", "-c", look).Run().Expect(0);
        var backend = root.Backend("id -u; grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status; ls /proc/self/ns | wc -l; exit 0").Run().Newest();
        Assert.Equal(backend.Text("backend/stdout.log"), ended.Text);
        Assert.Contains(" aimed outside\n", ended.Error, StringComparison.Ordinal);
        Assert.Contains("refused open-write /etc/cto-test (outside, by ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("refused mkdir      /etc/a\\u{1B}b (outside, by ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("open-read  /root/x (home, by ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("connect    192.0.2.1:53 (network, by ", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ended.Error);
        Assert.False(File.Exists("/etc/cto-test"));
    }

    [Fact]
    public void A_shell_reads_what_is_piped_into_it()
    {
        using var root = new TempRoot();
        root.Write("script", "echo one; pwd | grep -c workspace\nexit 3\n");
        var ended = Shell(root).Under("/bin/sh", "-c", "exec \"$@\" < \"$0\"", root.At("script")).Run().Expect(3);
        Assert.Equal("one\n1\n", ended.Text);
    }

    [Fact]
    public void At_a_terminal_there_is_job_control_and_Ctrl_C_ends_the_job_alone()
    {
        using var root = new TempRoot();
        var ended = Shell(root).Under("/usr/bin/python3", "-c", Terminal).Run().Expect(5);
        Assert.Contains("/dev/pts/", ended.Text, StringComparison.Ordinal);
        Assert.Contains("after-42\r\n", ended.Text, StringComparison.Ordinal);
        Assert.Contains("/etc/cto-test", ended.Text.Split("record: ")[1], StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    public void A_signal_ends_it_and_nothing_is_left()
    {
        using var root = new TempRoot();
        using var running = Shell(root, "--", "sh", "-c", "touch started; sleep 300").Start();
        running.WaitFor("the command's start", () => Directory.Exists(root.Work) && Directory.GetFiles(root.Work, "started", SearchOption.AllDirectories).Length > 0);
        running.Signal("TERM");
        running.Wait().Expect(143);
        Survivors.AssertNone(root.Marker);
        root.AssertNoScratch();
    }

    [Fact]
    public void A_program_that_is_not_there_is_told_as_a_shell_would()
    {
        using var root = new TempRoot();
        Assert.Contains("\"no-such-program\" could not be started: No such file or directory", Shell(root, "--", "no-such-program").Run().Expect(127).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shell_that_fills_the_disk_is_stopped()
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "workspace_bytes: 536870912", "workspace_bytes: 1048576");
        var ended = Shell(root, "--", "sh", "-c", "head -c 30000000 /dev/zero > big; sleep 60").Run().Expect(1);
        Assert.Contains("it was stopped: ", ended.Error, StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    public void A_fixture_that_is_not_there_or_not_sound_is_refused()
    {
        using var root = new TempRoot();
        root.Command("shell", "no-such", "--harness-root", root.Harness).Run().Expect(2);
        root.Command("shell", "../../etc", "--harness-root", root.Harness).Run().Expect(2);
        root.Command("shell", "--harness-root", root.Harness).Run().Expect(2);
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "title: ", "titel: ");
        Shell(root, "--", "true").Run().Expect(3);
        root.AssertNoScratch();
    }

    [RootFact]
    public void Without_bubblewrap_it_points_to_the_doctor()
    {
        using var root = new TempRoot();
        const string hide = "for place in /usr/bin/bwrap /bin/bwrap; do [ ! -e $place ] || mount --bind /dev/null $place || exit 99; done; exec \"$@\"";
        Assert.Contains("cto-harness doctor", Shell(root, "--", "true").Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", hide, "sh").Run().Expect(3).Error, StringComparison.Ordinal);
    }

    [RootFact]
    public void Without_Landlock_it_says_that_no_backend_would_be_started_in_it()
    {
        using var root = new TempRoot();
        root.Write("fake", $"#!/bin/bash\nnext=; for a in \"$@\"; do [ -z \"$next\" ] || a=0; next=; [ \"$a\" != --landlock ] || next=1; args+=(\"$a\"); done\nexec {root.At("real")} \"${{args[@]}}\"\n");
        Tool.Run("/bin/chmod", "755", root.At("fake"));
        Tool.Run("/bin/cp", "/usr/bin/bwrap", root.At("real"));
        var ended = Shell(root, "--", "true").Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", "mount --bind \"$1\" /usr/bin/bwrap; shift; exec \"$@\"", "sh", root.At("fake")).Run().Expect(0);
        Assert.Contains("had no Landlock, so no backend would be started in it", ended.Error, StringComparison.Ordinal);
    }

    private static HarnessCommand Shell(TempRoot root, params string[] words) => root.Command(["shell", TempRoot.Fixture, "--harness-root", root.Harness, .. words]);
}
