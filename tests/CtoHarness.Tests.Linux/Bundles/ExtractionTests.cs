using CtoHarness.Runtime.Bundles;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

[Trait("Mission", "M20")]
public sealed class ExtractionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_wanted_is_taken_out_and_nothing_else(bool isPacked)
    {
        using var bundle = new SomeBundle();
        bundle.Packed();
        var path = isPacked ? bundle.Pack : bundle.Folder;
        var into = Into(bundle);
        BundleReader.Extract(path, BundleReader.Read(path, CancellationToken.None), into, name => name.StartsWith("fixture/", StringComparison.Ordinal), CancellationToken.None);
        Assert.Equal(["fixture/workspace/a.py"], Directory.EnumerateFiles(into, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(into, file)));
        Assert.Equal(File.ReadAllBytes(bundle.At("fixture/workspace/a.py")), File.ReadAllBytes(Path.Combine(into, "fixture/workspace/a.py")));
    }

    [Fact]
    public void A_bundle_that_changed_after_it_was_reviewed_is_not_used()
    {
        using var bundle = new SomeBundle();
        var reviewed = bundle.Read();
        bundle.Write("fixture/workspace/a.py", "print(2)\n");
        Assert.Throws<IOException>(() => BundleReader.Extract(bundle.Folder, reviewed, Into(bundle), _ => true, CancellationToken.None));
    }

    [Theory]
    [InlineData("rm \"$1/backend.txt\"")]
    [InlineData(": > \"$1/more\"")]
    [InlineData("ln -s /etc/passwd \"$1/link\"")]
    public void So_is_one_with_another_set_of_files(string script)
    {
        using var bundle = new SomeBundle();
        var reviewed = bundle.Read();
        Tool.Run("/bin/sh", "-c", script, "sh", bundle.Folder);
        Assert.Throws<IOException>(() => BundleReader.Extract(bundle.Folder, reviewed, Into(bundle), _ => true, CancellationToken.None));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    public void A_path_that_leads_elsewhere_is_never_written(string path)
    {
        using var bundle = new SomeBundle();
        using var extraction = new Extraction(Into(bundle), _ => true);
        Assert.Throws<IOException>(() => extraction.Begin(path));
    }

    private static string Into(SomeBundle bundle) => Directory.CreateDirectory(Path.Combine(bundle.Around, "into")).FullName;
}
