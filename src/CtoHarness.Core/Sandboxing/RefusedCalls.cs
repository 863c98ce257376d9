using System.Collections.Immutable;

namespace CtoHarness.Core.Sandboxing;

/// <summary>The calls that no program inside a sandbox may make. Numbers are those of Linux's asm/unistd.h, up to 6.17.</summary>
public static class RefusedCalls
{
    /// <summary>The greatest number that the tables know; any above answers "no such call".</summary>
    public const int Highest = 469;

    /// <summary>Calls that answer "no such call", so that programs fall back to one that can be looked at.</summary>
    public static ImmutableArray<SystemCall> Absent { get; } =
    [
        Same("io_uring_setup", 425), Same("io_uring_enter", 426), Same("io_uring_register", 427),
        Same("openat2", 437), Same("clone3", 435), Same("memfd_secret", 447),
    ];

    /// <summary>Calls that answer "not permitted".</summary>
    public static ImmutableArray<SystemCall> Forbidden { get; } =
    [
        // other processes
        new("ptrace", 101, 117), new("process_vm_readv", 310, 270), new("process_vm_writev", 311, 271), new("kcmp", 312, 272),
        Same("pidfd_getfd", 438), Same("process_madvise", 440), Same("process_mrelease", 448),

        // namespaces and mounts
        new("unshare", 272, 97), new("setns", 308, 268), new("chroot", 161, 51), new("pivot_root", 155, 41), new("mount", 165, 40), new("umount2", 166, 39),
        Same("open_tree", 428), Same("move_mount", 429), Same("fsopen", 430), Same("fsconfig", 431), Same("fsmount", 432), Same("fspick", 433),
        Same("mount_setattr", 442), Same("open_tree_attr", 467),

        // files by handle, attributes that nothing reports
        new("name_to_handle_at", 303, 264), new("open_by_handle_at", 304, 265), Same("file_setattr", 469),
        new("fanotify_init", 300, 262), new("fanotify_mark", 301, 263), new("quotactl", 179, 60), Same("quotactl_fd", 443),

        // the kernel
        new("bpf", 321, 280), new("perf_event_open", 298, 241), new("userfaultfd", 323, 282),
        new("add_key", 248, 217), new("request_key", 249, 218), new("keyctl", 250, 219),
        new("init_module", 175, 105), new("finit_module", 313, 273), new("delete_module", 176, 106),
        new("kexec_load", 246, 104), new("kexec_file_load", 320, 294), new("reboot", 169, 142), new("syslog", 103, 116),
        new("acct", 163, 89), new("swapon", 167, 224), new("swapoff", 168, 225), new("iopl", 172, -1), new("ioperm", 173, -1), new("modify_ldt", 154, -1),
        new("settimeofday", 164, 170), new("clock_settime", 227, 112), new("vhangup", 153, 58), new("nfsservctl", 180, 42), new("uselib", 134, -1),
        new("lookup_dcookie", 212, 18), new("migrate_pages", 256, 238), new("move_pages", 279, 239),
    ];

    private static SystemCall Same(string name, int number) => new(name, number, number);
}
