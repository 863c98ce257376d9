using System.Diagnostics;
using CtoHarness.Core.Contracts;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>A group around a sandbox: where it can be made, what it bounds, and that nothing of it stays.</summary>
[Trait("Mission", "M11")]
public sealed class ControlGroupTests
{
    private const string First = """
        30 25 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
        31 30 0:27 / /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu,cpuacct
        32 30 0:28 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory
        33 30 0:29 /box /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids
        """;

    [Theory]
    [InlineData("4:memory:/a/b\n5:pids:/box/c", "/sys/fs/cgroup/pids/c|/sys/fs/cgroup/memory/a/b")]
    [InlineData("4:memory:/\n5:pids:/box", "/sys/fs/cgroup/pids|/sys/fs/cgroup/memory")]
    [InlineData("4:memory:/\n5:pids:/boxes", null)] // not shown by the mount
    [InlineData("4:memory:/", null)]
    [InlineData("5:pids:/box", null)]
    [InlineData("0::/", null)]
    [InlineData("", null)]
    public void Of_version_1_both_controllers_are_needed_below_this_process(string own, string? wanted) => Assert.Equal(
        wanted,
        ControlGroupPlace.Find(First.Split('\n'), own.Split('\n')).Select(places => string.Join('|', places.Select(place => place.Folder))).FirstOrDefault());

    [Theory]
    [InlineData("cpuset cpu io memory pids\n", true)]
    [InlineData("cpu memory\n", false)]
    [InlineData("", false)]
    public void Of_version_2_the_top_must_give_both_to_others(string given, bool usable)
    {
        using var root = new TempRoot();
        root.Write("unified/cgroup.subtree_control", given);
        var places = ControlGroupPlace.Find([$"30 25 0:26 / {root.At("unified")} rw shared:4 - cgroup2 cgroup2 rw,nsdelegate"], ["0::/user.slice"]).ToList();
        Assert.Equal(usable ? [root.At("unified")] : [], places.Select(one => Assert.Single(one).Folder));
    }

    [Theory]
    [InlineData("no mount at all")]
    [InlineData("30 25 0:26 / /x rw - cgroup")]
    [InlineData("30 25 0:26 / /x rw - tmpfs cgroup rw,pids,memory")]
    [InlineData("- cgroup cgroup rw,pids,memory")]
    public void What_is_no_mount_of_groups_is_passed_over(string line) => Assert.Empty(ControlGroupPlace.Find([line], ["1:pids,memory:/"]));

    [Fact]
    public void A_group_bounds_the_processes_of_all_its_programs_ends_them_and_goes()
    {
        if (!IsHere())
        {
            return;
        }

        using var group = ControlGroup.Make(RunPolicy.BuiltIn.Limits with { Processes = 20 })!;
        var folders = group.Enter([]).Where(word => word.EndsWith("/cgroup.procs", StringComparison.Ordinal)).Select(word => Path.GetDirectoryName(word)!).ToList();
        Assert.All(folders, folder => Assert.True(Directory.Exists(folder)));
        Assert.NotEmpty(folders);
        var said = Said(group, "i=0; while [ $i -lt 60 ]; do sleep 60 & i=$((i + 1)); done 2>&1; echo all");
        Assert.Contains("fork", said, StringComparison.OrdinalIgnoreCase);
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder)));
    }

    [Fact]
    public void Control_without_the_limit_they_are_all_started()
    {
        if (!IsHere())
        {
            return;
        }

        using var group = ControlGroup.Make(RunPolicy.BuiltIn.Limits)!;
        Assert.Equal("all\n", Said(group, "i=0; while [ $i -lt 60 ]; do sleep 60 & i=$((i + 1)); done 2>&1; echo all"));
    }

    [Fact]
    public void Groups_that_a_killed_harness_left_go_with_the_next_run_and_young_ones_stay()
    {
        if (!IsHere())
        {
            return;
        }

        using var root = new TempRoot();
        using var mine = ControlGroup.Make(RunPolicy.BuiltIn.Limits)!;
        var folder = Path.GetDirectoryName(mine.Enter([]).First(word => word.EndsWith("/cgroup.procs", StringComparison.Ordinal)))!;
        var old = Path.Combine(Path.GetDirectoryName(folder)!, "cto-harness-" + root.Marker);
        Directory.CreateDirectory(old);
        Directory.SetLastWriteTimeUtc(old, DateTime.UnixEpoch.AddYears(50));
        root.Run("--no-controls").Run().Expect(0);
        Assert.Equal((false, true), (Directory.Exists(old), Directory.Exists(folder)));
    }

    [Fact]
    [Trait("Mission", "M18")]
    public void A_backend_whose_programs_together_take_too_much_memory_is_over_its_limit()
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "address_space_bytes: 17179869184", "address_space_bytes: 3221225472");
        var bundle = root.Backend(Outcomes.Scripts.RightWork + """
            i=0
            while [ $i -lt 9 ]; do python3 -c 'x = bytearray(450 << 20); import time; time.sleep(3)' & i=$((i + 1)); done
            wait
            exit 0
            """).Run().Bundle();
        if (IsHere())
        {
            bundle.Expect("fail", "budget-exceeded");
            Assert.Contains("of memory", bundle.Messages, StringComparison.Ordinal);
            Assert.Contains("cgroup memory", bundle.Report["sandbox"]!["limits"]!.ToJsonString(), StringComparison.Ordinal);
        }
        else
        {
            bundle.Expect("pass");
            Assert.StartsWith("none", bundle.Report["sandbox"]!["layers"]!["cgroup"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_shell_tells_whose_limit_ended_it()
    {
        if (!IsHere())
        {
            return;
        }

        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "address_space_bytes: 17179869184", "address_space_bytes: 3221225472");
        var ended = root.Command("shell", TempRoot.Fixture, "--harness-root", root.Harness, "--", "/bin/sh", "-c",
            "i=0; while [ $i -lt 9 ]; do python3 -c 'x = bytearray(450 << 20); import time; time.sleep(3)' & i=$((i + 1)); done; wait").Run();
        Assert.Contains("it was stopped: its programs together took more than 3221225472 bytes of memory", ended.Error, StringComparison.Ordinal);
    }

    // Where none can be made, that is shown and not assumed.
    private static bool IsHere()
    {
        if (ControlGroup.Bounded.Length > 0)
        {
            return true;
        }

        Assert.Null(ControlGroup.Make(RunPolicy.BuiltIn.Limits));
        Assert.All(
            ControlGroupPlace.Find(File.ReadLines("/proc/self/mountinfo"), File.ReadLines("/proc/self/cgroup")).SelectMany(places => places),
            place => Assert.ThrowsAny<Exception>(() => Directory.CreateDirectory(Path.Combine(place.Folder, "cto-harness-test"))));
        return false;
    }

    private static string Said(ControlGroup group, string script)
    {
        var line = group.Enter(["/bin/sh", "-c", script + "; exec >&-"]);
        using var process = Process.Start(new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardOutput = true })!;
        process.WaitForExit(30_000);
        group.Dispose();
        return process.StandardOutput.ReadToEnd();
    }
}
