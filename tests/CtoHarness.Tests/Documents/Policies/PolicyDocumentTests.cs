using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Policies;

namespace CtoHarness.Tests.Documents.Policies;

public sealed class PolicyDocumentTests
{
    private const string Schema = "schema: cto-harness/policy/v1\n";

    [Fact]
    public void The_policy_of_the_checkout_is_sound_and_says_what_is_built_in()
    {
        var policy = DocumentText.Sound(PolicyDocument.Read("policy.yaml", DocumentText.Shipped("policy.yaml"), RunPolicy.BuiltIn));
        Assert.Equal(PolicyJson.Of(RunPolicy.BuiltIn), PolicyJson.Of(policy));
        Assert.All(policy.Settings, setting => Assert.StartsWith("policy.yaml:", setting.Source, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_says_nothing_leaves_what_is_below() =>
        Assert.Equal(RunPolicy.BuiltIn.Settings, DocumentText.Sound(Read(Schema)).Settings);

    [Fact]
    public void Each_value_keeps_the_line_of_the_file_that_set_it()
    {
        var below = DocumentText.Sound(Read(Schema + "limits:\n  wall_seconds: 10\n  stop_seconds: 0\n"));
        var above = DocumentText.Sound(PolicyDocument.Read("/etc/over.yaml", DocumentText.Bytes(Schema + "\n\nlimits: {wall_seconds: 20}\nprotected_roots: {case_source: [/a, /b]}\n"), below));
        Assert.Equal(("20", "/etc/over.yaml:4"), Setting(above, "limits.wall_seconds"));
        Assert.Equal(("0", "policy.yaml:4"), Setting(above, "limits.stop_seconds"));
        Assert.Equal(("60", "built-in"), Setting(above, "limits.test_wall_seconds"));
        Assert.Equal(("/a /b", "/etc/over.yaml:5"), Setting(above, "protected_roots.case_source"));
        Assert.Equal(20, above.Limits.WallSeconds);
    }

    [Theory]
    [InlineData("limits", "wall_seconds", 1, 86_400)]
    [InlineData("limits", "stop_seconds", 0, 60)]
    [InlineData("limits", "workspace_depth", 1, 512)]
    [InlineData("limits", "file_bytes", 1_048_576, 1_099_511_627_776)]
    [InlineData("sandbox", "uid", 1000, int.MaxValue)]
    [InlineData("root_digests", "entries", 1, 100_000_000)]
    [InlineData("root_digests", "content_bytes", 0, 1_099_511_627_776)]
    public void A_number_may_be_as_small_and_as_great_as_its_bounds_and_no_more(string group, string name, long min, long max)
    {
        Assert.Equal($"{min}", Setting(DocumentText.Sound(Read(Line(group, name, min))), $"{group}.{name}").Value);
        Assert.Equal($"{max}", Setting(DocumentText.Sound(Read(Line(group, name, max))), $"{group}.{name}").Value);
        Assert.Contains($"from {min} to {max}", DocumentText.Problems(Read(Line(group, name, max + 1))), StringComparison.Ordinal);
        Assert.Contains($"{group}.{name} is \"{min - 1}\"", DocumentText.Problems(Read(Line(group, name, min - 1))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"10\"")]
    [InlineData("1.5")]
    [InlineData("1e2")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("+10")]
    [InlineData("-1")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("\u0661\u0660")]
    [InlineData("99999999999999999999999")]
    [InlineData("[10]")]
    [InlineData("{a: 10}")]
    public void What_is_no_plain_whole_number_is_a_problem(string value) =>
        Assert.Equal(3, Assert.Single(Refused($"{Schema}limits:\n  wall_seconds: {value}\n")).Line);

    [Fact]
    public void All_problems_are_reported_at_once() => Approved.Matches("policy.problems", DocumentText.Problems(Read(
        """
        schema: cto-harness/policy/v2
        limits:
          wall_seconds: 0
          walls: 3
          stop_seconds: soon
        sandbox: 64000
        protected_roots:
          case_source: /one
          vendor_source: [relative, /, "", [], "/nul\0", /good]
          secret_source: []
        gates: []
        """)));

    [Fact]
    [Trait("Mission", "M06")]
    public void No_policy_file_can_open_a_gate() =>
        Assert.Equal(
            "policy.yaml:2:1: \"gates\" is no field here; known are: schema, limits, gateway, sandbox, root_digests, protected_roots\n",
            DocumentText.Problems(Read(Schema + "gates: {CTO_HARNESS_ALLOW_CASE: \"1\"}\n")));

    [Fact]
    public void A_policy_with_one_mistake_is_no_policy_at_all() =>
        Assert.IsType<Parsed<RunPolicy>.Refused>(Read(Schema + "limits: {wall_seconds: 10, stop_seconds: 61}\n"));

    private static string Line(string group, string name, long value) => $"{Schema}{group}: {{{name}: {value}}}\n";

    private static (string Value, string Source) Setting(RunPolicy policy, string name)
    {
        var setting = policy.Settings.Single(one => one.Name == name);
        return (string.Join(' ', setting.Value), setting.Source);
    }

    private static ImmutableArray<Problem> Refused(string text) => Assert.IsType<Parsed<RunPolicy>.Refused>(Read(text)).Problems;

    private static Parsed<RunPolicy> Read(string text) => PolicyDocument.Read("policy.yaml", DocumentText.Bytes(text), RunPolicy.BuiltIn);
}
