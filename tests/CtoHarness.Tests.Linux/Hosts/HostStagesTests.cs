using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Hosts;

namespace CtoHarness.Tests.Linux.Hosts;

[Trait("Mission", "M08")]
public sealed class HostStagesTests
{
    private static readonly HostRow[] Rows = [new("bubblewrap", true, true, "there", ""), new("landlock", true, true, "version 7", ""), new("node", true, false, "there", "")];

    private static readonly HostSelfTest Exact = new(true, true, "", "", 7, ["net"], [new PreflightCheck("connect-out", true, "refused")], TimeSpan.FromMilliseconds(90));

    [Fact]
    public void Where_all_is_there_and_the_self_test_came_out_exactly_a_backend_may_start()
    {
        var report = new HostReport(null, [.. Rows], Exact, HostStages.Of(Rows, Exact));
        Assert.True(report.AllowsBackends);
        Assert.Equal([true, true, false, false], report.Stages.Select(stage => stage.IsAllowed));
        Assert.Equal([1, 2, 3, 4], report.Stages.Select(stage => stage.Stage));
    }

    [Theory]
    [InlineData("bubblewrap", "missing: bubblewrap")]
    [InlineData("landlock", "missing: landlock")]
    public void Without_what_is_needed_none_may_and_the_reason_names_it(string name, string reason) =>
        Refused(reason, HostStages.Of([.. Rows.Select(row => row.Name == name ? row with { IsOk = false } : row)], Exact));

    [Fact]
    public void What_is_not_needed_may_be_missing() =>
        Assert.True(HostStages.Of([.. Rows.Select(row => row.Name == "node" ? row with { IsOk = false } : row)], Exact)[1].IsAllowed);

    [Fact]
    public void Without_a_self_test_none_may() => Refused("no sandbox could be tried", HostStages.Of(Rows, null));

    [Fact]
    public void A_self_test_that_did_not_come_up_stops_them() =>
        Refused("the sandbox of the self-test did not come up", HostStages.Of(Rows, Exact with { CameUp = false, IsExact = false, Checks = [] }));

    [Fact]
    public void A_self_test_with_one_wrong_answer_stops_them() => Refused(
        "the self-test did not come out exactly: connect-out",
        HostStages.Of(Rows, Exact with { IsExact = false, Checks = [new PreflightCheck("connect-out", false, "done")] }));

    [Fact]
    public void A_self_test_that_says_itself_that_it_is_not_exact_stops_them() =>
        Refused("the self-test did not come out exactly", HostStages.Of(Rows, Exact with { IsExact = false }));

    private static void Refused(string reason, IReadOnlyList<StageRow> stages)
    {
        Assert.Equal((true, false), (stages[0].IsAllowed, stages[1].IsAllowed));
        Assert.Equal(reason, stages[1].Reason);
    }
}
