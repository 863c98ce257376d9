using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Confine;

/// <summary>Runs one program in a sandbox with all its layers, without a run around it.</summary>
internal static class ConfinedProgram
{
    /// <summary>Runs it to its end.</summary>
    internal static Ended Run(SandboxOrder order)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var log = new AttemptLog(null);
        var limits = LimitsOf(order);
        using var watch = order.WatchedBytes > 0 ? SizeWatch.Of(Roots(order), limits) : null;
        var init = new InitChannel(new Supervisor(Places(order), LaneSandbox.Machine!.Value, log, TimeProvider.System), Echo);
        var outcome = new Bubblewrap(Tools(order)).Run(
            Policy(order, limits), new EngineCommand(order.Program[0], [.. order.Program.Skip(1)], ImmutableSortedDictionary<string, string>.Empty),
            TimeSpan.FromSeconds(order.WallSeconds), new ByteSink(output, order.OutputBytes), new ByteSink(error, order.OutputBytes), CancellationToken.None,
            passed: watch?.Passed, init: init);
        return new Ended(outcome, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()), init.Layers, init.Failure, log.Record(), watch?.Words ?? "");
    }

    private static string RuntimeRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private static string Roots(SandboxOrder order) => order.Root + "/roots";

    private static SandboxTools Tools(SandboxOrder order)
    {
        var tools = HostView.Tools().Tools!;
        return order.Bubblewrap.Length > 0 ? tools with { Bubblewrap = order.Bubblewrap } : tools;
    }

    private static Limits LimitsOf(SandboxOrder order)
    {
        var limits = RunPolicy.BuiltIn.Limits;
        return limits with
        {
            StopSeconds = order.StopSeconds,
            Processes = order.Processes > 0 ? order.Processes : limits.Processes,
            WorkspaceBytes = order.WatchedBytes,
            WorkspaceEntries = order.WatchedEntries,
        };
    }

    private static PlaceMap Places(SandboxOrder order) => new(
        [Roots(order), "/tmp", "/dev/shm", "/dev/pts", .. Core.Sandboxing.Confinement.Devices],
        [
            (order.Root + "/target", AttemptClass.Target), ("/root", AttemptClass.Home), ("/home", AttemptClass.Home), ("/run", AttemptClass.Hidden),
            .. order.Homes.Select(home => (home, AttemptClass.Home)),
        ]);

    private static SandboxPolicy Policy(SandboxOrder order, Limits limits) => new(
        ["/root", "/home", "/run", order.Root + "/target", .. order.Homes], [],
        [
            new SandboxBind(Roots(order), Roots(order), true), new SandboxBind(Roots(order) + "/tmp", "/tmp", true),
            .. order.Open.Select(folder => new SandboxBind(folder, folder, true)),
            .. order.RuntimePlace.Length > 0 ? [new SandboxBind(RuntimeRoot, order.RuntimePlace, false)] : Array.Empty<SandboxBind>(),
        ],
        Roots(order) + "/work",
        new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = Roots(order), ["TOLD"] = "as given" }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        limits, order.User)
    {
        Init = new InitPlace(order.Root + "/init", RuntimeRoot),
        Confinement = new Core.Sandboxing.Confinement(
            order.Landlock, [Roots(order), "/tmp", "/dev/shm", "/dev/pts"], Core.Sandboxing.Confinement.Devices,
            order.Seccomp ? SeccompFilter.For(LaneSandbox.Machine!.Value, order.Observe) : [], order is { Seccomp: true, Observe: true }, order.Port),
    };

    private static void Echo(SafeFileHandle listener)
    {
        var thread = new Thread(() =>
        {
            using var socket = new Socket(new SafeSocketHandle(listener.DangerousGetHandle(), ownsHandle: false));
            using var one = socket.Accept();
            var buffer = new byte[100];
            _ = one.Send(buffer, one.Receive(buffer), SocketFlags.None);
            listener.Dispose();
        })
        { IsBackground = true };
        thread.Start();
    }
}
