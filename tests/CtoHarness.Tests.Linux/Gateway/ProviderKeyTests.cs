using CtoHarness.Core.Contracts;
using CtoHarness.Runtime.Gateway;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>A provider's key is read from where it is named, or not at all; what is said of it holds none of it.</summary>
[Trait("Mission", "M10")]
public sealed class ProviderKeyTests
{
    private const string Secret = "sk-secret-0123456789";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData(Secret)]
    [InlineData(" \t" + Secret + "\r\n")]
    public void A_key_of_a_variable_is_trimmed(string value) => Assert.Equal(Secret, ProviderKey.Read(Of("KEY", ""), Variables(value)));

    [Fact]
    public void A_provider_without_a_key_has_none() => Assert.Null(ProviderKey.Read(Of("", ""), Variables(Secret)));

    [Theory]
    [InlineData(null, "not set")]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData("sk-sec", "fewer than 8")]
    [InlineData("sk-secret with space", "cannot stand")]
    [InlineData("sk-secret\r\nX: y", "cannot stand")]
    [InlineData("sk-secret-\u00e9", "cannot stand")]
    public void A_variable_that_holds_no_key_is_refused(string? value, string why)
    {
        var problem = ProviderKey.TryRead(Of("KEY", ""), Variables(value), out var key);
        Assert.Null(key);
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-sec", problem, StringComparison.Ordinal);
        Assert.Contains(why, Assert.Throws<IOException>(() => ProviderKey.Read(Of("KEY", ""), Variables(value))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_too_long_is_refused() =>
        Assert.Contains("more than 8192", ProviderKey.TryRead(Of("KEY", ""), Variables(new string('x', 8193)), out _), StringComparison.Ordinal);

    [Fact]
    public void A_key_of_a_file_is_read()
    {
        using var root = new TempRoot();
        Assert.Equal(Secret, ProviderKey.Read(Of("", Key(root, Secret + "\n")), Variables(null)));
    }

    [Theory]
    [InlineData(Private | UnixFileMode.GroupRead)]
    [InlineData(Private | UnixFileMode.OtherRead)]
    [InlineData(Private | UnixFileMode.GroupWrite)]
    [InlineData(Private | UnixFileMode.OtherWrite)]
    public void A_file_that_others_may_read_or_change_is_refused(UnixFileMode mode)
    {
        using var root = new TempRoot();
        var path = Key(root, Secret, mode);
        var problem = ProviderKey.TryRead(Of("", path), Variables(null), out var key);
        Assert.Null(key);
        Assert.Contains("chmod 600", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_of_a_key_is_refused_and_nobody_waits_for_it()
    {
        using var root = new TempRoot();
        Tool.Run("/usr/bin/mkfifo", "-m", "600", root.At("fifo"));
        foreach (var path in new[] { root.At("missing"), root.At("fifo"), root.Home, "/dev/zero", Key(root, new string('x', 70_000)), Key(root, "") })
        {
            Assert.NotNull(ProviderKey.TryRead(Of("", path), Variables(null), out var key));
            Assert.Null(key);
        }
    }

    private static string Key(TempRoot root, string text, UnixFileMode mode = Private)
    {
        var name = $"key-{Path.GetRandomFileName()}";
        root.Write(name, text);
        File.SetUnixFileMode(root.At(name), mode);
        return root.At(name);
    }

    private static Provider Of(string variable, string file) => new("p", "P", "http://h/v1", Provider.ChatCompletions, variable, file, false);

    private static Dictionary<string, string> Variables(string? key) => key is null ? [] : new() { ["KEY"] = key };
}
