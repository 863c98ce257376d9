using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Cheats;

namespace CtoHarness.Tests.Documents.Cheats;

[Trait("Mission", "M15")]
public sealed class CheatsDocumentTests
{
    private const string Start = "schema: cto-harness/cheats/v1\ncontrol: a\ncheats:\n  - {name: a, title: t, breach: failed-tests, files: {strings.py: x}}\n";

    [Fact]
    public void The_cheats_of_every_fixture_in_the_checkout_are_sound() => Assert.All(
        Directory.GetFiles(Repository.At("harness", "fixtures"), "cheats.yaml", SearchOption.AllDirectories),
        file => DocumentText.Sound(CheatsDocument.Read(file, File.ReadAllBytes(file))));

    [Fact]
    public void Cheats_are_read_in_order_with_all_that_belongs_to_them()
    {
        var read = DocumentText.Sound(Read(
            """
            schema: cto-harness/cheats/v1
            control: by-heart
            cheats:
              - name: leaves-a-process
                title: Leaves a process behind
                breach: survivors
                script: |
                  sleep 300 &
              - name: by-heart
                title: Knows the answers by heart
                breach: failed-tests
                files:
                  strings.py: |
                    def slugify(text):
                        return ""
                  sub/empty.py: ""
            """));
        Assert.Equal(["leaves-a-process", "by-heart"], read.All.Select(cheat => cheat.Name));
        Assert.Same(read.All[1], read.Control);
        Assert.Equal((BlockerCode.Survivors, "sleep 300 &\n"), (read.All[0].Breach, read.All[0].Script));
        Assert.Empty(read.All[0].Files);
        Assert.Equal([(Sample.At("strings.py"), "def slugify(text):\n    return \"\"\n"), (Sample.At("sub/empty.py"), "")], read.Control.Files.ToArray());
        Assert.Equal(("Knows the answers by heart", ""), (read.Control.Title, read.Control.Script));
    }

    [Fact]
    public void All_problems_are_reported_at_once() => Approved.Matches("cheats.problems", DocumentText.Problems(Read(
        """
        schema: cto-harness/cheats/v2
        control: nobody
        cheats:
          - {name: A, title: "", breach: gate-closed, files: {../a: x, .git/hooks/x: y, a: 1, a/b: "", c: ~}}
          - {name: b, title: t, breach: evidence-incomplete}
          - {name: b, title: t, breach: none, files: {}}
          - {name: c, breach: timeout, files: [a], script: ""}
          - {name: d, title: t, breach: timeout, script: "a\0"}
          - {name: e, title: t, breach: timeout, script: [a], scripts: a}
          - e
        cheat: 1
        """)));

    [Theory]
    [InlineData("control: a", "control: b", "which is no cheat here")]
    [InlineData("x}}", "x}, script: a}", "which has a script")]
    [InlineData("failed-tests", "infrastructure", "breach is")]
    [InlineData("strings.py: x", "strings.py: 1", "must be a text")]
    public void One_mistake_is_one_problem(string right, string wrong, string message) =>
        Assert.Contains(message, Assert.Single(Refused(Start.Replace(right, wrong, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cheats: []", "names no cheat")]
    [InlineData("", "is missing")]
    [InlineData("cheats: {}", "must be a list")]
    public void A_file_without_a_cheat_is_one_problem(string cheats, string message) =>
        Assert.Contains(message, Assert.Single(Refused("schema: cto-harness/cheats/v1\ncontrol: a\n" + cheats)).Message, StringComparison.Ordinal);

    [Fact]
    public void Sixty_four_KiB_of_a_text_are_read_and_one_byte_more_is_refused()
    {
        Assert.Equal(65_536, DocumentText.Sound(Read(Start.Replace("py: x", "py: " + new string('x', 65_536), StringComparison.Ordinal))).Control.Files[0].Text.Length);
        Assert.Contains("too long", Assert.Single(Refused(Start.Replace("py: x", "py: " + new string('x', 65_537), StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        Assert.Contains("too long", Assert.Single(Refused(Start.Replace("py: x", "py: " + new string('\u00e9', 32_769), StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_cheats_are_read_and_one_more_is_refused()
    {
        var more = string.Concat(Enumerable.Range(0, 99).Select(i => $"  - {{name: c{i}, title: t, breach: no-diff, script: a}}\n"));
        Assert.Equal(100, DocumentText.Sound(Read(Start + more)).All.Length);
        Assert.Contains("has 101 items", Assert.Single(Refused(Start + more + "  - {name: d, title: t, breach: no-diff, script: a}\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_knows_every_blocker_that_fails_a_run()
    {
        var schema = JsonNode.Parse(File.ReadAllBytes(Repository.At("schemas", "cheats.v1.json")))!;
        Assert.Equal(
            BlockerCode.All.Where(code => code.Effect is Effect.BreaksByAct or Effect.BreaksByAbsence).Select(code => code.Text),
            schema["properties"]!["cheats"]!["items"]!["properties"]!["breach"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>()));
    }

    private static ImmutableArray<Problem> Refused(string text) => Assert.IsType<Parsed<CheatSet>.Refused>(Read(text)).Problems;

    private static Parsed<CheatSet> Read(string text) => CheatsDocument.Read("verify/cheats.yaml", DocumentText.Bytes(text));
}
