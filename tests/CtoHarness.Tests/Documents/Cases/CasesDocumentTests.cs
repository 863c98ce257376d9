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

    [Fact]
    public void All_problems_of_a_command_and_its_generator_are_reported_at_once() => Approved.Matches("cases.command.problems", DocumentText.Problems(Read(
        """
        schema: cto-harness/cases/v1
        command: []
        limits: {seconds: 0, answer_bytes: 2097152, bytes: 1}
        cases:
          - {name: Upper, arguments: [1, "a\0b"], stdin: 3, expected: {stdout: 1, exit_code: 256}}
          - {name: drawn-1, raises: E, expected: {}}
          - {name: c, keywords: {}, expected: "1"}
          - name: d
        generator:
          count: 1001
          arguments:
            - {integer: {min: 1, max: 2}}
            - {one_of: [{value: a}, {value: 1}]}
            - {text: {pieces: ["\0"], min: 0, max: 1}}
          keywords: {a: {value: 1}}
          stdin: {list: {of: {value: a}, min: 0, max: 1}}
        """)));

    [Fact]
    public void All_problems_of_values_and_shapes_are_reported_at_once() => Approved.Matches("cases.shape.problems", DocumentText.Problems(Read(
        """
        schema: cto-harness/cases/v1
        function: {file: ../strings.py, name: 2slugify}
        cases:
          - {name: a, arguments: [True, 0x10, 1_000, .inf, -.NaN, 007, +1, 1., NULL, 0o7], expected: 1, raises: E}
          - {name: b, arguments: [], keywords: {"a-b": 1, 2c: {d: .5}}, expected: 1}
          - {name: c, arguments: [], keywords: [1], raises: []}
        generator:
          count: few
          arguments:
            - {}
            - {value: 1, integer: {min: 0, max: 1}}
            - {number: 1}
            - 1
            - {integer: {min: 2, max: 1}}
            - {integer: {min: 0, max: 9223372036854775808}}
            - {integer: {min: 1.0}}
            - {text: {pieces: [], min: -1, max: 1001}}
            - {text: {pieces: [1, null, [a]], min: 2, max: 1}}
            - {text: {pieces: a, min: 0, max: 1, join: ","}}
            - {list: {min: 0, max: 1}}
            - {list: {of: {map: [1]}, min: 0, max: 1}}
            - {map: 1}
            - {one_of: []}
            - {one_of: {a: 1}}
          keywords: {"a b": {value: True}}
          stdin: {value: a}
        predicates: {absent: a}
        """)));

    [Fact]
    public void All_problems_of_predicates_are_reported_at_once() => Approved.Matches("cases.predicate.problems", DocumentText.Problems(Read(
        """
        schema: cto-harness/cases/v1
        tree: yes
        cases: []
        predicates:
          - {absent: ../a}
          - {present: .git/config}
          - {present: a, absent: b}
          - {}
          - absent
          - {missing: a}
          - {nowhere: {text: "", files: "*"}}
          - {nowhere: {text: 1, files: /etc/*}}
          - {somewhere: {file: a}}
          - {change_at_most: {files: -1}}
          - {change_at_most: 1}
        """)));

    [Theory]
    [InlineData("", "\"function\" is missing")]
    [InlineData("tree: true\ncommand: [a]\ncases: [{name: a, expected: {stdout: \"\", exit_code: 0}}]", "only one of")]
    [InlineData("tree: true\nfunction: {file: a, name: b}\ncases: [{name: a, arguments: [], expected: 1}]", "only one of")]
    [InlineData("tree: true", "\"predicates\" is missing")]
    [InlineData("tree: true\npredicates: []", "names nothing that must hold")]
    [InlineData("tree: \"true\"\npredicates: [{absent: a}]", "can only be true")]
    [InlineData("tree: true\npredicates: [{absent: a}]\ngenerator: {count: 1}", "\"generator\" is no field here")]
    [InlineData("function: {file: .git/a, name: b}\ncases: [{name: a, arguments: [], expected: 1}]", "no path within the workspace")]
    public void One_mistake_in_what_is_asked_is_one_problem(string text, string message) =>
        Assert.Contains(message, Assert.Single(Refused("schema: cto-harness/cases/v1\n" + text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("count: 1", "draws nothing")]
    [InlineData("count: 1\n  arguments: []", "draws nothing")]
    [InlineData("count: 1\n  arguments: [{text: {pieces: [aaaaaaaaaaaaaaaaaaaaa], min: 0, max: 1000}}]", "a text that is too long")]
    [InlineData("count: 1\n  arguments: [{list: {of: {list: {of: {integer: {min: 0, max: 1}}, min: 0, max: 1000}}, min: 0, max: 1000}}]", "a case that is too large")]
    [InlineData("count: 1\n  keywords: {a: {list: {of: {list: {of: {list: {of: {value: 1}, min: 0, max: 1000}}, min: 0, max: 1000}}, min: 0, max: 1000}}}", "a case that is too large")]
    [InlineData("count: 1\n  arguments: [{list: {of: {list: {of: {list: {of: {list: {of: {list: {of: {list: {of: {list: {of: {list: {of: {value: 1}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}]", "nested too deep")]
    public void A_generator_that_draws_nothing_or_too_much_is_one_problem(string generator, string message) =>
        Assert.Contains(message, Assert.Single(Refused(Function + "generator:\n  " + generator)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_bounds_themselves_are_allowed()
    {
        var longest = DocumentText.Sound(Read(Function + "generator: {count: 1000, arguments: [{text: {pieces: [aaaaaaaaaaaaaaaaaaaa], min: 1000, max: 1000}}, {list: {of: {list: {of: {list: {of: {list: {of: {list: {of: {list: {of: {list: {of: {value: 1}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}, min: 0, max: 1}}]}"));
        Assert.Equal(20_000, ((JsonValue.Characters)((JsonValue.List)longest.Draw("s")[1].Input.Find("arguments")!).Items[0]).Value.Length);
        var many = string.Concat(Enumerable.Range(0, 1000).Select(i => $"  - {{name: c{i}, arguments: [], expected: 1}}\n"));
        var start = "schema: cto-harness/cases/v1\nfunction: {file: f, name: n}\ncases:\n";
        Assert.Equal(1000, DocumentText.Sound(Read(start + many)).Cases.Length);
        Assert.Contains("has 1001 items", Assert.Single(Refused(start + many + "  - {name: one-more, arguments: [], expected: 1}")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("0", "0")]
    [InlineData("-0", "-0")]
    [InlineData("-1.50e+3", "-1.50e+3")]
    [InlineData("1e400", "1e400")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("\"1\"", "\"1\"")]
    [InlineData("'null'", "\"null\"")]
    [InlineData("\"True\"", "\"True\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("Infinity", "\"Infinity\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("2020-01-01", "\"2020-01-01\"")]
    [InlineData("1:30", "\"1:30\"")]
    [InlineData("3rd", "\"3rd\"")]
    [InlineData("-a", "\"-a\"")]
    [InlineData("0x", "\"0x\"")]
    [InlineData("e5", "\"e5\"")]
    [InlineData(".", "\".\"")]
    [InlineData("\"\\U0001F600\\0\"", "\"\\ud83d\\ude00\\u0000\"")]
    [InlineData("[1, [], {a: 1.0, \"\": ~}]", """[1,[],{"a":1.0,"":null}]""")]
    [InlineData("{1: a, true: b}", """{"1":"a","true":"b"}""")]
    public void A_value_is_what_it_looks_like(string yaml, string json)
    {
        var read = DocumentText.Sound(Read($"schema: cto-harness/cases/v1\nfunction: {{file: f, name: n}}\ncases:\n  - name: a\n    arguments: []\n    expected: {yaml}"));
        var expected = Assert.IsType<Answer.Returned>(read.Cases[0].Expected);
        Assert.True(expected.Value.SameAs(JsonValue.TryRead(DocumentText.Bytes(json))!), expected.Value.ToString());
    }

    [Theory]
    [InlineData("\\uD800")]
    [InlineData("\\uDE00")]
    [InlineData("\\uDE00\\uD83D")]
    [InlineData("\\uD83D\\uD83D")]
    [InlineData("\\U0000D800")]
    [InlineData("\\U0000DE00")]
    [InlineData("\\uD83D x \\uDE00")]
    public void Half_a_character_never_comes_into_a_value(string text) =>
        Assert.Single(Refused($"schema: cto-harness/cases/v1\nfunction: {{file: f, name: n}}\ncases: [{{name: a, arguments: [], expected: \"{text}\"}}]"));

    [Fact]
    public void A_function_is_read_with_all_that_belongs_to_it()
    {
        var read = DocumentText.Sound(Read(
            """
            schema: cto-harness/cases/v1
            function: {file: src/strings.py, name: slugify}
            limits: {seconds: 600}
            cases:
              - {name: a, arguments: ["A b"], keywords: {max_length: 3}, expected: a-b}
              - {name: b, arguments: [3], keywords: {}, raises: TypeError}
            generator: {count: 2, arguments: [{value: 1}], keywords: {k: {integer: {min: -9223372036854775808, max: 9223372036854775807}}}}
            predicates: [{absent: x}]
            """));
        Assert.Equal(new CaseTarget.Callable(Sample.At("src/strings.py"), "slugify"), read.Target);
        Assert.Equal(new CaseLimits(600, 65_536), read.Limits);
        Assert.True(read.Cases[0].Input.SameAs(JsonValue.TryRead("""{"arguments":["A b"],"keywords":{"max_length":3}}"""u8.ToArray())!));
        Assert.True(read.Cases[1].Input.SameAs(JsonValue.TryRead("""{"arguments":[3]}"""u8.ToArray())!));
        Assert.Equal(new Answer.Raised("TypeError"), read.Cases[1].Expected);
        Assert.DoesNotContain(read.Cases, one => one.IsDrawn);
        Assert.Equal(("k", new Shape.Whole(long.MinValue, long.MaxValue)), Assert.Single(read.Generator!.Keywords));
        Assert.Equal((2 + 2 + 1, 4), (read.Expected, read.Draw("s").Length));
    }

    [Fact]
    public void A_command_is_read_with_all_that_belongs_to_it()
    {
        var read = DocumentText.Sound(Read(
            """
            schema: cto-harness/cases/v1
            command: [python3, wc.py]
            cases:
              - {name: a, arguments: ["-l"], stdin: "a\n", expected: {stdout: "1\n", exit_code: 0}}
              - {name: b, expected: {stdout: "", exit_code: 255}}
            generator: {count: 1, stdin: {text: {pieces: [a], min: 2, max: 2}}}
            """));
        Assert.Equal(["python3", "wc.py"], Assert.IsType<CaseTarget.Command>(read.Target).Words.ToArray());
        Assert.Equal(CaseLimits.Default, read.Limits);
        Assert.True(read.Cases[0].Input.SameAs(JsonValue.TryRead("""{"arguments":["-l"],"stdin":"a\n"}"""u8.ToArray())!));
        Assert.True(read.Cases[1].Input.SameAs(JsonValue.TryRead("""{"arguments":[],"stdin":""}"""u8.ToArray())!));
        Assert.True(read.Cases[1].Expected!.SameAs(new Answer.Returned(JsonValue.TryRead("""{"stdout":"","exit_code":255}"""u8.ToArray())!)));
        Assert.True(read.Draw("s")[2].Input.SameAs(JsonValue.TryRead("""{"arguments":[],"stdin":"aa"}"""u8.ToArray())!));
    }

    [Fact]
    public void Predicates_alone_are_read_in_order()
    {
        var read = DocumentText.Sound(Read(
            """
            schema: cto-harness/cases/v1
            tree: true
            predicates:
              - {absent: a}
              - {present: b}
              - {nowhere: {text: " x", files: "**"}}
              - {somewhere: {text: "1", files: c}}
              - {change_at_most: {files: 0, bytes: 1099511627776}}
            """));
        Assert.Equal(["no file at a", "a file at b", "\" x\" in no file of **", "\"1\" in a file of c", "at most 0 changed file(s) of 1099511627776 bytes"], read.Predicates.Select(one => one.Describe()));
        Assert.Equal((5, 0), (read.Expected, read.Draw("s").Length));
        Assert.IsType<CaseTarget.Tree>(read.Target);
    }

    [Theory]
    [InlineData("cases: []")]
    [InlineData("cases: {}")]
    [InlineData("")]
    public void A_file_without_a_case_is_a_problem(string cases) =>
        Assert.IsType<Parsed<CaseSet>.Refused>(Read($"schema: cto-harness/cases/v1\nfunction: {{file: f, name: n}}\n{cases}"));

    private const string Function = "schema: cto-harness/cases/v1\nfunction: {file: f, name: n}\ncases: [{name: a, arguments: [], expected: 1}]\n";

    private static System.Collections.Immutable.ImmutableArray<Problem> Refused(string text) => Assert.IsType<Parsed<CaseSet>.Refused>(Read(text)).Problems;

    private static Parsed<CaseSet> Read(string text) => CasesDocument.Read("verify/cases.yaml", DocumentText.Bytes(text));
}
