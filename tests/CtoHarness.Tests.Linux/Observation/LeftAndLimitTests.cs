using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Observation;

/// <summary>Whole runs: what a backend leaves to act later, and what it uses up.</summary>
[Trait("Mission", "M15")]
public sealed class LeftAndLimitTests
{
    [Fact]
    public void A_hook_planted_in_the_workspaces_repository_fails_the_run_and_is_named()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Outcomes.Scripts.RightWork + "mkdir -p .git/hooks; printf '#!/bin/sh\\n' > .git/hooks/post-checkout; chmod +x .git/hooks/post-checkout").Run().Expect(1).Bundle();
        bundle.Expect("fail", "persistence-found");
        Assert.Equal("workspace/.git/hooks/post-checkout", bundle.Report["persistence"]!["found"]![0]!["path"]!.GetValue<string>());
        var names = bundle.EventNames.ToList();
        Assert.True(names.IndexOf("backend.ended") < names.IndexOf("persistence.scanned") && names.IndexOf("persistence.scanned") < names.IndexOf("patch.applied"));
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
    }

    [Fact]
    public void A_commit_and_files_in_the_home_are_no_breach_and_what_acts_in_the_home_is_noted()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Outcomes.Scripts.RightWork + "git -c safe.directory='*' -c user.name=x -c user.email=x commit -qam done; echo : > \"$HOME/.bashrc\"").Run().Expect(0).Bundle().Expect("pass");
        Assert.Contains("leftover", bundle.Findings);
        Assert.False(bundle.Report["persistence"]!["found"]![0]!["breach"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("i=0; while [ $i -lt 100000 ]; do head -c 900000 /dev/zero > \"$HOME/f$i\" || exit 1; i=$((i+1)); done", "limits.workspace_bytes")]
    [InlineData("exec python3 -c 'import itertools, os\nfor i in itertools.count(): open(\"/tmp/n%d\" % i, \"w\").close()'", "entries")]
    public void A_backend_that_fills_the_disk_with_small_files_is_stopped_and_the_limit_is_named(string act, string limit)
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "workspace_bytes: 536870912", "workspace_bytes: 33554432");
        root.Edit("harness/policy.yaml", "workspace_entries: 100000", "workspace_entries: 5000");
        var bundle = (root.Backend(Outcomes.Scripts.RightWork + act) with { Limit = TimeSpan.FromSeconds(50) }).Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Equal("budget-exceeded", bundle.Codes[0]);
        Assert.Contains(limit, bundle.Messages, StringComparison.Ordinal);
        Assert.Equal("over-limit", bundle.Events.Single(one => one["event"]!.GetValue<string>() == "backend.ended")["data"]!["end"]!.GetValue<string>());
        Assert.Equal(0, bundle.Report["sandbox"]!["survivors"]!.GetValue<int>());
        root.AssertNoScratch();
    }

    [Fact]
    public void A_fork_bomb_is_ended_at_the_wall_time_with_no_survivor()
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "uid: 64000", "uid: 64322");
        root.Edit("harness/policy.yaml", "processes: 4096", $"processes: {(Environment.UserName == "root" ? 64 : 4096)}");
        root.Edit("harness/policy.yaml", "wall_seconds: 900", "wall_seconds: 3");
        var bundle = root.Backend(Outcomes.Scripts.RightWork + "exec python3 -c 'import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(0.05)'").Run().Expect(1).Bundle();
        Assert.Equal(("fail", "timeout"), (bundle.Status, bundle.Codes[0]));
        Assert.Equal(0, bundle.Report["sandbox"]!["survivors"]!.GetValue<int>());
        root.AssertNoScratch();
    }
}
