using CtoHarness.Core.Observation;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>Programs that name a target in ways meant to lead the supervisor elsewhere than the kernel: each try is on record for what it is.</summary>
[Trait("Mission", "M11")]
public sealed class MisledRecordTests
{
    // On each machine: the numbers of openat, bind and sendmsg; memory that may be written to and not read.
    private const string Start =
        """
        import ctypes, mmap, os, socket, sys, threading
        libc = ctypes.CDLL(None, use_errno=True)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        OPENAT, BIND, SENDMSG = (56, 200, 211) if os.uname().machine == 'aarch64' else (257, 49, 46)
        target = sys.argv[1]
        folder = os.path.dirname(target)
        def unread(content):
            place = libc.mmap(None, 4096, mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
            ctypes.memmove(place, content, len(content))
            return ctypes.c_void_p(place)
        def address(path):
            return socket.AF_UNIX.to_bytes(2, sys.byteorder) + os.fsencode(path) + b'\0'
        up = '../' * 40
        deep = '/tmp' + '/x' * 60
        os.makedirs(deep)
        def gone(name):
            os.mkdir(name)
            place = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
            os.rmdir(name)
            os.symlink(deep, name + ' (deleted)')
            return place

        """;

    [Theory]
    [InlineData("open-read", "open('/proc/self/task/%d/root%s' % (os.getpid(), target))")]
    [InlineData("open-read", "open('/proc/thread-self/root' + target)")]
    [InlineData("open-write", "open('/proc/self/task/%d/root%s' % (os.getpid(), target), 'w')")]
    [InlineData("open-read", "os.fchdir(gone('d')); open(up + target)")]
    [InlineData("mkdir", "os.mkdir(up + target, dir_fd=gone('d'))")]
    [InlineData("open-write", "open('/proc/self/fd/%d/%s%s' % (gone('d'), up, target), 'w')")]
    [InlineData("open-read", "libc.syscall(OPENAT, -100, unread(os.fsencode(target) + b'\\0'), 0)")]
    [InlineData("bind", "a = address(target); libc.syscall(BIND, socket.socket(socket.AF_UNIX).fileno(), unread(a), len(a))")]
    [InlineData("bind", "a = address(target); libc.syscall(BIND, socket.socket(socket.AF_UNIX).fileno(), a, ctypes.c_long(len(a) + (1 << 32)))")]
    [InlineData("sendmsg", "m = (ctypes.c_uint64 * 8)(); a = address(target); m[0] = unread(a).value; m[1] = len(a); libc.syscall(SENDMSG, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).fileno(), m, 0)")]
    public void A_target_that_is_named_in_a_roundabout_way_is_on_record(string operation, string attack)
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", Start + attack.Replace("up + target", "up + target[1:]", StringComparison.Ordinal), sandbox.Target);
        Assert.DoesNotContain("SyntaxError", ended.Error, StringComparison.Ordinal);
        var attempt = Assert.Single(ended.Calls.Attempts, one => one.Class is AttemptClass.Target or AttemptClass.Network);
        Assert.Equal((operation, sandbox.Target), (attempt.Operation, attempt.Path));
        Assert.True(ended.Calls.IsComplete);
    }

    [Fact]
    public void To_move_a_folder_around_a_target_is_to_move_the_target()
    {
        using var sandbox = new Confined();
        var around = Path.GetDirectoryName(Path.GetDirectoryName(sandbox.Target))!;
        var ended = sandbox.Run("/usr/bin/python3", "-c", Start + "around = os.path.dirname(folder); os.rename(around, around + '2')", sandbox.Target);
        var attempt = Assert.Single(ended.Calls.Attempts);
        Assert.Equal(("rename", around, AttemptClass.Target, true), (attempt.Operation, attempt.Path, attempt.Class, attempt.Denied));
    }

    // An ordinary user who asks cannot look into the folder of such a program; root can.
    [Fact]
    public void A_program_that_lets_nobody_look_at_it_works_and_its_tries_are_on_record()
    {
        const string work = "libc.prctl(4, 0, 0, 0, 0)\nf = os.open('own', os.O_CREAT | os.O_RDWR)\nos.fchmod(f, 0o600)\nos.open('own', os.O_RDONLY, dir_fd=os.open('.', os.O_RDONLY))\nprint('done')\n";
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", Start + work, sandbox.Target);
        Assert.Equal(("done\n", ""), (ended.Output, ended.Error));
        Assert.Equal(0, ended.Calls.Recorded);

        using var attacked = new Confined();
        ended = attacked.Run("/usr/bin/python3", "-c", Start + work + "open('/proc/self/fd/%d%s' % (os.open('/', os.O_PATH), target))", attacked.Target);
        Assert.Single(ended.Calls.Attempts, one => one.Class == AttemptClass.Target || (one.Class == AttemptClass.Unresolved && one.Denied == true));
    }

    [Fact]
    public void A_thread_with_descriptors_of_its_own_names_those_of_its_process()
    {
        const string attack =
            """
            place = os.open('/', os.O_PATH)
            def run():
                libc.syscall(436, 1000, 1000, 2) # close_range, with a table of its own from here on
                os.dup2(os.open(deep, os.O_PATH), place)
                try:
                    open('/proc/self/fd/%d%s' % (place, target))
                except OSError as refused:
                    print(refused.errno)
            one = threading.Thread(target=run)
            one.start()
            one.join()
            """;
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", Start + attack, sandbox.Target);
        Assert.Equal("2\n", ended.Output);
        Assert.Equal(sandbox.Target, Assert.Single(ended.Calls.Attempts, one => one.Class == AttemptClass.Target).Path);
    }

    [Fact]
    public void A_slash_behind_a_link_follows_it_although_links_are_not_to_be_followed()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run(
            "/usr/bin/python3", "-c", Start + "os.symlink('/proc/self/root' + folder, 'l'); print(os.listdir(os.open('l/', os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)))", sandbox.Target);
        Assert.Equal("[]\n", ended.Output);
        Assert.Equal(Path.GetDirectoryName(sandbox.Target), Assert.Single(ended.Calls.Attempts, one => one.Class == AttemptClass.Target).Path);
    }

    [Theory]
    [InlineData("os.open(up + target[1:], os.O_RDONLY)")] // from a folder whose own path is longer than the kernel writes
    [InlineData("os.open('../' * 3 + 'l' * 240 + '/' + os.path.basename(target), os.O_RDONLY)")] // by a link whose own path is
    public void What_cannot_be_resolved_is_refused_and_the_record_is_not_whole(string attack)
    {
        const string deep = "for _ in range(20):\n    os.symlink(folder, 'l' * 240)\n    os.mkdir('n' * 250)\n    os.chdir('n' * 250)\n";
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", Start + deep + attack, sandbox.Target);
        Assert.Contains("Permission denied", ended.Error, StringComparison.Ordinal);
        Assert.True(ended.Calls.Unresolved > 0);
        Assert.False(ended.Calls.IsComplete);
        Assert.Contains("could not be found out", ended.Calls.Trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no folder", "os.open('x', os.O_RDONLY, dir_fd=os.pipe()[0])", 20)]
    [InlineData("no such descriptor", "os.open('x', os.O_RDONLY, dir_fd=777)", 9)]
    [InlineData("links without end", "os.symlink('m', 'l'); os.symlink('l', 'm'); os.open('l', os.O_RDONLY)", 40)]
    [InlineData("too long", "os.open('x/' * 2500, os.O_RDONLY)", 36)]
    [InlineData("a name that is too long", "os.open('x' * 300, os.O_RDONLY)", 36)]
    [InlineData("no memory", "libc.syscall(OPENAT, -100, ctypes.c_void_p(8), 0) < 0 and sys.exit(ctypes.get_errno())", 14)]
    public void What_the_kernel_itself_refuses_is_refused_with_its_error_and_is_no_try(string what, string call, int error)
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", Start + $"try:\n    {call}\nexcept OSError as refused:\n    sys.exit(refused.errno)\n", sandbox.Target);
        Assert.True(ended.Program.ExitCode == error, $"{what}: {ended.Program.ExitCode} {ended.Error}");
        Assert.Equal(0, ended.Calls.Recorded);
        Assert.True(ended.Calls.IsComplete);
    }

    [Fact]
    public void Memory_of_its_own_that_looks_like_a_file_may_be_changed()
    {
        using var sandbox = new Confined();
        var ended = sandbox.Run(
            "/usr/bin/python3", "-c", "import os\nf = os.memfd_create('x')\nos.fchmod(f, 0o600)\nopen('/proc/self/fd/%d' % f, 'w').write('x')\nprint(os.fstat(f).st_size)");
        Assert.Equal(("1\n", ""), (ended.Output, ended.Error));
        Assert.Equal(0, ended.Calls.Recorded);
    }

    [Fact]
    public void Links_that_lead_to_ever_more_names_are_given_up_before_they_cost_much()
    {
        const string flood = "for i in range(38):\n    os.symlink('l%d/' % (i + 1) + 'x/' * 2040, 'l%d' % i)\nos.symlink(folder, 'l38')\nfor _ in range(20):\n    try:\n        os.open('l0', os.O_WRONLY)\n    except OSError:\n        pass\n";
        using var sandbox = new Confined();
        var ended = sandbox.Run("/usr/bin/python3", "-c", Start + flood, sandbox.Target);
        Assert.True(ended.Program.Duration < TimeSpan.FromSeconds(10), ended.Program.Duration.ToString());
        Assert.True(ended.Calls.Unresolved > 0);
        Assert.All(ended.Calls.Attempts, one => Assert.True(one.Path.Length <= 4096));
    }
}
