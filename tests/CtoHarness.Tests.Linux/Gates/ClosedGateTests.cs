using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gates;

[Trait("Mission", "M06")]
public sealed class ClosedGateTests
{
    [Fact]
    [Trait("Mission", "M07")]
    public void Case_is_blocked_by_both_gates_and_leaves_a_whole_bundle()
    {
        using var root = new TempRoot();
        var finished = root.Run("--engine", "case", "--json").Run().Expect(3);
        var bundle = finished.Bundle().Expect("blocked", "gate-closed", "gate-closed");
        Assert.Equal(File.ReadAllBytes(bundle.At("report.json")), finished.Output);
        Assert.False(bundle.Report["case_process_started"]!.GetValue<bool>());
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Assert.Contains("CTO_HARNESS_ALLOW_CASE is not set", bundle.Messages, StringComparison.Ordinal);
        Assert.Contains("CTO_HARNESS_CASE_STAGE is not set", bundle.Messages, StringComparison.Ordinal);
        Assert.True(File.Exists(bundle.At("contract.json")) && File.Exists(bundle.At("policy.json")) && File.Exists(bundle.At("engine.json")));
        EventChain.Assert(bundle.At("events.normalized.jsonl"));
        Assert.DoesNotContain("backend.started", bundle.EventNames);
        root.AssertNoScratch();
    }

    [Theory]
    [InlineData("CTO_HARNESS_ALLOW_CASE", "true")]
    [InlineData("CTO_HARNESS_ALLOW_CASE", " 1")]
    [InlineData("CTO_HARNESS_ALLOW_CASE", "1 ")]
    [InlineData("CTO_HARNESS_ALLOW_CASE", "")]
    [InlineData("CTO_HARNESS_ALLOW_CASE", "1\n")]
    [InlineData("CTO_HARNESS_CASE_STAGE", "02")]
    [InlineData("CTO_HARNESS_CASE_STAGE", "3")]
    [InlineData("CTO_HARNESS_CASE_STAGE", "²")]
    public void A_value_that_is_not_exactly_the_required_one_keeps_its_gate_closed(string name, string value)
    {
        using var root = new TempRoot();
        var bundle = root.Run("--engine", "case").WithCaseInPath().WithOpenGates().Set(name, value).Run().Expect(3).Bundle();
        bundle.Expect("blocked", "gate-closed");
        Assert.StartsWith(name, bundle.Messages, StringComparison.Ordinal);
        Assert.Equal([name], bundle.Report["gates"]!.AsArray().Where(gate => !gate!["open"]!.GetValue<bool>()).Select(gate => gate!["name"]!.GetValue<string>()));
        CaseBinary.AssertNotStarted(root);
    }

    [Fact]
    public void The_gates_of_another_engine_open_nothing_for_this_one()
    {
        using var root = new TempRoot();
        root.Write("harness/engines/other-one.yaml", File.ReadAllText(root.At("harness/engines/case.yaml")).Replace("name: case", "name: other-one", StringComparison.Ordinal));
        var bundle = root.Run("--engine", "other-one").WithOpenGates().Run().Expect(3).Bundle();
        bundle.Expect("blocked", "gate-closed", "gate-closed");
        Assert.Contains("CTO_HARNESS_ALLOW_OTHER_ONE", bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M05")]
    public void An_engine_that_calls_itself_fake_in_kind_alone_has_gates_too()
    {
        using var root = new TempRoot();
        root.Write("harness/engines/faker.yaml", File.ReadAllText(root.At("harness/engines/fake.yaml")).Replace("name: fake", "name: faker", StringComparison.Ordinal));
        var finished = root.Run("--engine", "faker").Run();
        Assert.NotEqual(0, finished.Exit);
        Assert.NotEqual(1, finished.Exit);
        Assert.DoesNotContain("backend.started", Directory.Exists(root.Runs) ? finished.Bundle().EventNames : []);
    }
}
