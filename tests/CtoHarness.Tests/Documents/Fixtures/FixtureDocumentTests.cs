using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Fixtures;

namespace CtoHarness.Tests.Documents.Fixtures;

public sealed class FixtureDocumentTests
{
    private const string Sound =
        """
        schema: cto-harness/fixture/v1
        id: r1
        title: A task
        language: python
        base: "3f786850e387550fdab836ed7e6dc881de23001b"
        allowed_files: [strings.py, "sub/dir/x y.py"]
        ignored_files: ["**/__pycache__/**"]
        test_command: [python3, -m, unittest]
        """;

    [Fact]
    public void Every_fixture_in_the_checkout_is_sound()
    {
        var folders = Directory.GetDirectories(Repository.At("harness", "fixtures")).Select(folder => Path.GetFileName(folder)).ToList();
        Assert.Contains("r1-string-slugify", folders);
        Assert.All(folders, folder => DocumentText.Sound(FixtureDocument.Read("fixture.yaml", folder, DocumentText.Shipped("fixtures", folder, "fixture.yaml"))));
    }

    [Fact]
    public void A_sound_fixture_says_all_that_it_says()
    {
        var fixture = DocumentText.Sound(Read(Sound));
        Assert.Equal(("r1", "A task", "python", "3f786850e387550fdab836ed7e6dc881de23001b"), (fixture.Id.ToString(), fixture.Title, fixture.Language, fixture.BaseCommit));
        Assert.Equal(["strings.py", "sub/dir/x y.py"], fixture.AllowedFiles.Select(path => path.ToString()));
        Assert.Equal(["**/__pycache__/**"], fixture.IgnoredFiles.Select(pattern => pattern.Text));
        Assert.Equal(["python3", "-m", "unittest"], fixture.TestCommand.ToArray());
    }

    [Fact]
    [Trait("Mission", "M17")]
    public void A_missing_test_command_is_left_to_the_run_to_report() =>
        Assert.Empty(DocumentText.Sound(Read(Sound.Replace("test_command: [python3, -m, unittest]", "", StringComparison.Ordinal))).TestCommand);

    [Fact]
    public void All_problems_are_reported_at_once() => Approved.Matches("fixture.problems", DocumentText.Problems(Read(
        """
        # A fixture with everything wrong.
        schema: cto-harness/fixture/v2
        title: []
        base: ""
        allowed_files:
          - ok.py
          - ../escape.py
          - /etc/passwd
          - sub/.git/config
          - ok.py
          - ""
          - {a: b}
        ignored_files:
          - "../**"
        test_command: python3 -m unittest
        allowed_file: [x]
        "\e[31m": 1
        """)));

    [Fact]
    public void An_empty_mapping_names_every_field_that_is_missing() => Approved.Matches("fixture.missing", DocumentText.Problems(Read("{}")));

    [Theory]
    [InlineData("[]")]
    [InlineData("just text")]
    [InlineData("- id: r1")]
    public void A_document_that_is_no_mapping_is_one_problem(string text)
    {
        var problem = Assert.Single(Refused(text));
        Assert.Equal("named fields are expected here", problem.Message);
        Assert.Equal((1, 1), (problem.Line, problem.Column));
    }

    [Theory]
    [InlineData("r2")]
    [InlineData("R1")]
    [InlineData("../r1")]
    [InlineData("r1 ")]
    public void An_id_that_is_not_the_folders_name_is_a_problem(string id) =>
        Assert.Contains("id is", Assert.Single(Refused(Sound.Replace("id: r1", $"id: \"{id}\"", StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/x")]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData(".GIT/hooks/pre-commit")]
    [InlineData("a/git~1")]
    [InlineData(".git./x")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    public void An_allowed_file_that_leads_elsewhere_is_a_problem_on_its_own_line(string path)
    {
        var problem = Assert.Single(Refused(Sound.Replace("[strings.py, ", $"[\n  strings.py,\n  \"{path}\", ", StringComparison.Ordinal)));
        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
        Assert.Equal((8, 3), (problem.Line, problem.Column));
    }

    [Fact]
    public void An_unknown_field_is_named_with_the_known_ones()
    {
        var problem = Assert.Single(Refused(Sound + "\nallow_files: [x]"));
        Assert.Equal("\"allow_files\" is no field here", problem.Message);
        Assert.Contains("allowed_files", problem.Remedy, StringComparison.Ordinal);
        Assert.Equal((9, 1), (problem.Line, problem.Column));
    }

    [Theory]
    [InlineData("id: r1", "id: r2", 2)]
    [InlineData("3f786850e387550fdab836ed7e6dc881de23001b", "3f78", 5)]
    public void A_wrong_value_is_reported_on_its_own_line(string right, string wrong, int line) =>
        Assert.Equal(line, Assert.Single(Refused(Sound.Replace(right, wrong, StringComparison.Ordinal))).Line);

    private static ImmutableArray<Problem> Refused(string text) => Assert.IsType<Parsed<Fixture>.Refused>(Read(text)).Problems;

    private static Parsed<Fixture> Read(string text) => FixtureDocument.Read("fixtures/r1/fixture.yaml", "r1", DocumentText.Bytes(text));
}
