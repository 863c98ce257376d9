using System.Collections.Immutable;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Sandboxing;

namespace CtoHarness.Tests.Core.Sandboxing;

/// <summary>Sandboxes such as runs have.</summary>
internal static class SamplePolicies
{
    public static SandboxTools Tools { get; } = new("/usr/bin/bwrap", "/usr/bin/setpriv", "/usr/bin/prlimit", "/usr/bin/env");

    public static EngineCommand Command { get; } = new(
        "/bin/sh",
        ["/given/engine.sh", "--bind", "/", "/", "--", "a b"],
        ImmutableSortedDictionary<string, string>.Empty.Add("ENGINE", "--setenv").Add("HOME", "/elsewhere"));

    /// <summary>The harness runs as root; its runtime roots lie in the machine's state folder.</summary>
    public static SandboxPolicy ForRoot { get; } = new(
        ["/var/lib/cto-harness", "/root", "/home", "/run", "/srv/harness", "/srv/harness/fixtures", "/home"],
        ["/etc/shadow", "/root/.netrc", "/opt/key"],
        [
            new("/var/lib/cto-harness/work/1/workspace", "/var/lib/cto-harness/work/1/workspace", true),
            new("/var/lib/cto-harness/work/1/home", "/var/lib/cto-harness/work/1/home", true),
            new("/var/lib/cto-harness/work/1/given", "/var/lib/cto-harness/work/1/given", false),
            new("/var/lib/cto-harness/work/1/tmp", "/tmp", true),
            new("/var/lib/cto-harness/work/1/tmp", "/var/tmp", true),
        ],
        "/var/lib/cto-harness/work/1/workspace",
        ImmutableSortedDictionary<string, string>.Empty.Add("HOME", "/var/lib/cto-harness/work/1/home").Add("LC_ALL", "C.UTF-8").Add("PATH", "/usr/bin:/bin"),
        Sample.Limits,
        64_000);

    /// <summary>An ordinary user whose checkout lies below /tmp, which the lane's own tmp covers.</summary>
    public static SandboxPolicy ForUser { get; } = new(
        ["/home", "/run", "/tmp/harness", "/tmp/harness/runs"],
        ["/tmp/secret", "/home/u/.netrc"],
        [
            new("/home/u/.local/state/cto-harness/work/1/tmp", "/tmp", true),
            new("/home/u/.local/state/cto-harness/work/1/workspace", "/home/u/.local/state/cto-harness/work/1/workspace", true),
            new("/opt/engine", "/home/u/engine", false),
        ],
        "/home/u/.local/state/cto-harness/work/1/workspace",
        ImmutableSortedDictionary<string, string>.Empty.Add("PATH", "/usr/bin:/bin"),
        Sample.Limits,
        null);
}
