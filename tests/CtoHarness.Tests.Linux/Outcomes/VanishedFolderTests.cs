using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M15")]
public sealed class VanishedFolderTests
{
    [Theory]
    [InlineData("rm -rf \"$2\"")]
    [InlineData("mv \"$2\" ../elsewhere")]
    [InlineData("mv \"$2\" ../elsewhere; ln -s ../root/elsewhere \"$2\"")]
    [InlineData("mv \"$2\" ../elsewhere; ln -s / \"$2\"")]
    [InlineData("mv \"$2\" ../elsewhere; : > \"$2\"")]
    [InlineData("rm -rf ../out; ln -s /etc ../out")]
    [InlineData("rm -rf ../out; mkfifo ../out")]
    [InlineData("rmdir ../out")]
    [InlineData("chmod 0 ../out")]
    [InlineData("rm -rf ../home ../tmp; ln -s / ../home; ln -s / ../tmp")]
    [InlineData("chmod 0 .. . ../home ../tmp")]
    public void A_backend_that_takes_its_own_folders_away_gains_nothing_and_is_blamed_itself(string act)
    {
        using var root = new TempRoot();
        var finished = root.Backend(Scripts.RightWork + act).Run();
        var bundle = finished.Bundle();
        Assert.True(
            bundle.Status is "fail" or "pass" && bundle.Report["fault"]!.GetValue<string>() is "backend" or "none",
            $"{bundle.Status}, fault {bundle.Report["fault"]}: {bundle.Messages}");
        Assert.DoesNotContain("root:x:0:0", bundle.Text("patch.diff"), StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(bundle.At("backend/raw")) ? Directory.GetFiles(bundle.At("backend/raw")) : []);
        root.AssertNoScratch();
    }

    [Theory]
    [InlineData("rm -rf \"$2\"")]
    [InlineData("mv \"$2\" ../elsewhere; ln -s ../root/elsewhere \"$2\"")]
    [InlineData("mv \"$2\" ../elsewhere; ln -s / \"$2\"")]
    public void Without_its_workspace_it_never_passes(string act)
    {
        using var root = new TempRoot();
        Assert.NotEqual("pass", root.Backend(Scripts.RightWork + act).Run().Bundle().Status);
    }

    [Theory]
    [InlineData("rmdir ../out")]
    [InlineData("rm -rf ../out; ln -s /etc ../out")]
    public void It_does_not_wash_away_what_it_did_before(string act)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.WrongWork + Scripts.WeakerTests + act).Run().Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Contains("disallowed-file", bundle.Codes);
    }
}
