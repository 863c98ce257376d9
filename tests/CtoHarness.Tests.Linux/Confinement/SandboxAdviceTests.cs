using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Tests.Linux.Confinement;

[Trait("Mission", "M11")]
public sealed class SandboxAdviceTests : IDisposable
{
    private readonly string _settings = Directory.CreateTempSubdirectory("cto-settings-").FullName;

    [Theory]
    [InlineData("user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=10000")]
    [InlineData("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1")]
    [InlineData("kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor")]
    [InlineData("user/max_user_namespaces", "1000", "docker run")]
    [InlineData("user/max_user_namespaces", "many", "docker run")]
    public void The_setting_that_stands_in_the_way_is_the_one_that_is_named(string setting, string value, string advice)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_settings, setting))!);
        File.WriteAllText(Path.Combine(_settings, setting), value + "\n");
        Assert.Contains(advice, SandboxAdvice.ForNamespaces(_settings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bwrap: No permissions to create new namespace", true)]
    [InlineData("bwrap: setting up uid map: Permission denied", true)]
    [InlineData("bwrap: execvp /run/cto-harness/init/sandbox-init: Permission denied", true)]
    [InlineData("seccomp: error 22", true)]
    [InlineData("bwrap: Can't mkdir /x: Read-only file system", false)]
    public void Known_words_have_an_advice_and_others_have_none(string words, bool isKnown) => Assert.Equal(isKnown, SandboxAdvice.For(words).Length > 0);

    public void Dispose() => Directory.Delete(_settings, recursive: true);
}
