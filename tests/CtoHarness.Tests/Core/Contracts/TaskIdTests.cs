using CtoHarness.Core.Contracts;

namespace CtoHarness.Tests.Core.Contracts;

public sealed class TaskIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData("r1-string-slugify")]
    [InlineData("0--9-")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_task_name_is_read(string text)
    {
        Assert.True(TaskId.TryParse(text, out var id));
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("\u00e9")]
    [InlineData("\u0661")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Another_text_is_no_task_name(string text) => Assert.False(TaskId.TryParse(text, out _));

    [Fact]
    public void Two_tasks_are_the_same_when_their_names_are()
    {
        Assert.Equal(Sample.Task("a"), Sample.Task("a"));
        Assert.NotEqual(Sample.Task("a"), Sample.Task("b"));
    }
}
