using System.Text.RegularExpressions;
using CtoHarness.Core.Verdicts;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Tests.Architecture;

public sealed partial class SourceTests
{
    private const int LongestFile = 400;

    [Fact]
    public void No_source_file_is_longer_than_one_idea_needs() =>
        Assert.DoesNotContain(
            Repository.Sources().Select(file => (file.Path, Lines: file.Text.Count(c => c == '\n'))),
            file => file.Lines > LongestFile);

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        Assert.Empty(Repository.Sources().SelectMany(file => Empty(file.Text).Select(name => $"{file.Path}: {name}")));

    [Fact]
    public void No_type_in_the_pure_assemblies_has_a_name_that_says_nothing() =>
        Assert.DoesNotContain(
            new[] { typeof(Judge), typeof(YamlText) }.SelectMany(type => type.Assembly.GetTypes()),
            type => EmptyWord().IsMatch(type.Name.Split('`')[0]));

    [Theory]
    [InlineData("public sealed class RunManager(int x) : IThing", "RunManager")]
    [InlineData("internal record struct FileInfo;", "FileInfo")]
    [InlineData("enum ErrorUtils { }", "ErrorUtils")]
    [InlineData("interface IRunService", "IRunService")]
    [InlineData("class Context<T>", "Context")]
    public void A_name_that_says_nothing_is_found(string source, string name) => Assert.Equal([name], Empty(source));

    [Theory]
    [InlineData("public sealed class Judge")]
    [InlineData("// a class Manager of old")]
    [InlineData("record Contextual(FileInfo Source);")]
    [InlineData("/// <summary>the record RunContext</summary>")]
    public void A_sound_name_is_not(string source) => Assert.Empty(Empty(source));

    [Fact]
    public void The_sources_are_really_read() => Assert.Contains(Repository.Sources(), file => file.Path.EndsWith("Verdicts/Judge.cs", StringComparison.Ordinal));

    private static IEnumerable<string> Empty(string source) =>
        Declaration().Matches(Comment().Replace(source, "")).Select(match => match.Groups[1].Value).Where(name => EmptyWord().IsMatch(name));

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(?!class\b|struct\b)([A-Za-z_]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex("(?:Manager|Helper|Helpers|Util|Utils|Service|Data|Info|Context|Processor)$")]
    private static partial Regex EmptyWord();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();
}
