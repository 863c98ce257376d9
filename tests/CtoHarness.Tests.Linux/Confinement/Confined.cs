using CtoHarness.Confine;
using CtoHarness.Runtime.Interop;
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
        Built.Copy("CtoHarness.SandboxInit", _root.At("init"));

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

    internal string Marker => _root.Marker;

    internal string Outside(string name) => _root.At("outside/" + name);

    /// <summary>Runs a program inside.</summary>
    internal Ended Run(params string[] words) => ConfinedProgram.Run(new SandboxOrder(_root.Folder, [.. words])
    {
        Landlock = Landlock,
        Seccomp = Seccomp,
        Observe = Observe,
        Port = Port,
        User = ProcessCalls.IsRoot ? User : null,
        Open = [Outside("folder")],
    });

    /// <summary>The same program outside, as the user of the sandbox.</summary>
    internal static string RunOutside(params string[] words) => ProcessCalls.IsRoot
        ? Tool.Run("/usr/bin/setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--", .. words])
        : Tool.Run(words[0], [.. words.Skip(1)]);

    public void Dispose() => _root.Dispose();
}
