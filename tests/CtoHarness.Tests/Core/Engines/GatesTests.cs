using CtoHarness.Core.Engines;

namespace CtoHarness.Tests.Core.Engines;

[Trait("Mission", "M06")]
public sealed class GatesTests
{
    [Fact]
    public void Without_any_variable_both_gates_of_case_are_closed()
    {
        var gates = Gates.Of(Sample.Case, 2, Variables());
        Assert.Equal(
            [new GateState("CTO_HARNESS_ALLOW_CASE", "1", null), new GateState("CTO_HARNESS_CASE_STAGE", "2", null)],
            gates.ToArray());
        Assert.Equal(2, Gates.Closed(gates).Length);
    }

    [Fact]
    public void With_exactly_both_values_both_gates_are_open()
    {
        var gates = Gates.Of(Sample.Case, 2, Variables("1", "2"));
        Assert.All(gates, gate => Assert.True(gate.Open));
        Assert.Empty(Gates.Closed(gates));
    }

    [Theory]
    [InlineData("1", null, "CTO_HARNESS_CASE_STAGE")]
    [InlineData(null, "2", "CTO_HARNESS_ALLOW_CASE")]
    [InlineData("2", "2", "CTO_HARNESS_ALLOW_CASE")]
    [InlineData("1", "1", "CTO_HARNESS_CASE_STAGE")]
    public void One_open_gate_does_not_open_the_other(string? allow, string? stage, string closed) =>
        Assert.StartsWith(closed, Assert.Single(Gates.Closed(Gates.Of(Sample.Case, 2, Variables(allow, stage)))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("true")]
    [InlineData("yes")]
    [InlineData("TRUE")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("\t1")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("+1")]
    [InlineData("11")]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("1\u200b")]
    [InlineData("\uff11")]
    [InlineData("\u0661")]
    public void A_gate_whose_value_is_not_exactly_1_stays_closed(string value) =>
        Assert.Equal("gate-closed", Assert.Single(Gates.Closed(Gates.Of(Sample.Case, 2, Variables(value, "2")))).Code.Text);

    [Theory]
    [InlineData("02")]
    [InlineData("2 ")]
    [InlineData(" 2")]
    [InlineData("1")]
    [InlineData("3")]
    [InlineData("2,3")]
    [InlineData("two")]
    [InlineData("")]
    public void A_gate_whose_stage_is_not_exactly_the_runs_stays_closed(string value) =>
        Assert.Equal("gate-closed", Assert.Single(Gates.Closed(Gates.Of(Sample.Case, 2, Variables("1", value)))).Code.Text);

    [Fact]
    public void The_stage_that_opens_is_the_stage_that_runs()
    {
        Assert.Single(Gates.Closed(Gates.Of(Sample.Case, 3, Variables("1", "2"))));
        Assert.Empty(Gates.Closed(Gates.Of(Sample.Case, 3, Variables("1", "3"))));
    }

    [Fact]
    public void A_variable_in_other_letters_opens_nothing() =>
        Assert.Equal(2, Gates.Closed(Gates.Of(Sample.Case, 2, new Dictionary<string, string> { ["cto_harness_allow_case"] = "1", ["CTO_HARNESS_case_STAGE"] = "2" })).Length);

    [Fact]
    public void Another_engine_has_the_same_pair_under_its_own_name() =>
        Assert.Equal(
            ["CTO_HARNESS_ALLOW_MY_FIRST_AGENT2", "CTO_HARNESS_MY_FIRST_AGENT2_STAGE"],
            Gates.Of(Sample.Case with { Name = "my-first-agent2" }, 2, Variables("1", "2")).Select(gate => gate.Name));

    [Fact]
    public void The_gates_of_one_engine_do_not_open_another() =>
        Assert.Equal(2, Gates.Closed(Gates.Of(Sample.Case with { Name = "case2" }, 2, Variables("1", "2"))).Length);

    [Fact]
    [Trait("Mission", "M05")]
    public void The_fake_engine_needs_no_gate() => Assert.Empty(Gates.Of(Sample.Fake, 2, Variables()));

    [Fact]
    [Trait("Mission", "M05")]
    public void An_engine_that_is_fake_by_name_or_by_kind_alone_needs_its_gates()
    {
        Assert.Equal(2, Gates.Closed(Gates.Of(Sample.Case with { Name = "fake" }, 2, Variables())).Length);
        Assert.Equal(2, Gates.Closed(Gates.Of(Sample.Fake with { Name = "other" }, 2, Variables())).Length);
        Assert.Equal(2, Gates.Closed(Gates.Of(Sample.Fake with { Name = "Fake" }, 2, Variables())).Length);
    }

    [Fact]
    public void A_closed_gate_says_what_would_open_it_and_what_was_found() =>
        Assert.Equal(
            [
                "CTO_HARNESS_ALLOW_CASE is \"\\u{1B}[2J1\", which is not exactly \"1\"; the gate stays closed",
                "CTO_HARNESS_CASE_STAGE is not set; set it to exactly \"2\" to open this gate",
            ],
            Gates.Closed(Gates.Of(Sample.Case, 2, Variables("\u001b[2J1", null))).Select(blocker => blocker.Message));

    private static Dictionary<string, string> Variables(string? allow = null, string? stage = null)
    {
        var variables = new Dictionary<string, string> { ["HOME"] = "/root" };
        if (allow is not null)
        {
            variables["CTO_HARNESS_ALLOW_CASE"] = allow;
        }

        if (stage is not null)
        {
            variables["CTO_HARNESS_CASE_STAGE"] = stage;
        }

        return variables;
    }
}
