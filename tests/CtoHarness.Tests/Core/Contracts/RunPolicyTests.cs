using CtoHarness.Core.Contracts;

namespace CtoHarness.Tests.Core.Contracts;

public sealed class RunPolicyTests
{
    [Fact]
    public void The_built_in_policy_is_written_in_a_fixed_form() => Approved.Matches("policy.built-in.json", PolicyJson.Of(RunPolicy.BuiltIn));

    [Fact]
    public void A_policy_is_shown_with_where_each_value_came_from() =>
        Approved.Matches("policy.view.json", PolicyJson.ViewOf(RunPolicy.BuiltIn
            .With(new PolicySetting("limits.wall_seconds", ["60"], "policy.yaml:7"))
            .With(new PolicySetting("protected_roots.case_source", ["/src/case", "/src/\u001b|"], "--protect"))));

    [Fact]
    [Trait("Mission", "M20")]
    public void The_digest_is_that_of_the_values_wherever_they_came_from()
    {
        var same = RunPolicy.BuiltIn.With(new PolicySetting("limits.wall_seconds", ["900"], "policy.yaml:7"));
        var other = RunPolicy.BuiltIn.With(new PolicySetting("limits.wall_seconds", ["901"], "built-in"));
        Assert.Equal(PolicyJson.Of(RunPolicy.BuiltIn), PolicyJson.Of(same));
        Assert.NotEqual(PolicyJson.Of(RunPolicy.BuiltIn), PolicyJson.Of(other));
    }

    [Fact]
    public void Every_built_in_value_lies_within_its_own_bounds() =>
        Assert.All(
            PolicyKeys.All.Where(key => !key.IsList),
            key => Assert.InRange(long.Parse(Assert.Single(key.Default), System.Globalization.CultureInfo.InvariantCulture), key.Min, key.Max));

    [Fact]
    [Trait("Mission", "M12")]
    public void Every_role_of_the_mission_is_there_and_without_a_path_until_somebody_gives_one()
    {
        Assert.Equal(
            ["case-source", "cortex-core", "external-developer-repos", "harness-checkout", "hermes-webui", "vendor-source"],
            RunPolicy.BuiltIn.ProtectedRoots.Select(root => root.Role));
        Assert.All(RunPolicy.BuiltIn.ProtectedRoots, root => Assert.Empty(root.Paths));
    }

    [Fact]
    public void Laying_a_value_over_leaves_the_policy_below_as_it_was()
    {
        var above = RunPolicy.BuiltIn.With(new PolicySetting("sandbox.uid", ["70000"], "option"));
        Assert.Equal((64_000, 70_000), (RunPolicy.BuiltIn.SandboxUid, above.SandboxUid));
    }

    [Fact]
    public void A_value_that_no_policy_has_is_a_bug_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => RunPolicy.BuiltIn.With(new PolicySetting("limits.walls", ["1"], "option")));
}
