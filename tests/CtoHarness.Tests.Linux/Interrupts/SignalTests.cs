using System.Globalization;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Interrupts;

[Trait("Mission", "M18")]
public sealed class SignalTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 143)]
    public void A_signal_while_the_backend_works_ends_it_and_closes_an_interrupted_bundle(string signal, int exit)
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InBackend(root);
        running.Signal(signal);
        AssertInterrupted(root, running.Wait().Expect(exit));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_while_the_tests_run_does_the_same(string signal, int exit)
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InTests(root);
        running.Signal(signal);
        AssertInterrupted(root, running.Wait().Expect(exit));
    }

    [Fact]
    public void A_signal_while_the_change_is_read_does_the_same()
    {
        using var root = new TempRoot();
        using var running = root.Backend("python3 -c '[open(\"n%05d\" % i, \"w\").close() for i in range(20000)]'").Start();
        running.WaitFor("the reading of the change", () => Directory.Exists(root.Work) && Directory.GetDirectories(root.Work).Any(run => Directory.Exists(Path.Combine(run, "scratch/refs"))));
        running.Signal("TERM");
        AssertInterrupted(root, running.Wait().Expect(143));
    }

    [Fact]
    public void Pressing_Ctrl_C_again_and_again_breaks_nothing()
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InBackend(root);
        for (var turn = 0; turn < 20; turn++)
        {
            running.Signal("INT");
            Thread.Sleep(10);
        }

        AssertInterrupted(root, running.Wait().Expect(130));
    }

    [Fact]
    public void The_first_signal_decides_the_exit_code()
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InBackend(root);
        running.Signal("TERM");
        running.Signal("INT");
        AssertInterrupted(root, running.Wait().Expect(143));
    }

    // A terminal sends it to the whole group: also to bubblewrap.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ctrl_C_in_a_terminal_reaches_every_process_of_the_group_and_is_still_an_interrupt(bool backend)
    {
        using var root = new TempRoot();
        using var running = backend
            ? SleepingRun.InBackend(root, command => command.Under("/usr/bin/setsid"))
            : SleepingRun.InTests(root, command => command.Under("/usr/bin/setsid"));
        Tool.Run("/bin/kill", "-INT", "--", "-" + running.Id.ToString(CultureInfo.InvariantCulture));
        AssertInterrupted(root, running.Wait().Expect(130));
    }

    [Fact]
    public void With_json_the_interrupted_report_is_printed_too()
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InBackend(root, command => command.With("--json"));
        running.Signal("INT");
        var finished = running.Wait().Expect(130);
        Assert.Equal(File.ReadAllBytes(finished.Bundle().At("report.json")), finished.Output);
        Schemas.Assert(root, "report.v1.json", finished.Output);
    }

    [Fact]
    public void A_check_of_fixtures_ends_on_a_signal_and_leaves_nothing()
    {
        using var root = new TempRoot();
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "[python3, ", "[sleep, \"300\", ");
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "-m, unittest, discover, -s, ., -p, \"test_*.py\"]", "\"300\"]");
        using var running = root.Command("fixtures", "check", "--harness-root", root.Harness).Start();
        running.WaitFor("the test command's start", () => Survivors.Find(root.Marker, "sleep\0300").Count > 0);
        running.Signal("INT");
        running.Wait().Expect(130);
        Survivors.AssertNone(root.Marker);
        root.AssertNoScratch();
    }

    [Fact]
    [Trait("Tier", "Long")]
    public void A_signal_at_any_moment_leaves_no_half_bundle_no_scratch_and_no_process()
    {
        for (var delay = 0; delay < 900; delay += 15)
        {
            using var root = new TempRoot();
            using var running = root.Run().Start();
            Thread.Sleep(delay);
            running.Signal("TERM");
            var finished = running.Wait();
            Assert.True(finished.Exit is 0 or 143, $"{delay} ms: exit code {finished.Exit}");
            var left = Directory.Exists(root.Runs) ? Directory.GetFileSystemEntries(root.Runs) : [];
            Assert.True(left.Length <= 1 && left.All(path => Path.GetFileName(path)[0] != '.'), $"{delay} ms: {string.Join(", ", left)}");
            Assert.All(left, path => new Bundle(path).AssertWhole());
            Survivors.AssertNone(root.Marker);
            root.AssertNoScratch();
        }
    }

    private static void AssertInterrupted(TempRoot root, Finished finished)
    {
        var bundle = finished.Bundle();
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Contains("interrupted", bundle.Codes);
        Assert.True(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Survivors.AssertNone(root.Marker);
        root.AssertNoScratch();
    }
}
