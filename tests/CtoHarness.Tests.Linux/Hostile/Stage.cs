using System.Globalization;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>The programs of the attacks, where every user can read them.</summary>
internal sealed class Stage : IDisposable
{
    private readonly TempRoot _root = new();

    internal Stage()
    {
        foreach (var (project, name) in new[] { ("CtoHarness.Puppet", "puppet"), ("CtoHarness.Confine", "confine"), ("CtoHarness.SandboxInit", "init") })
        {
            Directory.CreateDirectory(_root.At(name));
            Built.Copy(project, _root.At(name));
        }

        Tool.Run("/bin/chmod", "-R", "a+rX", _root.Folder);
    }

    /// <summary>Whether these tests run as root: then both users can be had.</summary>
    internal static bool AmRoot { get; } = Environment.UserName == "root";

    /// <summary>What the harness can run as.</summary>
    internal static IEnumerable<string> Users => AmRoot ? ["root", "ordinary"] : ["ordinary"];

    internal string Puppet => _root.At("puppet/puppet");

    internal string Confine => _root.At("confine/confine");

    internal string Init => _root.At("init");

    /// <summary>The user that programs inside a sandbox have.</summary>
    internal static long Inside(string user) => user == "root" ? 64_000 : long.Parse(OrdinaryUser.Name, CultureInfo.InvariantCulture);

    public void Dispose() => _root.Dispose();
}
