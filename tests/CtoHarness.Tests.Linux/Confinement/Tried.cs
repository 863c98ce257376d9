using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>A sandbox for self-tests in which one thing at a time can be broken.</summary>
internal sealed class Tried : IDisposable
{
    private const long User = 64_000;
    private readonly TempRoot _root = new();

    public Tried()
    {
        foreach (var name in new[] { "roots/work", "roots/tmp", "hidden", "shown", "init" })
        {
            Directory.CreateDirectory(_root.At(name));
        }

        foreach (var file in Directory.GetFiles(InitBuild()))
        {
            File.Copy(file, _root.At("init/" + Path.GetFileName(file)));
        }

        if (ProcessCalls.IsRoot)
        {
            Tool.Run("/bin/chown", "-R", $"{User}:{User}", _root.At("roots"), _root.At("shown"));
        }
    }

    internal int Landlock { get; init; } = Core.Sandboxing.Confinement.NewestLandlock;

    internal bool Seccomp { get; init; } = true;

    internal bool Observe { get; init; } = true;

    /// <summary>Whether the filter hands calls over, although somebody is there to take them.</summary>
    internal bool FilterHandsOver { get; init; } = true;

    internal bool IsConfined { get; init; } = true;

    internal bool HidesBait { get; init; } = true;

    internal bool ShownIsWritable { get; init; }

    /// <summary>Expressions of sed on bubblewrap's arguments, one a line; or a whole script.</summary>
    internal string? Edit { get; init; }

    internal string? Script { get; init; }

    internal int? Process { get; init; }

    internal string Hidden => _root.At("hidden");

    internal string Shown => _root.At("shown");

    internal SelfTestOutcome Test(string[]? inside = null, string[]? masked = null, CancellationToken interrupt = default)
    {
        using var bait = Bait.Lay(Hidden, [Shown], Sandboxed, Process);
        return SelfTest.Run(Tools(), Policy(), inside ?? [_root.At("roots/work"), "/tmp"], masked ?? [], bait, interrupt);
    }

    internal static long? Sandboxed => ProcessCalls.IsRoot ? User : null;

    internal string At(string name) => _root.At(name);

    internal string Marker => _root.Marker;

    public void Dispose() => _root.Dispose();

    private SandboxTools Tools()
    {
        var tools = HostView.Tools().Tools!;
        if (Script is null && Edit is null)
        {
            return tools;
        }

        // Each argument is edited on its own line; none of ours holds a line's end.
        _root.Write("bwrap", Script ?? $"#!/bin/bash\nmapfile -t words < <(printf '%s\\n' \"$@\" | sed -e '{Edit}')\nexec {tools.Bubblewrap} \"${{words[@]}}\"\n");
        File.SetUnixFileMode(_root.At("bwrap"), (UnixFileMode)0b111_101_101);
        return tools with { Bubblewrap = _root.At("bwrap") };
    }

    private SandboxPolicy Policy() => new(
        ["/root", "/home", "/run", .. HidesBait ? [Hidden] : Array.Empty<string>()], [],
        [
            new SandboxBind(_root.At("roots"), _root.At("roots"), true), new SandboxBind(_root.At("roots/tmp"), "/tmp", true),
            .. ShownIsWritable ? [new SandboxBind(Shown, Shown, true)] : Array.Empty<SandboxBind>(),
        ],
        _root.At("roots/work"),
        new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        RunPolicy.BuiltIn.Limits, Sandboxed)
    {
        Init = new InitPlace(_root.At("init"), Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))),
        Confinement = !IsConfined ? null : new Core.Sandboxing.Confinement(
            Landlock, [_root.At("roots"), "/tmp", "/dev/shm", "/dev/pts"], Core.Sandboxing.Confinement.Devices,
            Seccomp ? SeccompFilter.For(LaneSandbox.Machine!.Value, Observe && FilterHandsOver) : [], Seccomp && Observe, 0),
    };

    private static string InitBuild() => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!, "CtoHarness.SandboxInit", "release");
}
