using CtoHarness.Core.Sandboxing;

namespace CtoHarness.Tests.Core.Sandboxing;

[Trait("Mission", "M11")]
public sealed class LandlockVersionTests
{
    [Theory]
    [InlineData(-1, "none")]
    [InlineData(0, "none")]
    [InlineData(1, "1 (lacks: moves between folders, truncate, control of devices, abstract sockets, signals)")]
    [InlineData(2, "2 (lacks: truncate, control of devices, abstract sockets, signals)")]
    [InlineData(3, "3 (lacks: control of devices, abstract sockets, signals)")]
    [InlineData(4, "4 (lacks: control of devices, abstract sockets, signals)")]
    [InlineData(5, "5 (lacks: abstract sockets, signals)")]
    [InlineData(6, "6")]
    [InlineData(7, "7")]
    [InlineData(99, "99")]
    public void A_version_is_told_with_what_it_lacks(int version, string text) => Assert.Equal(text, LandlockVersion.Describe(version));

    [Fact]
    public void Without_Landlock_everything_is_lacking() =>
        Assert.Equal("writes, moves between folders, truncate, control of devices, abstract sockets, signals", string.Join(", ", LandlockVersion.LacksOf(0)));

    [Fact]
    public void The_newest_version_that_is_used_lacks_nothing() => Assert.Empty(LandlockVersion.LacksOf(Confinement.NewestLandlock));

    [Theory]
    [InlineData(0, "5.13")]
    [InlineData(1, "5.13")]
    [InlineData(6, "6.12")]
    [InlineData(7, "6.15")]
    [InlineData(8, "6.15")]
    public void The_kernel_that_brings_a_version_is_named(int version, string kernel) => Assert.Equal(kernel, LandlockVersion.KernelOf(version));
}
