using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M18")]
public sealed class EndingTests
{
    [Fact]
    public void A_bad_exit_code_after_right_work_is_a_note_and_nothing_more()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "exit 1").Run().Expect(0).Bundle().Expect("pass");
        Assert.Contains("backend-exit-code", bundle.Findings);
    }

    [Theory]
    [InlineData("kill -9 $$")]
    [InlineData("kill -SEGV $$")]
    [InlineData("exec python3 -c 'import os; os.kill(os.getpid(), 9)'")]
    public void A_backend_that_a_signal_ended_after_right_work_never_passes(string end)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + end).Run().Expect(4).Bundle();
        bundle.Expect("inconclusive", "evidence-incomplete");
        Assert.True(bundle.Report["tests_passed"]!.GetValue<bool>());
        root.AssertNoScratch();
    }

    [Theory]
    [InlineData("sleep 300")]
    [InlineData("trap '' TERM INT HUP; while :; do sleep 300; done")]
    [InlineData("exec python3 -c 'import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(300)'")]
    [InlineData("while :; do :; done")]
    public void A_backend_that_does_not_end_in_its_time_is_stopped_and_fails(string act)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + act, "--timeout", "1").Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Equal(["timeout"], bundle.Codes);
        Assert.Equal(0, bundle.Report["sandbox"]!["survivors"]!.GetValue<int>());
        Assert.Contains(bundle.Report["sandbox"]!["limits"]!.AsArray(), one => one!["name"]!.GetValue<string>() == "wall_seconds" && one["value"]!.GetValue<int>() == 1);
        root.AssertNoScratch();
    }

    [Fact]
    public void A_test_command_that_does_not_end_in_its_time_fails_the_tests()
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "test_wall_seconds: 60", "test_wall_seconds: 1");
        var bundle = root.Backend(Scripts.RightWork + "printf 'import time\\ntime.sleep(300)\\n' >> strings.py").Run().Expect(1).Bundle();
        bundle.Expect("fail", "failed-tests", "failed-tests");
        Assert.False(bundle.Report["tests_passed"]!.GetValue<bool>());
        root.AssertNoScratch();
    }

    // The test command alone proves nothing: here a change ends the test runner early, with exit code 0.
    [Fact]
    [Trait("Mission", "M15")]
    public void What_fools_the_test_command_fools_nobody_who_compares_outputs()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("printf 'import os\\nos._exit(0)\\n' > strings.py").Run().Expect(1).Bundle().Expect("fail", "failed-tests");
        Assert.True(bundle.Report["tests_passed"]!.GetValue<bool>());
        Assert.Equal(0, bundle.Report["verification"]!["passed"]!.GetValue<int>());
    }

    [Fact]
    public void A_script_that_cannot_be_run_leaves_a_bundle_that_says_what_it_said()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("no-such-program\nexit 127\n").Run().Expect(1).Bundle();
        Assert.Equal("no-diff", bundle.Codes[0]);
        Assert.Contains("no-such-program", bundle.Text("backend/stderr.log"), StringComparison.Ordinal);
    }
}
