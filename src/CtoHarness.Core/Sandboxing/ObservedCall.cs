using System.Collections.Immutable;

namespace CtoHarness.Core.Sandboxing;

/// <summary>What an argument of a call says of how its path is taken.</summary>
public enum CallWords
{
    /// <summary>The call has no such argument.</summary>
    None,

    /// <summary>The flags of open(2): whether it writes, creates, follows a link.</summary>
    Open,

    /// <summary>AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH.</summary>
    At,

    /// <summary>AT_SYMLINK_FOLLOW, as linkat(2) has it.</summary>
    Link,

    /// <summary>AT_REMOVEDIR, which changes nothing here.</summary>
    Remove,

    /// <summary>The path is an address that stands in a msghdr, as sendmsg(2) has it.</summary>
    Message,

    /// <summary>It stands in an array of them, whose length is the next argument, as sendmmsg(2) has it.</summary>
    Messages,
}

/// <summary>A call that is handed to the supervisor before the kernel makes it, and where its arguments stand.</summary>
/// <param name="Call">The call.</param>
/// <param name="Operation">What it does, as the record calls it.</param>
/// <param name="Folder">Argument with the descriptor that a relative path starts from, or that is meant itself where there is no path; -1 for the working folder.</param>
/// <param name="Path">Argument with the path; -1 where it has none.</param>
/// <param name="Folder2">The same for a second path.</param>
/// <param name="Path2">The same for a second path.</param>
/// <param name="Flags">Argument with flags; -1 where it has none.</param>
/// <param name="Meaning">What these flags say.</param>
/// <param name="Follows">Whether a link at the end of the path is followed, unless flags say otherwise.</param>
/// <param name="Writes">Whether it changes something; for open(2) the flags say so.</param>
/// <param name="Creates">Whether it makes the last name of the path.</param>
public sealed record ObservedCall(
    SystemCall Call, string Operation, int Folder = -1, int Path = -1, int Folder2 = -1, int Path2 = -1, int Flags = -1,
    CallWords Meaning = CallWords.None, bool Follows = false, bool Writes = true, bool Creates = false);

/// <summary>Every call that is reported to the supervisor.</summary>
public static class ObservedCalls
{
    /// <summary>Calls on paths and descriptors of files.</summary>
    public static ImmutableArray<ObservedCall> Files { get; } =
    [
        new(new("open", 2, -1), "open", Path: 0, Flags: 1, Meaning: CallWords.Open, Follows: true),
        new(new("openat", 257, 56), "open", 0, 1, Flags: 2, Meaning: CallWords.Open, Follows: true),
        new(new("creat", 85, -1), "create", Path: 0, Follows: true, Creates: true),
        new(new("truncate", 76, 45), "truncate", Path: 0, Follows: true),
        new(new("mkdir", 83, -1), "mkdir", Path: 0, Creates: true),
        new(new("mkdirat", 258, 34), "mkdir", 0, 1, Creates: true),
        new(new("rename", 82, -1), "rename", Path: 0, Path2: 1),
        new(new("renameat", 264, 38), "rename", 0, 1, 2, 3),
        new(new("renameat2", 316, 276), "rename", 0, 1, 2, 3),
        new(new("link", 86, -1), "link", Path: 0, Path2: 1),
        new(new("linkat", 265, 37), "link", 0, 1, 2, 3, 4, CallWords.Link),
        new(new("symlink", 88, -1), "symlink", Path: 1, Creates: true),
        new(new("symlinkat", 266, 36), "symlink", 1, 2, Creates: true),
        new(new("unlink", 87, -1), "unlink", Path: 0),
        new(new("unlinkat", 263, 35), "unlink", 0, 1, Flags: 2, Meaning: CallWords.Remove),
        new(new("rmdir", 84, -1), "rmdir", Path: 0),
        new(new("mknod", 133, -1), "mknod", Path: 0, Creates: true),
        new(new("mknodat", 259, 33), "mknod", 0, 1, Creates: true),
        new(new("chmod", 90, -1), "chmod", Path: 0, Follows: true),
        new(new("fchmod", 91, 52), "chmod", 0),
        new(new("fchmodat", 268, 53), "chmod", 0, 1, Follows: true),
        new(new("fchmodat2", 452, 452), "chmod", 0, 1, Flags: 3, Meaning: CallWords.At, Follows: true),
        new(new("chown", 92, -1), "chown", Path: 0, Follows: true),
        new(new("lchown", 94, -1), "chown", Path: 0),
        new(new("fchown", 93, 55), "chown", 0),
        new(new("fchownat", 260, 54), "chown", 0, 1, Flags: 4, Meaning: CallWords.At, Follows: true),
        new(new("utime", 132, -1), "utime", Path: 0, Follows: true),
        new(new("utimes", 235, -1), "utime", Path: 0, Follows: true),
        new(new("futimesat", 261, -1), "utime", 0, 1, Follows: true),
        new(new("utimensat", 280, 88), "utime", 0, 1, Flags: 3, Meaning: CallWords.At, Follows: true),
        new(new("setxattr", 188, 5), "setxattr", Path: 0, Follows: true),
        new(new("lsetxattr", 189, 6), "setxattr", Path: 0),
        new(new("fsetxattr", 190, 7), "setxattr", 0),
        new(new("setxattrat", 463, 463), "setxattr", 0, 1, Flags: 2, Meaning: CallWords.At, Follows: true),
        new(new("removexattr", 197, 14), "removexattr", Path: 0, Follows: true),
        new(new("lremovexattr", 198, 15), "removexattr", Path: 0),
        new(new("fremovexattr", 199, 16), "removexattr", 0),
        new(new("removexattrat", 466, 466), "removexattr", 0, 1, Flags: 2, Meaning: CallWords.At, Follows: true),
        new(new("execve", 59, 221), "exec", Path: 0, Follows: true, Writes: false),
        new(new("execveat", 322, 281), "exec", 0, 1, Flags: 4, Meaning: CallWords.At, Follows: true, Writes: false),
    ];

    /// <summary>sendto(2), which is reported only where it names an address.</summary>
    public static SystemCall SendTo { get; } = new("sendto", 44, 206);

    /// <summary>Calls with the address of a socket: its place among the arguments is 1, for sendto 4; sendmsg and sendmmsg name it in memory.</summary>
    public static ImmutableArray<ObservedCall> Sockets { get; } =
    [
        new(new("connect", 42, 203), "connect", 0, 1, Writes: false),
        new(new("bind", 49, 200), "bind", 0, 1),
        new(SendTo, "sendto", 0, 4, Writes: false),
        new(new("sendmsg", 46, 211), "sendmsg", 0, 1, Meaning: CallWords.Message, Writes: false),
        new(new("sendmmsg", 307, 269), "sendmsg", 0, 1, Meaning: CallWords.Messages, Writes: false),
    ];

    /// <summary>Ways to change or see something that no notification reports; each layer that nevertheless stops it outside the roots is named.</summary>
    public static ImmutableArray<string> NotCovered { get; } =
    [
        "stat, access, readlink and listing through a descriptor that is open already (masked places are empty)",
        "read, write, ftruncate and fallocate through a descriptor: its opening was reported",
        "the interpreter that a script's first line or a program names, which the kernel opens itself (masked places are empty)",
        "a path that another thread changes after it was read: the kernel's layers decide on the one that it uses (of a unix socket nothing but its being hidden)",
        "calls that the filter refuses: they fail without a note",
        "what is the sandbox's own: its loopback, abstract sockets, netlink, shared memory, and all that lies in its roots (namespaces and limits)",
        "signals and other calls on processes: the process namespace holds none but its own",
        "reads of what is neither hidden nor a target: all of the machine that is seen is read-only",
    ];
}
