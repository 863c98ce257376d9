using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>Landlock, the system call filter and the record, around real programs.</summary>
[Trait("Mission", "M11")]
public sealed class LayerTests
{
    private const string Calls = "import ctypes, os, sys\nlibc = ctypes.CDLL(None, use_errno=True)\ndef call(*a):\n    r = libc.syscall(*a)\n    print('done' if r >= 0 else 'errno %d' % ctypes.get_errno())\n    return r\n";

    [Fact]
    public void A_program_works_in_its_roots_and_gets_its_environment_its_exit_code_and_no_other_descriptor()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/bin/sh", "-c", "echo $TOLD $DOTNET_ROOT; mkdir d && echo x > d/f && mv d/f /tmp/f && rm /tmp/f && ls /proc/self/fd; grep SigIgn /proc/self/status; exit 7");
        Assert.Equal((EndKind.Exited, 7, ""), (ended.Program.End, ended.Program.ExitCode, ended.Error));
        Assert.Equal("as given\n0\n1\n2\n3\nSigIgn:\t0000000000000000\n", ended.Output);
        Assert.Equal("landlock=7", ended.Layers);
        Assert.True(ended.Calls.Notified > 10);
        Assert.Equal(0, ended.Calls.Recorded);
        Assert.True(ended.Calls.IsComplete);
        Assert.Equal(0, ended.Program.Survivors);
    }

    [Fact]
    public void A_program_that_is_not_there_is_no_program_that_failed()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/no-such-program");
        Assert.Equal(EndKind.SandboxFailed, ended.Program.End);
        Assert.Equal("00002", ended.Failure);
    }

    [Theory]
    [InlineData("open-write", "open(sys.argv[1], 'w').write('x')", "file")]
    [InlineData("open-write", "os.symlink(sys.argv[1], 'l'); open('l', 'w').write('x')", "file")]
    [InlineData("open-write", "os.chdir(os.path.dirname(sys.argv[1])); open('../outside/file', 'a').write('x')", "file")]
    [InlineData("open-write", "open('/proc/self/root' + sys.argv[1], 'w').write('x')", "file")]
    [InlineData("open-write", "f = os.open(sys.argv[1], os.O_RDONLY); open('/proc/self/fd/%d' % f, 'w').write('x')", "file")]
    [InlineData("open-write", "f = os.open(sys.argv[1], os.O_PATH); open('/dev/fd/%d' % f, 'w').write('x')", "file")]
    [InlineData("truncate", "os.truncate(sys.argv[1], 0)", "file")]
    [InlineData("chmod", "os.chmod(sys.argv[1], 0o777)", "file")]
    [InlineData("chmod", "os.fchmod(os.open(sys.argv[1], os.O_RDONLY), 0o777)", "file")]
    [InlineData("utime", "os.utime(sys.argv[1], (1, 1))", "file")]
    [InlineData("setxattr", "os.setxattr(sys.argv[1], 'user.x', b'1')", "file")]
    [InlineData("unlink", "os.unlink(sys.argv[1])", "file")]
    [InlineData("rename", "os.rename(sys.argv[1], sys.argv[1] + '2')", "file")]
    [InlineData("rename", "open('own', 'w'); os.rename('own', sys.argv[1])", "folder/new")]
    [InlineData("mkdir", "os.mkdir(sys.argv[1])", "folder/new")]
    [InlineData("symlink", "os.symlink('x', sys.argv[1])", "folder/new")]
    [InlineData("link", "open('own', 'w'); os.link('own', sys.argv[1])", "folder/new")]
    [InlineData("mknod", "os.mkfifo(sys.argv[1])", "folder/new")]
    [InlineData("open-write", "open(sys.argv[1], 'w').write('x')", "folder/a\\n\u001b[31m")]
    public void Nothing_outside_the_roots_can_be_changed_and_the_try_is_on_record(string operation, string attack, string name)
    {
        name = name.Replace("\\n", "\n", StringComparison.Ordinal);
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", Calls + attack, sandbox.Outside(name));
        Assert.NotEqual(0, ended.Program.ExitCode);
        var attempt = Assert.Single(ended.Calls.Attempts, one => one.Writes && one.Operation == operation);
        Assert.Equal((true, AttemptClass.Outside, sandbox.Outside(name)), (attempt.Denied, attempt.Class, attempt.Path));
        Assert.StartsWith("/usr/bin/python3", attempt.Executable, StringComparison.Ordinal);
        Assert.Equal("as it was", File.ReadAllText(sandbox.Outside("file")));
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Outside("folder")));

        using var free = new Confined();
        _ = Confined.RunOutside("/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", free.Roots + "/work", "/usr/bin/python3", "-c", Calls + attack, free.Outside(name));
    }

    [Theory]
    [InlineData("a", true, true, "folder/new")]
    [InlineData("a", false, true, "folder/new")]
    [InlineData("a", true, false, "folder/new")]
    public void What_one_layer_lets_through_the_next_one_stops(string text, bool landlock, bool seccomp, string name)
    {
        // The folder is mounted writable: here bubblewrap is no boundary.
        using var sandbox = new Confined { Landlock = landlock ? 7 : 0, Seccomp = seccomp };
        var ended = sandbox.Run("/bin/sh", "-c", $"echo {text} > \"$1\"", "sh", sandbox.Outside(name));
        Assert.NotEqual(0, ended.Program.ExitCode);
        Assert.False(File.Exists(sandbox.Outside(name)));
        Assert.Equal(seccomp ? 1 : 0, ended.Calls.Attempts.Count(one => one.Writes));
    }

    [Fact]
    public void Without_both_layers_the_write_succeeds_so_they_are_what_stops_it()
    {
        using var sandbox = new Confined { Landlock = 0, Seccomp = false };
        Assert.Equal(0, sandbox.Run("/bin/sh", "-c", "echo a > \"$1\"", "sh", sandbox.Outside("folder/new")).Program.ExitCode);
        Assert.True(File.Exists(sandbox.Outside("folder/new")));
    }

    [Theory]
    [InlineData("ptrace", 101, 117, 0, 1)]
    [InlineData("unshare", 272, 97, 0x10000000, 1)]
    [InlineData("io_uring_setup", 425, 425, 1, 38)]
    [InlineData("openat2", 437, 437, 0, 38)]
    [InlineData("clone3", 435, 435, 0, 38)]
    [InlineData("keyctl", 250, 219, 0, 1)]
    [InlineData("memfd_secret", 447, 447, 0, 38)]
    [InlineData("bpf", 321, 280, 0, 1)]
    [InlineData("userfaultfd", 323, 282, 1, 1)]
    [InlineData("perf_event_open", 298, 241, 0, 1)]
    [InlineData("an unknown call", 600, 600, 0, 38)]
    [InlineData("the second numbering", 0x40000000 + 2, 600, 0, 38)]
    public void Calls_that_lead_around_the_layers_are_refused(string name, long x64, long arm64, long argument, int error)
    {
        using var sandbox = new Confined();
        var number = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? arm64 : x64;
        var ended = sandbox.Run("/usr/bin/python3", "-c", $"{Calls}call({number}, {argument}, 0, 0, 0, 0)");
        Assert.True(ended.Output == $"errno {error}\n", $"{name}: {ended.Output}{ended.Error}");
    }

    [Fact]
    public void Links_that_stand_in_proc_itself_are_followed_like_any_other()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/bin/sh", "-c", "tail -n +3 /proc/net/dev | cut -d: -f1; head -c1 /proc/mounts >/dev/null && echo mounts; echo x > /proc/net/dev");
        Assert.Equal("    lo\nmounts\n", ended.Output);
        var attempt = Assert.Single(ended.Calls.Attempts);
        Assert.Equal("open-write", attempt.Operation);
        Assert.Matches("^/proc/[0-9]+/net/dev$", attempt.Path);
    }

    [Fact]
    public void The_memory_of_the_first_process_cannot_be_written_to()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", "open('/proc/1/mem', 'r+b')");
        Assert.NotEqual(0, ended.Program.ExitCode);
        Assert.Contains(ended.Calls.Attempts, one => one is { Operation: "open-write", Path: "/proc/1/mem", Denied: true });
    }

    [Fact]
    public void A_look_at_a_target_is_on_record_and_shows_nothing()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/bin/sh", "-c", "ln -s \"$1\" l; cat l", "sh", sandbox.Target);
        Assert.DoesNotContain("secret", ended.Output, StringComparison.Ordinal);
        var attempt = Assert.Single(ended.Calls.Attempts);
        Assert.Equal(("open-read", AttemptClass.Target, sandbox.Target, false), (attempt.Operation, attempt.Class, attempt.Path, attempt.Writes));
    }

    [Fact]
    public void What_it_asks_of_the_network_is_on_record_and_leads_nowhere()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", "import socket\nfor f in (lambda: socket.create_connection(('192.0.2.1', 443)), lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.2', 53)), lambda: socket.socket(40, socket.SOCK_STREAM)):\n    try:\n        f(); print('done')\n    except OSError as e:\n        print(e.errno)");
        Assert.Equal("101\n101\n97\n", ended.Output);
        Assert.Equal(["connect 192.0.2.1:443", "sendto 192.0.2.2:53"], ended.Calls.Attempts.Select(one => $"{one.Operation} {one.Path}"));
    }

    [Fact]
    public void The_listener_inside_is_served_from_outside()
    {
        using var sandbox = new Confined { Port = 8123 };
        var ended = sandbox.Run("/usr/bin/python3", "-c", "import socket\ns = socket.create_connection(('127.0.0.1', 8123)); s.send(b'hello'); print(s.recv(100))");
        Assert.Equal("b'hello'\n", ended.Output);
        Assert.Equal(0, ended.Calls.Recorded);
    }

    [Fact]
    public void Git_python_and_node_work_as_ever_under_the_whole_stack()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/bin/sh", "-c", "git init -q . && echo a > a && git add a && git -c user.name=a -c user.email=a@b commit -qm a && git mv a b && git log --oneline | wc -l && python3 -c \"import json, unittest, tempfile; print(json.dumps(len(tempfile.mkdtemp()) > 0))\" && node -e \"require('fs').mkdirSync('/tmp/x/y', { recursive: true }); console.log(1)\"");
        Assert.Equal(("1\ntrue\n1\n", ""), (ended.Output, ended.Error));
        Assert.DoesNotContain(ended.Calls.Attempts, one => one.Writes && one.Class != AttemptClass.Noise);
    }

    [Fact]
    public void An_older_Landlock_is_used_as_far_as_it_goes()
    {
        using var sandbox = new Confined { Landlock = 2, Seccomp = false };
        var ended = sandbox.Run("/bin/sh", "-c", "echo a > \"$1\"", "sh", sandbox.Outside("folder/new"));
        Assert.Equal("landlock=2", ended.Layers);
        Assert.NotEqual(0, ended.Program.ExitCode);
    }
}
