using System.Globalization;
using CtoHarness.Core.Observation;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Attacks that change what lies outside.</summary>
internal static class WriteAttacks
{
    private const string Content = "mounts, Landlock, supervisor";
    private const string Metadata = "mounts, supervisor";
    private const int Depth = 24;
    private static readonly string DeepName = new('d', 200);

    internal static IEnumerable<Attack> All { get; } =
    [
        Write("write", "open a file and write to it", s => ["write", s.File]),
        Write("write-new", "make a file", s => ["create", s.New]) with { Record = new("open-write", s => s.New) },
        Write("write-by-link", "write through a symbolic link of one's own", s => ["write-by-link", s.File]),
        Write("write-through-link", "write below a link to the folder", s => ["write-through-link", s.File]),
        Write("write-upwards", "write by `..` from the folder itself", s => ["write-upwards", s.Folder, "file"]),
        Write("write-by-root", "write through /proc/self/root", s => ["write", "/proc/self/root" + s.File]),
        Write("write-by-cwd", "write through /proc/self/cwd", s => ["write-by-cwd", s.File]),
        Write("reopen", "open for reading, open /proc/self/fd/N again for writing", s => ["reopen", s.File]),
        Write("reopen-path", "open as a place only (O_PATH), open /dev/fd/N for writing", s => ["reopen-path", s.File]),
        Write("reopen-thread", "the same through /proc/thread-self/fd/N", s => ["reopen-thread", s.File]),
        Write("write-in-depth", "write where the whole path is longer than the kernel tells", s => ["write-in-depth", s.Outside, DeepName, Depth.ToString(CultureInfo.InvariantCulture)]) with
        {
            Prepare = MakeDepth,
            Record = new("open-write", _ => "file", AttemptClass.Unresolved),
        },
        Write("truncate", "cut a file off by its path", s => ["truncate", s.File], "truncate") with { Weaker = Weaker.NewerLandlockHolds },
        Write("open-truncate", "open a file for reading and cut it off (O_TRUNC)", s => ["open-truncate", s.File]) with { Weaker = Weaker.NewerLandlockHolds },
        Write("unnamed", "make a file without a name and give it one (O_TMPFILE, linkat)", s => ["unnamed", s.Folder]) with { Record = new("open-write", s => s.Folder) },
        Write("make-folder", "make a folder", s => ["make-folder", s.New], "mkdir", s => s.New),
        Write("make-link", "make a symbolic link", s => ["make-link", s.New], "symlink", s => s.New),
        Write("make-pipe", "make a FIFO", s => ["make-pipe", s.New], "mknod", s => s.New),
        Write("link-in", "link a file into the workspace and write to it there", s => ["link-in", s.File], "link"),
        Write("link-out", "link a file of one's own to a place outside", s => ["link-out", s.New], "link", s => s.New),
        Write("rename", "rename a file", s => ["rename", s.File, s.New], "rename"),
        Write("rename-in", "move a file into the workspace", s => ["rename", s.File, "taken"], "rename"),
        Write("rename-out", "move a file of one's own out", s => ["rename-out", s.New], "rename", s => s.New),
        Write("exchange", "let two files change places", s => ["exchange", s.File, s.Folder], "rename"),
        Write("unlink", "delete a file", s => ["unlink", s.File], "unlink"),
        Write("remove-folder", "delete a folder", s => ["remove-folder", s.Folder], "unlink", s => s.Folder),
        Only("chmod", "change a mode", s => ["chmod", s.File], "chmod"),
        Only("chmod-open", "change a mode through a descriptor for reading", s => ["chmod-open", s.File], "chmod"),
        Only("chmod-path", "change a mode through /proc/self/fd/N of a place", s => ["chmod-path", s.File], "chmod"),
        Only("chown", "change a group", s => ["chown", s.File, s.User.ToString(CultureInfo.InvariantCulture)], "chown"),
        Only("times", "set a file's times", s => ["times", s.File], "utime"),
        Only("times-open", "set its times through a descriptor for reading", s => ["times-open", s.File], "utime"),
        Only("attribute", "set an extended attribute", s => ["attribute", s.File], "setxattr"),
        Only("attribute-open", "set one through a descriptor for reading", s => ["attribute-open", s.File], "setxattr"),
        new("flags-open", "set inode flags through a descriptor for reading (FS_IOC_SETFLAGS)", "mounts, filter", s => ["flags-open", s.File]) { Gap = Gaps.Refused, Weaker = Weaker.SeccompHolds },
        new("write-held", "write to a descriptor that whoever started the harness left open", "bubblewrap's start, sandbox-init", _ => ["write-held", Arena.HeldFile]) { Gap = Gaps.Held, Weaker = Weaker.EitherHolds },
        new("write-below-held", "open a file below such a descriptor of a folder", "bubblewrap's start, sandbox-init", _ => ["write-below-held", Arena.HeldFolder, "file"])
        {
            Record = new("open-write", _ => "file", AttemptClass.Unresolved), Weaker = Weaker.EitherHolds,
        },
        new("shared-memory-file", "write to a file in the machine's /dev/shm", "a /dev/shm of its own", s => ["write", "/dev/shm/" + s.Token])
        {
            Prepare = s => MakeShared(s), Succeeded = s => ReadShared(s) != "as it was", Gap = Gaps.Own, Weaker = Weaker.EitherHolds,
        },
    ];

    private static Attack Write(string name, string title, Func<Scene, string[]> words, string operation = "open-write", Func<Scene, string>? path = null) =>
        new(name, title, Content, words) { Record = new(operation, path ?? (s => s.File)), Weaker = Weaker.EitherHolds };

    private static Attack Only(string name, string title, Func<Scene, string[]> words, string operation) =>
        new(name, title, Metadata, words) { Record = new(operation, s => s.File), Weaker = Weaker.SeccompHolds };

    private static void MakeDepth(Scene scene) => Tool.Run(
        "/usr/bin/python3", "-c",
        "import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(int(sys.argv[3])):\n    os.mkdir(sys.argv[2])\n    os.chdir(sys.argv[2])\nopen('file', 'w').write('as it was')",
        scene.Outside, DeepName, Depth.ToString(CultureInfo.InvariantCulture));

    private static void MakeShared(Scene scene)
    {
        File.WriteAllText("/dev/shm/" + scene.Token, "as it was");
        File.SetUnixFileMode("/dev/shm/" + scene.Token, (UnixFileMode)0b110_110_110);
    }

    private static string ReadShared(Scene scene)
    {
        var text = File.ReadAllText("/dev/shm/" + scene.Token);
        File.Delete("/dev/shm/" + scene.Token);
        return text;
    }
}
