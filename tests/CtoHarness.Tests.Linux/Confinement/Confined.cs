using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>A sandbox with all its layers around one program, without a run: roots of its own, a place outside that its user owns, a target, a hidden home.</summary>
internal sealed class Confined : IDisposable
{
    private const long User = 64_000;
    private readonly TempRoot _root = new();

    public Confined()
    {
        foreach (var name in new[] { "roots/work", "roots/tmp", "outside/folder", "target", "init" })
        {
            Directory.CreateDirectory(_root.At(name));
        }

        File.WriteAllText(Outside("file"), "as it was");
        File.WriteAllText(_root.At("target/secret"), "a secret");
        foreach (var file in Directory.GetFiles(InitBuild()))
        {
            File.Copy(file, _root.At("init/" + Path.GetFileName(file)));
        }

        // The user inside owns what lies outside: only the sandbox is in its way.
        if (ProcessCalls.IsRoot)
        {
            Tool.Run("/bin/chown", "-R", $"{User}:{User}", _root.At("roots"), _root.At("outside"), _root.At("target"));
        }
    }

    internal int Landlock { get; init; } = Core.Sandboxing.Confinement.NewestLandlock;

    internal bool Seccomp { get; init; } = true;

    internal bool Observe { get; init; } = true;

    internal int Port { get; init; }

    internal string Target => _root.At("target/secret");

    internal string Roots => _root.At("roots");

    internal string Outside(string name) => _root.At("outside/" + name);

    /// <summary>Runs a program inside.</summary>
    internal Ended Run(params string[] words)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var log = new AttemptLog(null);
        var places = new PlaceMap(
            [Roots, "/tmp", "/dev/shm", "/dev/pts", .. Core.Sandboxing.Confinement.Devices],
            [(_root.At("target"), AttemptClass.Target), ("/root", AttemptClass.Home), ("/home", AttemptClass.Home), ("/run", AttemptClass.Hidden)]);
        var init = new InitChannel(new Supervisor(places, Machine, log, TimeProvider.System), Serve);
        var outcome = new Bubblewrap(HostView.Tools().Tools!).Run(
            Policy(), new EngineCommand(words[0], [.. words.Skip(1)], ImmutableSortedDictionary<string, string>.Empty), TimeSpan.FromSeconds(60),
            new ByteSink(output, 1 << 20), new ByteSink(error, 1 << 20), CancellationToken.None, init: init);
        return new Ended(outcome, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()), init.Layers, init.Failure, log.Record());
    }

    /// <summary>The same program outside, as the user of the sandbox.</summary>
    internal static string RunOutside(params string[] words) => ProcessCalls.IsRoot
        ? Tool.Run("/usr/bin/setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--", .. words])
        : Tool.Run(words[0], [.. words.Skip(1)]);

    public void Dispose() => _root.Dispose();

    private static MachineKind Machine => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? MachineKind.Arm64 : MachineKind.X64;

    private SandboxPolicy Policy() => new(
        ["/root", "/home", "/run", _root.At("target")], [],
        [new SandboxBind(Roots, Roots, true), new SandboxBind(_root.At("roots/tmp"), "/tmp", true), new SandboxBind(Outside("folder"), Outside("folder"), true)],
        _root.At("roots/work"),
        new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = Roots, ["TOLD"] = "as given" }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        RunPolicy.BuiltIn.Limits, ProcessCalls.IsRoot ? User : null)
    {
        Init = new InitPlace(_root.At("init"), Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))),
        Confinement = new Core.Sandboxing.Confinement(
            Landlock, [Roots, "/tmp", "/dev/shm", "/dev/pts"], Core.Sandboxing.Confinement.Devices,
            Seccomp ? SeccompFilter.For(Machine, Observe) : [], Seccomp && Observe, Port),
    };

    private static void Serve(Microsoft.Win32.SafeHandles.SafeFileHandle listener)
    {
        var thread = new Thread(() =>
        {
            using var socket = new System.Net.Sockets.Socket(new System.Net.Sockets.SafeSocketHandle(listener.DangerousGetHandle(), ownsHandle: false));
            using var one = socket.Accept();
            var buffer = new byte[100];
            _ = one.Send(buffer, one.Receive(buffer), System.Net.Sockets.SocketFlags.None);
            listener.Dispose();
        })
        { IsBackground = true };
        thread.Start();
    }

    private static string InitBuild() => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!, "CtoHarness.SandboxInit", "release");
}

/// <summary>What came of a confined program.</summary>
internal sealed record Ended(ProgramOutcome Program, string Output, string Error, string? Layers, string Failure, CallRecord Calls);
