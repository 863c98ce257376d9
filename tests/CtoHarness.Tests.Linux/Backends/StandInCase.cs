using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The stand-in for Case beside this file.</summary>
internal static class StandInCase
{
    /// <summary>The file in the checkout, which a sandbox's user may be unable to reach.</summary>
    public static string Source => Repository.At("tests", "CtoHarness.Tests.Linux", "Backends", "ca");

    /// <summary>Puts a copy that everybody can run into a test's folder.</summary>
    /// <returns>Its path.</returns>
    public static string Install(TempRoot root)
    {
        Directory.CreateDirectory(root.At("case"));
        Tool.Run("/usr/bin/install", "-m", "755", Source, root.At("case/ca"));
        Tool.Run("/bin/chmod", "755", root.At("case"));
        return root.At("case/ca");
    }
}
