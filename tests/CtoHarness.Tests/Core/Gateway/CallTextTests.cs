using System.Text;
using CtoHarness.Core.Gateway;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Gateway;

[Trait("Mission", "M10")]
public sealed class CallTextTests
{
    [Fact]
    public void No_text_is_longer_than_the_record_takes_it_and_none_holds_what_a_terminal_obeys() => Law.Holds(
        from text in Some.Text
        from times in Gen.Choose(1, 200)
        select string.Concat(Enumerable.Repeat(text, times)),
        text => Fits(CallText.Model(text), CallText.LongestModel) && Fits(CallText.Detail(text), CallText.LongestDetail));

    [Fact]
    public void A_short_text_stays_as_it_is() => Assert.Equal(("qwen", "no"), (CallText.Model("qwen"), CallText.Detail("no")));

    [Theory]
    [InlineData("{\"data\":[{\"id\":\"a\"},{\"id\":\"b\",\"x\":0.5}],\"object\":\"list\"}", "a b")]
    [InlineData("{\"data\":[]}", "")]
    [InlineData("{\"data\":[{\"id\":1}]}", null)]
    [InlineData("{\"data\":[\"a\"]}", null)]
    [InlineData("{\"data\":{}}", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    [InlineData("{\"data\":[{\"id\":\"\\ud800\"}]}", null)]
    public void A_list_of_models_is_read_or_is_none(string text, string? names) =>
        Assert.Equal(names, ModelList.TryRead(Encoding.UTF8.GetBytes(text)) is { } list ? string.Join(' ', list) : null);

    private static bool Fits(string text, int most) => text.Length <= most && !text.Any(char.IsControl) && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
