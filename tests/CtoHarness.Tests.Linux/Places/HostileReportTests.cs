using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Places;

[Trait("Mission", "M21")]
public sealed class HostileReportTests
{
    private const string Name = "20260601T025817Z-r1-string-slugify-1";

    [Fact]
    public void Terminal_codes_in_a_report_stay_text()
    {
        using var root = new TempRoot();
        const string evil = "\\u001b[2J\\u001b]0;title\\u0007\\u202e<b>";
        root.Write($"runs/{Name}/report.json", $$"""
            {"schema":"cto-harness/report/v1","run_id":"{{Name}}","status":"pass","fault":"none","summary":"{{evil}}","backend":"{{evil}}","task_id":"{{evil}}","started_at":"{{evil}}","duration_ms":1}
            """);
        root.Write($"runs/{Name}/report.md", "# PASS \u001b[2J\u0007\u202e\n");
        foreach (var words in new[] { new[] { "runs" }, ["runs", "--json"], ["show", Name], ["show", Name, "--json"] })
        {
            var finished = root.Command(words).Run().Expect(0);
            Assert.DoesNotContain('\u001b', finished.Text + finished.Error);
            Assert.DoesNotContain('\u0007', finished.Text + finished.Error);
        }

        Schemas.Assert(root, "run-list.v1.json", root.Command("runs", "--json").Run().Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"schema\":\"cto-harness/report/v1\"}")]
    [InlineData("{\"schema\":\"cto-harness/report/v1\",\"run_id\":\"another\",\"status\":\"pass\"}")]
    [InlineData("{\"schema\":\"cto-harness/report/v1\",\"run_id\":\"20260601T025817Z-r1-string-slugify-1\",\"status\":\"\\u001b[31mpass\"}")]
    [InlineData("{\"schema\":5,\"status\":{}}")]
    [InlineData("{\"schema\":\"cto-harness/report/v1\",\"run_id\":\"\\ud800\",\"status\":\"pass\"}")]
    [InlineData("{\"schema\":\"cto-harness/report/v1\",\"run_id\":\"20260601T025817Z-r1-string-slugify-1\",\"status\":\"pass\",\"summary\":\"\\ud800\",\"duration_ms\":1e999}")]
    public void Whatever_stands_in_a_report_the_list_goes_on(string text)
    {
        using var root = new TempRoot();
        root.Write($"runs/{Name}/report.json", text);
        root.Run().Run().Expect(0);
        var listed = root.Command("runs", "--json").Run().Expect(0);
        Assert.Equal(2, listed.Json["runs"]!.AsArray().Count);
        root.Command("runs").Run().Expect(0);
        Assert.Contains(root.Command("show", Name).Run().Exit, new HashSet<int> { 0, 4 });
        Schemas.Assert(root, "run-list.v1.json", listed.Output);
    }

    [Theory]
    [InlineData("ln -s /etc/passwd report.json")]
    [InlineData("ln -s /dev/zero report.json")]
    [InlineData("mkfifo report.json")]
    [InlineData("mkdir report.json")]
    [InlineData("head -c 104857600 /dev/zero > report.json")]
    [InlineData("{ printf '{\"schema\":\"cto-harness/report/v1\",\"summary\":\"'; head -c 60000000 /dev/zero | tr '\\000' x; printf '\"}'; } > report.json")]
    [InlineData("head -c 60000000 /dev/zero | tr '\\000' '[' > report.json")]
    public void A_report_that_is_no_small_plain_file_does_not_hold_the_list_up(string act)
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.At("runs/" + Name));
        Tool.Run("/bin/sh", "-c", $"cd '{root.At("runs/" + Name)}' && {act}");
        foreach (var words in new[] { new[] { "runs", "--json" }, ["show", Name], ["show", "latest"] })
        {
            using var running = (root.Command(words) with { Limit = TimeSpan.FromSeconds(15) }).Start();
            var finished = running.Wait();
            Assert.Contains(finished.Exit, new HashSet<int> { 0, 2, 4 });
            Assert.True(running.PeakMemory < 300L << 20, $"{running.PeakMemory} bytes");
            Assert.DoesNotContain("root:x:0:0", finished.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ln -s /etc/passwd report.md")]
    [InlineData("mkfifo report.md")]
    [InlineData("mkdir report.md")]
    [InlineData("ln -s /dev/zero report.md")]
    public void A_page_that_is_no_plain_file_is_not_shown(string act)
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        Tool.Run("/bin/sh", "-c", $"cd '{bundle.Folder}' && rm report.md && {act}");
        var finished = (root.Command("show", "latest") with { Limit = TimeSpan.FromSeconds(15) }).Run().Expect(4);
        Assert.Empty(finished.Text);
    }

    [Fact]
    public void A_runs_folder_with_odd_things_in_it_is_listed()
    {
        using var root = new TempRoot();
        root.Write("outside/report.json", "{}");
        Directory.CreateDirectory(root.Runs);
        Tool.Run("/bin/sh", "-c", $"cd '{root.Runs}' && ln -s ../outside 20990101T000000Z-link-1; mkfifo pipe; mkdir \"$(printf 'red\\033[31m\\nline')\"; mkdir \"$(printf 'bad-\\377')\"; : > file; mkdir .hidden");
        var listed = root.Command("runs", "--json").Run().Expect(0);
        Assert.DoesNotContain("20990101T000000Z-link-1", listed.Text, StringComparison.Ordinal);
        var shown = root.Command("runs").Run().Expect(0);
        Assert.DoesNotContain('\u001b', shown.Text + shown.Error);
        Schemas.Assert(root, "run-list.v1.json", listed.Output);
    }
}
