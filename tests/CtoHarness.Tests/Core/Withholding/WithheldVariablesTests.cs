using System.Text;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Tests.Core.Withholding;

[Trait("Mission", "M20")]
public sealed class WithheldVariablesTests
{
    [Theory]
    [InlineData("ANYTHING", "eight by", true)]
    [InlineData("ANYTHING", "sevenby", false)]
    [InlineData("MY_TOKEN", "four", true)]
    [InlineData("MY_TOKEN", "thr", false)]
    [InlineData("MY_TOKEN", " \n\t    ", false)]
    [InlineData("apikey", "four", true)]
    [InlineData("HOME", "/home/somebody", false)]
    [InlineData("LC_ALL", "something long", false)]
    [InlineData("CTO_HARNESS_ALLOW_CASE", "something long", false)]
    [InlineData("CTO_HARNESS_API_KEY", "something long", true)]
    [InlineData("XDG_SESSION_COOKIE", "something long", true)]
    [InlineData("HOMEWORK", "something long", true)]
    [InlineData("PWD", "/some/folder", false)]
    [InlineData("MYSQL_PWD", "a password", true)]
    public void Name_and_length_decide_which_values_count(string name, string value, bool counts) =>
        Assert.Equal(counts, WithheldVariables.Candidates(new Dictionary<string, string> { [name] = value }).Length == 1);

    [Fact]
    public void Every_harmless_name_has_a_reason_and_none_looks_like_a_secret()
    {
        Assert.All(VariableNames.Harmless, one => Assert.True(one.Reason.Length > 4));
        Assert.All(VariableNames.Harmless, one => Assert.False(VariableNames.LooksSecret(one.Name)));
    }

    [Theory]
    [InlineData("ANY_NAME", "r1-string-slugify", WithheldVariables.PublicReason)]
    [InlineData("MY_SECRET", "r1-string-slugify", WithheldVariables.PublicReason)]
    [InlineData("MY_SECRET", "ANOTHER_NAME", WithheldVariables.PublicReason)]
    [InlineData("MY_SECRET", "12ab", WithheldVariables.NumberReason)]
    [InlineData("CERTIFICATES", "/there/is", WithheldVariables.PathReason)]
    [InlineData("FOLDERS", "/there/is:/there", WithheldVariables.PathReason)]
    [InlineData("FOLDERS", "/there/is:/not", null)]
    [InlineData("SECRET_FILE", "/there/is", null)]
    [InlineData("MY_SECRET", "12ab12ab", null)]
    [InlineData("ANY_NAME", "nowhere to be seen", null)]
    public void What_is_public_or_says_nothing_is_exempt_with_its_reason(string name, string value, string? reason)
    {
        var sorted = WithheldVariables.Sort(
            WithheldVariables.Candidates(new Dictionary<string, string> { [name] = value, ["ANOTHER_NAME"] = "of another length" }),
            [Encoding.UTF8.GetBytes("{\"task_id\": \"r1-string-slugify\"}")],
            path => path.StartsWith("/there", StringComparison.Ordinal));
        Assert.Equal(reason, sorted.Exempt.SingleOrDefault(one => one.Name == name)?.Exempt);
        Assert.Equal(reason is null, sorted.Values.Any(one => one.Name == name));
    }
}
