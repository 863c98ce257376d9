using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Usage;

public sealed class FullOutputTests
{
    private static readonly string[] ToFullDevice = ["/bin/sh", "-c", "exec \"$@\" >/dev/full", "sh"];

    [Theory]
    [InlineData("--json")]
    [InlineData("--quiet")]
    public void A_standard_output_that_takes_nothing_is_no_bug_and_the_bundle_stands(string option)
    {
        using var root = new TempRoot();
        var finished = root.Run(option).Under(ToFullDevice).Run();
        finished.Bundle().Expect("pass");
        Assert.Equal(4, finished.Exit);
        Assert.DoesNotContain("bug", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no bundle could be written", finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("fixtures")]
    [InlineData("engines")]
    [InlineData("policy show")]
    public void It_is_not_blamed_on_the_folder_that_was_read(string line)
    {
        using var root = new TempRoot();
        root.Run().Run().Expect(0);
        var finished = root.Command(line.Split(' ')).Under(ToFullDevice).Run().Expect(4);
        Assert.DoesNotContain("bug", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(root.Runs, finished.Error, StringComparison.Ordinal);
        Assert.Contains("output", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_has_seen_enough_is_no_fault()
    {
        using var root = new TempRoot();
        var finished = root.Run("--json").Under("/bin/sh", "-c", "\"$@\" | head -c 1", "sh").Run();
        Assert.Equal("{", finished.Text);
        Assert.DoesNotContain("bug", finished.Error, StringComparison.Ordinal);
        finished.Bundle().Expect("pass");
        root.AssertNoScratch();
    }
}
