using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>A target that is mounted a second time is found there too.</summary>
[Trait("Mission", "M13")]
public sealed class OtherNamesTests
{
    [RootFact]
    public void A_second_mount_of_a_target_of_what_is_around_it_and_of_what_is_in_it_is_found()
    {
        using var root = new TempRoot();
        root.Write("around/the target/in/x", "secret\n");
        root.Write("beside/x", "other\n");
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            Directory.CreateDirectory(root.At(name));
        }

        (string What, string Where)[] mounts = [("around/the target", "a"), ("around", "b"), ("around/the target/in", "c"), ("beside", "d")];
        Assert.Empty(OtherNames.Of([root.At("around/the target")]));
        foreach (var (what, where) in mounts)
        {
            Tool.Run("/bin/mount", "--bind", root.At(what), root.At(where));
        }

        try
        {
            Assert.Equal([root.At("a"), root.At("b/the target"), root.At("c")], OtherNames.Of([root.At("around/the target")]).Order(StringComparer.Ordinal));
            Assert.Contains(root.At("around/the target"), OtherNames.Of([root.At("a")]));
            Assert.Empty(OtherNames.Of([]));
        }
        finally
        {
            foreach (var (_, where) in mounts)
            {
                Tool.Run("/bin/umount", root.At(where));
            }
        }
    }

    [RootFact]
    [Trait("Mission", "M12")]
    public void A_protected_root_that_is_mounted_a_second_time_is_protected_there_too()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        root.Write("kept/file", "as it was");
        Directory.CreateDirectory(root.At("again"));
        Tool.Run("/bin/chmod", "-R", "a+rwX", root.At("kept"));
        Tool.Run("/bin/mount", "--bind", root.At("kept"), root.At("again"));
        try
        {
            var bundle = root.Backend(Outcomes.Scripts.RightWork + $"echo x >> {root.At("again/file")}; exit 0\n", "--protect", root.At("kept")).Run().Expect(1).Bundle().Expect("fail", "write-outside-roots");
            var attempt = Assert.Single(bundle.Report["allowed_writes"]!["attempts"]!.AsArray())!;
            Assert.Equal((root.At("again/file"), "protected"), (attempt["path"]!.GetValue<string>(), attempt["class"]!.GetValue<string>()));
        }
        finally
        {
            Tool.Run("/bin/umount", root.At("again"));
        }
    }

    [RootFact]
    public void What_another_mount_hides_is_no_second_name()
    {
        using var root = new TempRoot();
        root.Write("around/target/x", "secret\n");
        Directory.CreateDirectory(root.At("a"));
        Tool.Run("/bin/mount", "--bind", root.At("around"), root.At("a"));
        Tool.Run("/bin/mount", "-t", "tmpfs", "none", root.At("a"));
        try
        {
            Assert.Empty(OtherNames.Of([root.At("around/target")]));
        }
        finally
        {
            Tool.Run("/bin/umount", root.At("a"));
            Tool.Run("/bin/umount", root.At("a"));
        }
    }

    [Theory]
    [InlineData("/srv/target", "/disk/srv/target /inner /twin")]
    [InlineData("/srv/target/sub", "/disk/srv/target/sub /twin/sub")]
    [InlineData("/srv", "/disk/srv /inner /twin")]
    [InlineData("/elsewhere", "/disk/elsewhere")]
    [InlineData("/disk/srv/target", "/inner /srv/target /twin")]
    [InlineData("/other/x", "")]
    public void It_goes_by_the_kernels_table(string target, string found)
    {
        var mounts = MountTable.Parse("""
            22 1 8:1 / / rw - ext4 /dev/sda1 rw
            23 22 0:5 / /proc rw - proc proc rw
            24 22 8:1 / /disk rw shared:1 - ext4 /dev/sda1 rw
            25 22 8:1 /srv/target /twin rw - ext4 /dev/sda1 rw
            26 22 8:1 /srv/target/src/deep /inner rw - ext4 /dev/sda1 rw
            27 22 8:2 / /other rw - ext4 /dev/sdb1 rw
            a line that is none
            """);
        Assert.Equal(
            found.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            OtherNames.Of([target], mounts).Select(name => name.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_with_blanks_are_read_as_they_are() =>
        Assert.Equal(new MountLine("8:1", "/a b", "/c\td\\"), Assert.Single(MountTable.Parse("1 2 8:1 /a\\040b /c\\011d\\134 rw - ext4 x rw")));
}
