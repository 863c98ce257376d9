using CtoHarness.Tests.Linux.Support;
using Xunit.Sdk;

namespace CtoHarness.Tests.Linux.Backends;

public sealed class InstalledAgentsTests
{
    [Fact]
    public void They_are_the_pinned_ones()
    {
        Assert.Equal($"v{InstalledAgents.NodeVersion}\n", Tool.Run(InstalledAgents.Node, "--version"));
        Assert.Contains(InstalledAgents.PiVersion, Tool.Run(InstalledAgents.Node, InstalledAgents.Pi, "--version"), StringComparison.Ordinal);
        Assert.StartsWith(InstalledAgents.PiTree, InstalledAgents.Pi, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_user_without_any_rights_can_run_them() => Assert.Contains(
        InstalledAgents.PiVersion,
        Tool.Run("/usr/bin/setpriv", "--reuid=64000", "--regid=64000", "--clear-groups", "/usr/bin/env", "-i", "HOME=/nonexistent", InstalledAgents.Node, InstalledAgents.Pi, "--version"),
        StringComparison.Ordinal);

    [Fact]
    public void One_that_is_missing_fails_the_test_and_says_what_to_do()
    {
        var missing = Assert.ThrowsAny<XunitException>(() => InstalledAgents.Present("npm-none/node_modules/none"));
        Assert.Contains("npm-none/node_modules/none is not there: run eng/setup test", missing.Message, StringComparison.Ordinal);
    }
}
