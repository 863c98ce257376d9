using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Cases;

namespace CtoHarness.Tests.Documents.Cases;

[Trait("Mission", "M15")]
public sealed class CasesDocumentTests
{
    [Fact]
    public void The_cases_of_every_fixture_in_the_checkout_are_sound()
    {
        foreach (var folder in Directory.GetDirectories(Repository.At("harness", "fixtures")))
        {
            Assert.NotEqual(0, DocumentText.Sound(CasesDocument.Read("cases.yaml", File.ReadAllBytes(Path.Combine(folder, "verify", "cases.yaml")))).Expected);
        }
    }

    [Fact]
    public void The_names_stand_in_the_order_of_the_file() =>
        Assert.Equal(["b", "a"], DocumentText.Sound(Read(
            """
            schema: cto-harness/cases/v1
            function: {file: strings.py, name: slugify}
            cases:
              - {name: b, arguments: [""], expected: ""}
              - {name: a, arguments: [x], keywords: {max_length: 1}, expected: x}
            """)).Cases.Select(one => one.Name));

    [Fact]
    public void All_problems_are_reported_at_once() => Approved.Matches("cases.problems", DocumentText.Problems(Read(
        """
        schema: cto-harness/cases/v2
        function: {file: strings.py, nam: slugify}
        cases:
          - {name: a, arguments: [""], expected: ""}
          - {name: a, arguments: [""], expected: ""}
          - {name: b, arguments: none, expected: ""}
          - {name: c, arguments: []}
          - {name: d, arguments: [], expected: 1, keyword: {}}
        case: []
        """)));

    [Theory]
    [InlineData("cases: []")]
    [InlineData("cases: {}")]
    [InlineData("")]
    public void A_file_without_a_case_is_a_problem(string cases) =>
        Assert.IsType<Parsed<CaseSet>.Refused>(Read($"schema: cto-harness/cases/v1\nfunction: {{file: f, name: n}}\n{cases}"));

    private static Parsed<CaseSet> Read(string text) => CasesDocument.Read("verify/cases.yaml", DocumentText.Bytes(text));
}
