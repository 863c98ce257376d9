using System.Globalization;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Interrupts;

[Trait("Mission", "M18")]
public sealed class KilledTests
{
    [Fact]
    public void A_sandbox_that_is_killed_makes_the_run_inconclusive_and_leaves_no_process()
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InBackend(root);
        Kill(Survivors.Find(root.Marker, "bwrap\0").MinBy(one => one.Id));
        var bundle = running.Wait().Expect(4).Bundle();
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Equal("infrastructure", bundle.Report["fault"]!.GetValue<string>());
        Survivors.AssertNone(root.Marker);
        root.AssertNoScratch();
    }

    [Fact]
    public void The_first_process_inside_being_killed_is_no_pass_either()
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InBackend(root);
        Kill(Survivors.Find(root.Marker, "bwrap\0").MaxBy(one => one.Id));
        Assert.Equal("inconclusive", running.Wait().Expect(4).Bundle().Status);
        Survivors.AssertNone(root.Marker);
        root.AssertNoScratch();
    }

    [Fact]
    public void A_test_sandbox_that_is_killed_is_the_verifiers_fault_and_not_the_backends()
    {
        using var root = new TempRoot();
        using var running = SleepingRun.InTests(root);
        Kill(Survivors.Find(root.Marker, "bwrap\0").MinBy(one => one.Id));
        var bundle = running.Wait().Expect(4).Bundle();
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Contains("verifier-failed", bundle.Codes);
        Assert.Equal("verifier", bundle.Report["fault"]!.GetValue<string>());
        root.AssertNoScratch();
    }

    [Fact]
    public void Killing_the_harness_itself_ends_the_backend_and_the_next_commands_work()
    {
        using var root = new TempRoot();
        using (var running = SleepingRun.InBackend(root))
        {
            running.Signal("KILL");
            running.Wait().Expect(137);
            Survivors.AssertNone(root.Marker);
        }

        Assert.Single(Directory.GetDirectories(root.Runs), path => Path.GetFileName(path).EndsWith(".unfinished", StringComparison.Ordinal));
        var listed = root.Command("runs", "--json").Run().Expect(0);
        Assert.Single(listed.Json["unfinished"]!.AsArray());
        var row = Assert.Single(listed.Json["runs"]!.AsArray())!;
        Assert.Equal(
            ("interrupted", "inconclusive", "infrastructure", "fake", TempRoot.Fixture),
            (row["state"]!.GetValue<string>(), row["status"]!.GetValue<string>(), row["fault"]!.GetValue<string>(), row["backend"]!.GetValue<string>(), row["task_id"]!.GetValue<string>()));
        Schemas.Assert(root, "run-list.v1.json", listed.Output);
        Assert.Contains("cto-harness runs repair", root.Command("runs").Run().Expect(0).Error, StringComparison.Ordinal);
        root.Command("show", "latest").Run().Expect(2);
        Assert.Contains("cto-harness runs repair", root.Command("show", row["run_id"]!.GetValue<string>()).Run().Expect(4).Error, StringComparison.Ordinal);
        root.Backend("cp \"$1/strings.py\" .").Run().Expect(0);
    }

    private static void Kill((int Id, string Command) one) => Tool.Run("/bin/kill", "-9", one.Id.ToString(CultureInfo.InvariantCulture));
}
