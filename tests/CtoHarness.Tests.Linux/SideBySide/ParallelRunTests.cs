using CtoHarness.Core.Contracts;
using CtoHarness.Runtime.Storage;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.SideBySide;

[Trait("Mission", "M19")]
public sealed class ParallelRunTests
{
    [Fact]
    public void Eight_runs_four_at_a_time_in_one_folder_leave_eight_bundles_of_eight_names() => RunMany(8, 4);

    [Fact]
    [Trait("Tier", "Long")]
    public void Fifty_runs_four_at_a_time_do_too() => RunMany(50, 4);

    [Fact]
    public void Two_runs_of_one_process_and_second_get_different_names()
    {
        using var root = new TempRoot();
        Assert.True(TaskId.TryParse(TempRoot.Fixture, out var task));
        using var first = BundleFolder.Reserve(root.Runs, DateTimeOffset.UnixEpoch, task);
        using var second = BundleFolder.Reserve(root.Runs, DateTimeOffset.UnixEpoch, task);
        Assert.Equal(first.Run + "-2", second.Run.ToString());
        Assert.Equal(2, Directory.GetDirectories(root.Runs).Length);
    }

    [Fact]
    public void A_name_that_is_taken_gets_a_number_behind_it()
    {
        // The process gets the number of the shell that waited, so its name is known before it starts.
        using var root = new TempRoot();
        const string occupy = """
            for second in 0 1 2 3 4 5; do mkdir -p "$RUNS/$(date -u -d "+$second seconds" +%Y%m%dT%H%M%SZ)-r1-string-slugify-$$"; done
            exec "$@"
            """;
        var finished = root.Run("--json").Set("RUNS", root.Runs).Under("/bin/sh", "-c", occupy, "sh").Run().Expect(0);
        var name = finished.Json["run_id"]!.GetValue<string>();
        Assert.Matches("-[0-9]+-2$", name);
        new Bundle(Path.Combine(root.Runs, name)).AssertWhole();
    }

    private static void RunMany(int count, int atOnce)
    {
        using var root = new TempRoot();
        var finished = new Finished[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, number =>
        {
            using var running = root.Run("--json").Start();
            finished[number] = running.Wait();
        });
        Assert.All(finished, one => one.Expect(0));
        Assert.Equal(count, finished.Select(one => one.Json["run_id"]!.GetValue<string>()).Distinct().Count());
        var bundles = Directory.GetFileSystemEntries(root.Runs);
        Assert.Equal(count, bundles.Length);
        Assert.All(bundles, path => new Bundle(path).AssertWhole().Expect("pass"));
        Assert.Equal(count, bundles.Select(path => new Bundle(path).Report["freshness"]!["nonce"]!.GetValue<string>()).Distinct().Count());
        Survivors.AssertNone(root.Marker);
        root.AssertNoScratch();
    }
}
