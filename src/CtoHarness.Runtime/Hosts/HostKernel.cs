using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Runtime.Hosts;

/// <summary>What the kernel gives: namespaces by bubblewrap alone, then the layers of sandbox-init, each seen from inside.</summary>
internal static class HostKernel
{
    private const string NotTried = "not tried: ";
    private const string NewerKernel = "Linux 5.19 or newer, with CONFIG_SECCOMP_FILTER";
    private static readonly ImmutableArray<string> Layers = ["no-new-privileges", "landlock", "seccomp", "resource-limits"];

    /// <summary>Namespaces: a sandbox of bubblewrap alone tells the names of its own.</summary>
    internal static ImmutableArray<HostRow> Namespaces(SandboxTools tools, SandboxPolicy policy, CancellationToken interrupt)
    {
        var kinds = CanaryAnswers.NeededNamespaces;
        var bare = policy with { Binds = [], WorkingFolder = "/", Init = null, Confinement = null };
        var probe = HostProbe.Run(tools, bare, interrupt, ["/usr/bin/readlink", .. kinds.Select(kind => "/proc/self/ns/" + kind)]);
        if (!probe.CameUp)
        {
            return Untried($"bubblewrap made no sandbox: {probe.Words}", SandboxAdvice.For(probe.Words));
        }

        return
        [
            new HostRow("user-namespaces", true, true, "bubblewrap made a sandbox as an ordinary user", ""),
            .. kinds.Select((kind, index) => probe.Lines.ElementAtOrDefault(index) is { } theirs && theirs.StartsWith(kind + ":[", StringComparison.Ordinal)
                && File.ResolveLinkTarget("/proc/self/ns/" + kind, false)?.Name is { } ours && ours != theirs
                ? new HostRow("namespace-" + kind, true, true, $"{theirs} inside, {ours} outside", "")
                : new HostRow("namespace-" + kind, false, true, "the sandbox shares it with the machine", $"a kernel with {kind} namespaces (see namespaces(7))")),
        ];
    }

    /// <summary>The same rows where no sandbox could be made.</summary>
    internal static ImmutableArray<HostRow> Untried(string seen, string remedy) =>
    [
        new HostRow("user-namespaces", false, true, seen, remedy),
        .. CanaryAnswers.NeededNamespaces.Select(kind => new HostRow("namespace-" + kind, false, true, NotTried + "no sandbox was made", "")),
    ];

    /// <summary>The layers of sandbox-init: a program below them tells what holds it.</summary>
    internal static ImmutableArray<HostRow> Confined(SandboxTools tools, SandboxPolicy policy, Limits limits, int? landlock, CancellationToken interrupt)
    {
        var probe = HostProbe.Run(tools, policy, interrupt, "/usr/bin/cat", "/proc/self/status", "/proc/self/limits");
        if (!probe.CameUp || probe.Landlock is not { } version)
        {
            return NoLayers($"sandbox-init laid no layers: {probe.Words}", SandboxAdvice.For("sandbox-init " + probe.Words));
        }

        var fileSize = probe.After("Max file size").Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "not told";
        var wanted = limits.FileBytes.ToString(CultureInfo.InvariantCulture);
        return
        [
            new HostRow("sandbox-init", true, true, "it laid its layers on a program", ""),
            Held("no-new-privileges", "NoNewPrivs:", probe.After("NoNewPrivs:"), "1", "Linux 3.5 or newer"),
            Landlock(version, landlock),
            Held("seccomp", "Seccomp:", probe.After("Seccomp:"), "2", "a kernel with CONFIG_SECCOMP_FILTER"),
            Held("resource-limits", "Max file size:", fileSize, wanted, "apt-get install util-linux"),
        ];
    }

    /// <summary>The same rows where there was nothing to lay them on.</summary>
    internal static ImmutableArray<HostRow> NoLayers(string seen, string remedy) =>
    [
        new HostRow("sandbox-init", false, true, seen, remedy),
        .. Layers.Select(name => new HostRow(name, false, true, NotTried + "no program ran below sandbox-init", "")),
    ];

    /// <summary>What only the self-test shows: calls that are handed over, the record, the listener.</summary>
    internal static ImmutableArray<HostRow> Watched(SelfTestOutcome? outcome)
    {
        return
        [
            outcome is { CameUp: true }
                ? new HostRow("seccomp-notification", true, true, "a filter that hands calls over was laid, and its descriptor came out", "")
                : Row("seccomp-notification", "observation", NewerKernel),
            Row("supervisor", "observation", NewerKernel),
            Row("listener", "reach-gateway", ""),
        ];

        HostRow Row(string name, string check, string remedy) =>
            outcome is null ? new HostRow(name, false, true, NotTried + "there was no self-test", "")
            : !outcome.CameUp ? new HostRow(name, false, true, $"the self-test did not come up: {outcome.Words}", outcome.Advice)
            : outcome.Checks.FirstOrDefault(one => one.Name == check) is { } seen ? new HostRow(name, seen.Passed, true, seen.Detail, seen.Passed ? "" : remedy)
            : new HostRow(name, false, true, "the self-test did not show it", remedy);
    }

    private static HostRow Held(string name, string field, string value, string wanted, string remedy) => value == wanted
        ? new HostRow(name, true, true, $"{field} {value} inside", "")
        : new HostRow(name, false, true, $"{field} {(value.Length > 0 ? value : "not told")} inside, and not {wanted}", remedy);

    private static HostRow Landlock(int version, int? limit)
    {
        var lacks = LandlockVersion.LacksOf(version);
        var simulated = limit is { } most ? string.Create(CultureInfo.InvariantCulture, $"; simulated: at most version {most}") : "";
        return new HostRow(
            "landlock", version > 0, true, $"{(version > 0 ? "version " : "")}{LandlockVersion.Describe(version)}{simulated}",
            version == 0 ? $"Linux {LandlockVersion.KernelOf(1)} or newer, with landlock in the boot parameter lsm= (see /sys/kernel/security/lsm)"
            : lacks.IsEmpty ? "" : $"Linux {LandlockVersion.KernelOf(6)} or newer decides on these too; until then namespaces and the call filter carry them");
    }
}
