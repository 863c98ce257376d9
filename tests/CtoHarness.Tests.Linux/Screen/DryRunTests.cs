using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Screen;

public sealed class DryRunTests
{
    [Theory]
    [InlineData(0, "would start", "")]
    [InlineData(0, "would start", "--json")]
    [InlineData(3, "would not start", "--engine case")]
    [InlineData(3, "would not start", "--engine case --json")]
    public void A_dry_run_says_what_it_would_do_and_leaves_nothing_behind(int exit, string words, string options)
    {
        using var root = new TempRoot();
        var before = Listing(root);
        var finished = root.Run(["--dry-run", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Run().Expect(exit).ExpectNoBundle();
        Assert.Equal(before, Listing(root));
        if (options.Contains("--json", StringComparison.Ordinal))
        {
            Assert.Equal(exit == 0, finished.Json["would_start"]!.GetValue<bool>());
        }
        else
        {
            Assert.StartsWith(words, finished.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_starts_no_backend()
    {
        using var root = new TempRoot();
        root.Run("--dry-run").Traced().Run().Expect(0);
        Assert.DoesNotContain(Strace.Programs(root), line => line.Contains("engine.sh", StringComparison.Ordinal));
    }

    [Fact]
    public void Its_sandbox_is_the_one_that_the_run_then_uses()
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.Runs);
        var plan = root.Run("--dry-run", "--json", "--target", root.Home).Run().Expect(0).Json;
        var bundle = root.Run("--target", root.Home).Run().Expect(0).Bundle();
        var used = bundle.Events.Single(one => one["event"]!.GetValue<string>() == "plan.updated")["data"]!["sandbox_command"]!.ToJsonString();
        var planned = plan["sandbox_command"]!.ToJsonString().Replace(plan["run_id"]!.GetValue<string>(), bundle.Report["run_id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(WithoutChance(used), WithoutChance(planned));
    }

    [Fact]
    public void A_fixture_that_is_not_sound_would_not_start()
    {
        using var root = new TempRoot();
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "test_command: ", "# test_command: ");
        Assert.Contains("missing-test-command", root.Run("--dry-run").Run().Expect(3).Text, StringComparison.Ordinal);
    }

    // The scratch folders of each run have a name that nobody can guess.
    private static string WithoutChance(string text) => System.Text.RegularExpressions.Regex.Replace(text, "-[0-9]{16,39}/", "/");

    private static string Listing(TempRoot root) => Tool.Run("/bin/sh", "-c", $"find '{root.Folder}' -printf '%P\\n' | sort");
}
