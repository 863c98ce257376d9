using CtoHarness.Core.Trees;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Trees;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("*", "a", true)]
    [InlineData("*", ".hidden", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("*.py", "x.py", true)]
    [InlineData("*.py", ".py", true)]
    [InlineData("*.py", "x.pyc", false)]
    [InlineData("*.py", "d/x.py", false)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b*c", "abc", true)]
    [InlineData("a*b*c", "abcb", false)]
    [InlineData("a*ab", "aab", true)]
    [InlineData("a*ab", "ab", false)]
    [InlineData("**", "a", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("**/a", "a", true)]
    [InlineData("**/a", "x/y/a", true)]
    [InlineData("**/a", "x/ya", false)]
    [InlineData("a/**", "a/b", true)]
    [InlineData("a/**", "a", true)]
    [InlineData("a/**", "ab", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/x/y/c", false)]
    [InlineData("**/__pycache__/**", "__pycache__/x", true)]
    [InlineData("**/__pycache__/**", "a/__pycache__/x/y", true)]
    [InlineData("**/__pycache__/**", "a/__pycache__x/y", false)]
    [InlineData("x**y", "x/y", false)]
    [InlineData("x**y", "xzy", true)]
    [InlineData("caf\u00e9/*", "caf\u00e9/\ud83d\ude00", true)]
    [InlineData("A", "a", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("[a]", "a", false)]
    [InlineData("a?", "ab", false)]
    public void A_pattern_covers_whole_paths(string pattern, string path, bool covers) =>
        Assert.Equal(covers, Sample.Pattern(pattern).Covers(Sample.At(path)));

    [Fact]
    public void A_star_stands_for_bytes_that_are_not_UTF_8_too()
    {
        Assert.True(RelativePath.TryFromBytes([0x64, 0x2f, 0xff, 0xfe], out var path));
        Assert.True(Sample.Pattern("d/*").Covers(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("../*")]
    [InlineData("a/../**")]
    [InlineData("a//b")]
    [InlineData("a/")]
    public void What_could_lead_elsewhere_is_no_pattern(string text) => Assert.False(PathPattern.TryParse(text, out _));

    [Fact]
    public void A_pattern_has_at_most_256_characters()
    {
        Assert.True(PathPattern.TryParse(new string('*', 256), out _));
        Assert.False(PathPattern.TryParse(new string('*', 257), out _));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_pattern_made_to_be_slow_still_answers(string pattern, string path)
    {
        var answer = Task.Run(() => Sample.Pattern(pattern).Covers(Sample.At(path)));
        Assert.False(await answer.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { string.Concat(Enumerable.Repeat("*a", 127)) + "b", new string('a', 4096) },
        { string.Join('/', Enumerable.Repeat("**", 80)) + "/b", string.Join('/', Enumerable.Repeat("a", 2048)) },
        { string.Concat(Enumerable.Repeat("**/*a/", 40)) + "b", string.Join('/', Enumerable.Repeat("aa", 1300)) },
    };

    [Fact]
    public void A_pattern_agrees_with_the_plain_definition() =>
        Law.Holds(
            from pattern in Parts("a", "b", "*", "**", "a*", "*b*") from path in Parts("a", "b", "ab", "ba", "aab") select (pattern, path),
            pair => Sample.Pattern(string.Join('/', pair.pattern)).Covers(Sample.At(string.Join('/', pair.path))) == Covers(pair.pattern, pair.path),
            tries: 5000);

    private static Gen<string[]> Parts(params string[] names) => Gen.Elements(names).NonEmptyListOf().Select(list => list.Take(5).ToArray());

    private static bool Covers(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path) =>
        pattern.IsEmpty ? path.IsEmpty
        : pattern[0] == "**" ? Covers(pattern[1..], path) || (!path.IsEmpty && Covers(pattern, path[1..]))
        : !path.IsEmpty && Name(pattern[0], path[0]) && Covers(pattern[1..], path[1..]);

    private static bool Name(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) =>
        pattern.IsEmpty ? name.IsEmpty
        : pattern[0] == '*' ? Name(pattern[1..], name) || (!name.IsEmpty && Name(pattern, name[1..]))
        : !name.IsEmpty && name[0] == pattern[0] && Name(pattern[1..], name[1..]);
}
