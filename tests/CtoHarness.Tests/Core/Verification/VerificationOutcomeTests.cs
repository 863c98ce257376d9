using System.Collections.Immutable;
using CtoHarness.Core.Verification;

namespace CtoHarness.Tests.Core.Verification;

[Trait("Mission", "M15")]
public sealed class VerificationOutcomeTests
{
    private static readonly Answer Right = new Answer.Returned(SomeValues.Read("1"));

    private static readonly VerificationOutcome Whole = Of(Result(Right, Right), Result(new Answer.Raised("E"), new Answer.Raised("E")));

    [Fact]
    public void It_holds_where_every_answer_is_the_expected_one()
    {
        Assert.True(Whole.Holds);
        Assert.Equal((2, 2, 2), (Whole.Expected, Whole.Ran, Whole.Passed));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    public void It_does_not_hold_where_one_answer_is_another(string json)
    {
        var wrong = Of(Result(Right, Right), Result(Right, new Answer.Returned(SomeValues.Read(json))));
        Assert.False(wrong.Holds);
        Assert.Equal((2, 1), (wrong.Ran, wrong.Passed));
    }

    [Fact]
    public void It_does_not_hold_where_an_answer_is_missing_on_either_side()
    {
        Assert.False(Of(Result(Right, null)).Holds);
        Assert.False(Of(Result(null, Right)).Holds);
        Assert.False(Of(Result(null, null)).Holds);
        Assert.Equal((0, 0), (Of(Result(Right, null)).Ran, Of(Result(Right, null)).Passed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void It_does_not_hold_for_fewer_or_more_results_than_expected(int expected) => Assert.False((Whole with { Expected = expected }).Holds);

    [Fact]
    public void It_does_not_hold_where_nothing_was_asked() => Assert.False(Of().Holds);

    [Fact]
    public void It_does_not_hold_with_a_shortfall() => Assert.False((Whole with { Shortfall = "the driver ended early" }).Holds);

    [Fact]
    public void Nobody_can_tell_where_the_verifier_was_in_trouble()
    {
        Assert.Null((Whole with { Trouble = "no sandbox" }).Holds);
        Assert.Null((Whole with { Trouble = "no sandbox", Shortfall = "no answers" }).Holds);
    }

    private static CaseResult Result(Answer? expected, Answer? output) => new("name", CaseSource.Fixed, new JsonValue.Null(), expected, output);

    private static VerificationOutcome Of(params ImmutableArray<CaseResult> results) => new(["python3"], "seed", results.Length, results, "", "", 0, TimeSpan.FromSeconds(1));
}
