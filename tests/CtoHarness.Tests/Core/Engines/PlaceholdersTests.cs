using CtoHarness.Core.Engines;

namespace CtoHarness.Tests.Core.Engines;

[Trait("Mission", "M05")]
public sealed class PlaceholdersTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("${task}", "<task>")]
    [InlineData("a${task}b${nonce}", "a<task>b<nonce>")]
    [InlineData("${task}${task}", "<task><task>")]
    [InlineData("$", "$")]
    [InlineData("$$", "$$")]
    [InlineData("$task {task} }", "$task {task} }")]
    [InlineData("$${task}", "${task}")]
    [InlineData("$$${task}", "$${task}")]
    [InlineData("${task}$${task}", "<task>${task}")]
    [InlineData("{\"a\": {\"b\": \"${task}\"}}", "{\"a\": {\"b\": \"<task>\"}}")]
    public void Values_take_the_places_that_are_meant_for_them(string template, string expanded)
    {
        Assert.Null(Placeholders.FaultOf(template, Placeholders.Known));
        Assert.Equal(expanded, Placeholders.Expand(template, name => $"<{name}>"));
    }

    [Theory]
    [InlineData("${", "has no end")]
    [InlineData("a ${task", "has no end")]
    [InlineData("${}", "\"${}\" is no placeholder here")]
    [InlineData("${Task}", "\"${Task}\" is no placeholder here")]
    [InlineData("${task }", "is no placeholder here")]
    [InlineData("${a${task}}", "is no placeholder here")]
    [InlineData("${task}${key}", "\"${key}\" is no placeholder here")]
    public void Anything_else_that_looks_like_a_place_is_a_fault(string template, string fault) =>
        Assert.Contains(fault, Placeholders.FaultOf(template, Placeholders.Known), StringComparison.Ordinal);

    [Fact]
    public void In_a_path_only_plain_names_may_stand()
    {
        Assert.Null(Placeholders.FaultOf("a/${task}/${nonce}", Placeholders.InPaths));
        Assert.All(Placeholders.Known.Except(Placeholders.InPaths), name => Assert.NotNull(Placeholders.FaultOf($"a/${{{name}}}", Placeholders.InPaths)));
    }

    [Fact]
    public void What_a_value_says_is_not_expanded_again()
    {
        Assert.Equal("${nonce} $${x}", Placeholders.Expand("${task}", _ => "${nonce} $${x}"));
        Assert.Equal(["${nonce}"], SomeTask.Arguments(SomeTask.Told("${instruction}"), "${nonce}").ToArray());
    }

    [Fact]
    public void Every_name_has_a_value_of_the_run()
    {
        var values = Placeholders.ValuesOf(SomeTask.Of(Sample.Case));
        Assert.Equal(Placeholders.Known.ToArray(), values.Keys);
        Approved.Matches("placeholders", string.Concat(values.Select(one => $"{one.Key}={one.Value}\n")));
    }

    [Fact]
    public void An_engine_without_a_model_has_an_empty_name_for_it() =>
        Assert.Equal("", Placeholders.ValuesOf(SomeTask.Of(Sample.Case) with { Contract = Sample.FakeRun.Contract! })["model"]);

    [Fact]
    public void Any_text_either_has_a_fault_or_is_expanded() => Law.Ends(
        Some.Glued("$", "{", "}", "${", "$${", "task", "nonce", "a", "\"", " "),
        bytes =>
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes);
            var expanded = Placeholders.Expand(text, _ => "");
            if (Placeholders.FaultOf(text, Placeholders.Known) is null && !text.Contains("$${", StringComparison.Ordinal))
            {
                Assert.DoesNotContain("${", expanded.Replace("$${", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        },
        tries: 2000);
}
