using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M18")]
public sealed class FloodTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData("head -c 104857600 /dev/zero")]
    [InlineData("head -c 104857600 /dev/zero | tr '\\000' '\\n'")]
    [InlineData("yes '{\"type\":\"started\"}' | head -c 104857600")]
    [InlineData("head -c 104857600 /dev/zero >&2")]
    public void A_hundred_megabytes_of_output_are_kept_within_the_limit_counted_and_cost_little_memory(string flood)
    {
        using var root = new TempRoot();
        using var running = (root.Backend(Scripts.RightWork + flood) with { Limit = TimeSpan.FromSeconds(30) }).Start();
        var bundle = running.Wait().Expect(0).Bundle().Expect("pass");
        Survivors.AssertNone(root.Marker);
        Assert.Contains("output-cut", bundle.Findings);
        Assert.Equal(8 * Mebibyte, Math.Max(new FileInfo(bundle.At("backend/stdout.log")).Length, new FileInfo(bundle.At("backend/stderr.log")).Length));
        var collected = bundle.Events.Single(one => one["event"]!.GetValue<string>() == "evidence.collected")["data"]!["backend"]!;
        Assert.Equal(100 * Mebibyte, Math.Max(collected["output_bytes"]!.GetValue<long>(), collected["error_bytes"]!.GetValue<long>()));
        Assert.True(running.PeakMemory is > 0 and < 200 * Mebibyte, $"{running.PeakMemory} bytes");
    }

    [Fact]
    public void A_test_command_that_floods_is_kept_within_the_same_limit()
    {
        using var root = new TempRoot();
        using var running = root.Backend(Scripts.RightWork + "printf 'import sys\\nfor i in range(100): sys.stdout.write(\"x\" * 1048576)\\n' >> strings.py").Start();
        var bundle = running.Wait().Expect(0).Bundle().Expect("pass");
        Assert.Equal(8 * Mebibyte, new FileInfo(bundle.At("test.log")).Length);
        Assert.True(running.PeakMemory is > 0 and < 200 * Mebibyte, $"{running.PeakMemory} bytes");
    }

    [Fact]
    public void A_large_file_in_the_workspace_costs_little_memory_too()
    {
        using var root = new TempRoot();
        using var running = root.Backend(Scripts.RightWork + "head -c 41943040 /dev/urandom > large").Start();
        running.Wait().Expect(1).Bundle().Expect("fail", "disallowed-file");
        Assert.True(running.PeakMemory is > 0 and < 100 * Mebibyte, $"{running.PeakMemory} bytes");
    }

    [Fact]
    public void Thousands_of_disallowed_files_make_a_report_that_can_be_read()
    {
        using var root = new TempRoot();
        var finished = root.Backend(Scripts.RightWork + "python3 -c '[open(\"n%05d\" % i, \"w\").close() for i in range(20000)]'").Run().Expect(1);
        var bundle = finished.Bundle().Expect("fail", "disallowed-file");
        Assert.Equal(20_000, bundle.Report["disallowed_files"]!.AsArray().Count);
        Assert.True(finished.Output.Length < 20_000, $"{finished.Output.Length} bytes for a terminal");
        Assert.True(new FileInfo(bundle.At("report.md")).Length < 50_000);
        EventChain.Assert(bundle.At("events.normalized.jsonl"));
    }
}
