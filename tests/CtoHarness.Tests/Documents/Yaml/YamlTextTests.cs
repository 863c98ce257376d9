using System.Text;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Tests.Documents.Yaml;

public sealed class YamlTextTests
{
    [Fact]
    public void A_document_is_read_with_the_place_of_every_value()
    {
        var root = Assert.IsType<YamlNode.Mapping>(Sound("# note\na: 1\nb:\n  - \"x y\"\n  - {c: ''}\n"));
        Assert.Equal(["a", "b"], root.Fields.Select(field => field.Key.Text));
        var list = Assert.IsType<YamlNode.Sequence>(root.Fields[1].Value);
        Assert.Equal((2, 4), (root.Fields[0].Value.Line, root.Fields[0].Value.Column));
        Assert.Equal((4, 5), (list.Items[0].Line, list.Items[0].Column));
        Assert.Equal((5, 9), (Inner(list).Fields[0].Value.Line, Inner(list).Fields[0].Value.Column));
    }

    [Theory]
    [InlineData("a: 1", true)]
    [InlineData("a: true", true)]
    [InlineData("a: ", true)]
    [InlineData("a: '1'", false)]
    [InlineData("a: \"1\"", false)]
    [InlineData("a: |\n  1\n", false)]
    public void A_value_in_quotes_is_told_from_one_that_YAML_may_take_for_a_number(string text, bool plain)
    {
        var root = Assert.IsType<YamlNode.Mapping>(Sound(text));
        Assert.Equal(plain, Assert.IsType<YamlNode.Scalar>(root.Fields[0].Value).IsPlain);
    }

    [Fact]
    public void Nothing_is_merged_in_behind_the_readers_back()
    {
        var root = Assert.IsType<YamlNode.Mapping>(Sound("<<: {a: 1}\nb: 2"));
        Assert.Equal(["<<", "b"], root.Fields.Select(field => field.Key.Text));
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x", "anchors and aliases are not read", 1, 4)]
    [InlineData("a: 1\nb: *nowhere", "anchors and aliases are not read", 2, 4)]
    [InlineData("&r\na: 1", "anchors and aliases are not read", 1, 1)]
    [InlineData("a: !!str 1", "tags are not read", 1, 4)]
    [InlineData("a: !x {}", "tags are not read", 1, 4)]
    [InlineData("a: !<tag:yaml.org,2002:python/object/apply:os.system> [x]", "tags are not read", 1, 4)]
    [InlineData("a: 1\nb: 2\na: 3", "\"a\" stands here twice", 3, 1)]
    [InlineData("x:\n  - {k: 1, \"k\": 2}", "\"k\" stands here twice", 2, 12)]
    [InlineData("? [a, b]\n: 1", "a name must be plain text", 1, 3)]
    [InlineData("? {a: b}\n: 1", "a name must be plain text", 1, 3)]
    [InlineData("a: 1\n---\nb: 2", "it holds a second document", 2, 1)]
    public void What_YAML_can_hide_things_in_is_refused(string text, string message, int line, int column)
    {
        var problem = Refused(text);
        Assert.Equal((message, line, column), (problem.Message, problem.Line, problem.Column));
    }

    [Theory]
    [InlineData("a: [1, 2")]
    [InlineData("a: 'x")]
    [InlineData("a: b: c")]
    [InlineData("a: @x")]
    [InlineData("a: \"\\q\"")]
    [InlineData("a: \"\\U00110000\"")]
    [InlineData("%YAML 9.9\n---\na: 1")]
    [InlineData("a\n b:\n- c")]
    public void A_mistake_in_the_syntax_is_a_problem_with_its_line(string text)
    {
        var problem = Refused(text);
        Assert.StartsWith("it is not sound YAML", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Line, 1, 3);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    [InlineData("# only a note\n")]
    public void An_empty_document_is_a_problem(string text) => Assert.Equal("it is empty", Refused(text).Message);

    [Fact]
    public void What_is_not_UTF_8_is_a_problem()
    {
        Assert.Equal("it is not UTF-8", Refused([0x61, 0x3a, 0x20, 0xff]).Message);
        Assert.Equal("it is not UTF-8", Refused(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a: 1")).ToArray()).Message);
    }

    [Fact]
    public void A_mark_of_UTF_8_at_the_beginning_does_no_harm() =>
        Assert.Equal("a", Assert.IsType<YamlNode.Mapping>(Sound("\ufeffa: 1")).Fields[0].Key.Text);

    private static YamlNode.Mapping Inner(YamlNode.Sequence list) => Assert.IsType<YamlNode.Mapping>(list.Items[1]);

    private static YamlNode Sound(string text) =>
        Assert.IsType<Parsed<YamlNode>.Value>(YamlText.Read("x.yaml", Encoding.UTF8.GetBytes(text))).Result;

    private static Problem Refused(string text) => Refused(Encoding.UTF8.GetBytes(text));

    private static Problem Refused(byte[] bytes)
    {
        var problem = Assert.Single(Assert.IsType<Parsed<YamlNode>.Refused>(YamlText.Read("x.yaml", bytes)).Problems);
        Assert.Equal("x.yaml", problem.Where);
        return problem;
    }
}
