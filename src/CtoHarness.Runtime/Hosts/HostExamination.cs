using System.Runtime.InteropServices;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Hosts;

/// <summary>Finds out what this machine can enforce, by doing it. It installs nothing and leaves nothing.</summary>
public static class HostExamination
{
    /// <summary>Looks at the machine.</summary>
    /// <param name="root">The harness root.</param>
    /// <param name="folders">Where runs would keep their things.</param>
    /// <param name="policy">Limits and user.</param>
    /// <param name="landlock">The Landlock version to use at most, as on an older kernel; null for what there is.</param>
    /// <param name="environment">The variables of the person who asks, some of which name sockets that must be hidden.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static HostReport Make(
        HarnessRoot root, StateFolders folders, RunPolicy policy, int? landlock, IReadOnlyDictionary<string, string> environment, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(environment);
        var rows = new List<HostRow> { Machine() };
        rows.AddRange(HostPrograms.Rows(interrupt));
        rows.AddRange([HostFolders.User(LaneSandbox.User(policy)), HostFolders.Published(), HostFolders.Runtime(LaneSandbox.User(policy))]);
        var outcome = InPlace(root, folders, policy, landlock, environment, rows, interrupt);
        rows.AddRange(HostKernel.Watched(outcome));
        rows.AddRange([HostFolders.ControlGroups(), HostFolders.Disk(HostPlace.Around(folders), policy.Limits)]);
        var test = outcome is null ? null : new HostSelfTest(
            outcome.CameUp, outcome.IsExact, outcome.Words, outcome.Advice, outcome.Landlock, outcome.Namespaces, outcome.Checks, outcome.Duration);
        return new HostReport(landlock, [.. rows], test, HostStages.Of(rows, test));
    }

    private static HostRow Machine() => LaneSandbox.Machine is not null
        ? new HostRow("machine", true, true, RuntimeInformation.ProcessArchitecture.ToString(), "")
        : new HostRow("machine", false, true, $"{RuntimeInformation.ProcessArchitecture}: its system calls are in no table of this version", "a machine with x86-64 or arm64");

    // Whatever needs a folder to try it in.
    private static SelfTestOutcome? InPlace(
        HarnessRoot root, StateFolders folders, RunPolicy policy, int? landlock, IReadOnlyDictionary<string, string> environment, List<HostRow> rows,
        CancellationToken interrupt)
    {
        var user = LaneSandbox.User(policy);
        var around = HostPlace.Around(folders);
        using var place = HostPlace.TryMake(folders, user, interrupt, out var refusal);
        rows.Add(HostFolders.State(around, refusal, user));
        if (place is null)
        {
            const string reason = "not tried: there is no folder to try it in";
            rows.AddRange([.. HostKernel.Untried(reason, ""), .. HostKernel.NoLayers(reason, "")]);
            return null;
        }

        var view = LaneSandbox.View(root, place.State, [folders.State], [], environment);
        rows.Add(HostFolders.Hidden(view));
        return Layers(view, policy, place, landlock, rows, interrupt);
    }

    private static SelfTestOutcome? Layers(HostView view, RunPolicy policy, HostPlace place, int? landlock, List<HostRow> rows, CancellationToken interrupt)
    {
        if (HostView.Tools().Tools is not { } tools || LaneSandbox.Machine is null)
        {
            const string reason = "not tried: a program that makes sandboxes is missing";
            rows.AddRange([.. HostKernel.Untried(reason, ""), .. HostKernel.NoLayers(reason, "")]);
            return null;
        }

        var sandbox = AsOlder(LaneSandbox.For(view, policy, place.Lane), landlock);
        var namespaces = HostKernel.Namespaces(tools, sandbox, interrupt);
        rows.AddRange(namespaces);
        if (!namespaces[0].IsOk)
        {
            rows.AddRange(HostKernel.NoLayers("not tried: no sandbox was made", ""));
            return null;
        }

        rows.AddRange(HostKernel.Confined(tools, sandbox, policy.Limits, landlock, interrupt));
        using var bait = Bait.Lay(place.Top, [place.Lane.Given], LaneSandbox.User(policy));
        return SelfTest.Run(
            tools, AsOlder(LaneSandbox.For(view, policy, place.Lane, observed: true), landlock),
            [place.Lane.Workspace, place.Lane.Home, place.Lane.Out, "/tmp", "/var/tmp", "/dev/shm"], [], bait, interrupt);
    }

    private static SandboxPolicy AsOlder(SandboxPolicy policy, int? landlock) => landlock is { } most && policy.Confinement is { } confinement
        ? policy with { Confinement = confinement with { LandlockAbi = Math.Min(most, confinement.LandlockAbi) } }
        : policy;
}
