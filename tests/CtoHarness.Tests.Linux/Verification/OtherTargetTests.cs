using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Verification;

/// <summary>Fixtures whose task is a command, or no function at all.</summary>
[Trait("Mission", "M15")]
public sealed class OtherTargetTests
{
    private const string Right = """
        import sys
        lines = sys.stdin.read().splitlines()
        if "-n" in sys.argv:
            print(len(lines))
        else:
            for line in reversed(lines):
                print(line)
        sys.exit(0 if lines else 3)
        """;

    private const string CommandCases = """
        schema: cto-harness/cases/v1
        command: [python3, turn.py]
        limits: {seconds: 2, answer_bytes: 4096}
        cases:
          - {name: two-lines, stdin: "a\nb\n", expected: {stdout: "b\na\n", exit_code: 0}}
          - {name: count, arguments: ["-n"], stdin: "a\nb\n", expected: {stdout: "2\n", exit_code: 0}}
          - {name: nothing, expected: {stdout: "", exit_code: 3}}
        generator:
          count: 6
          arguments: [{one_of: [{value: "-n"}, {value: "--"}]}]
          stdin: {text: {pieces: [a, b, "\n", "é"], min: 0, max: 12}}

        """;

    private const string TreeCases = """
        schema: cto-harness/cases/v1
        tree: true
        predicates:
          - {absent: old.py}
          - {present: new.py}
          - {nowhere: {text: old_name, files: "**"}}
          - {somewhere: {text: new_name, files: "*.py"}}
          - {change_at_most: {files: 3, bytes: 100}}

        """;

    [Fact]
    public void A_command_is_asked_with_arguments_and_standard_input_and_answers_with_output_and_exit_code()
    {
        using var root = new TempRoot();
        var bundle = Command(root, Right).Run().Expect(0).Bundle().Expect("pass");
        Assert.Equal(9, bundle.Report["verification"]!["passed"]!.GetValue<int>());
        Assert.Equal(["python3", "turn.py"], bundle.Report["verification"]!["command"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal(["command", "python3", "turn.py"], System.Text.Json.Nodes.JsonNode.Parse(bundle.Text("contract.json"))!["verification"]!["target"]!.AsArray().Select(one => one!.GetValue<string>()));
        Schemas.Assert(root, "contract.v1.json", File.ReadAllBytes(bundle.At("contract.json")));
    }

    [Theory]
    [InlineData("sys.exit(0 if lines else 3)", "sys.exit(0)", "not: nothing")]
    [InlineData("print(line)", "print(line, end=' ')", "not: two-lines")]
    [InlineData("import sys", "import sys, time\ntime.sleep(60)", "did not end in time")]
    [InlineData("import sys", "import sys\nsys.stdout.write('x' * 100000)", "it printed too much")]
    [InlineData("import sys", "import os, sys\nos.kill(os.getpid(), 9)", "not: two-lines")]
    [InlineData("import sys", "import sys\nopen('left', 'w')", "not: two-lines")]
    public void A_command_that_does_otherwise_fails(string old, string now, string why)
    {
        using var root = new TempRoot();
        var bundle = Command(root, Right.Replace(old, now, StringComparison.Ordinal)).Run().Expect(1).Bundle().Expect("fail", "failed-tests");
        Assert.Contains(why, bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_is_not_installed_is_blocked_before_the_start()
    {
        using var root = new TempRoot();
        var command = Command(root, Right);
        root.Edit("harness/fixtures/t-command/verify/cases.yaml", "[python3, turn.py]", "[no-such-program]");
        Assert.Contains("no-such-program", command.Run().Expect(3).Bundle().Expect("blocked", "fixture-invalid").Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rm old.py; echo new_name > new.py", 0, "")]
    [InlineData("echo new_name > new.py", 1, "not: predicate-1, predicate-3")]
    [InlineData("rm old.py; echo other > new.py", 1, "not: predicate-4")]
    [InlineData("rm old.py; (echo new_name; head -c 200 /dev/zero) > new.py", 1, "not: predicate-5")]
    [InlineData("mv old.py new.py; echo new_name >> new.py", 1, "not: predicate-3")]
    public void A_task_that_is_no_function_is_judged_by_its_tree(string work, int exit, string why)
    {
        using var root = new TempRoot();
        Fixture(root, "t-tree", "[old.py, new.py]", TreeCases, """
            - {name: touched, title: Only touches, breach: failed-tests, files: {new.py: "x"}}
            """, "touched");
        root.Edit("harness/fixtures/t-tree/fixture.yaml", "test_command:", "deleted_files: [old.py]\ntest_command:");
        root.Write("harness/fixtures/t-tree/workspace/old.py", "old_name\n");
        root.Write("harness/fixtures/t-tree/solution/new.py", "new_name\n");
        var bundle = Pinned(root, "t-tree", work).Run().Expect(exit).Bundle();
        Assert.Contains(why, bundle.Messages, StringComparison.Ordinal);
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
    }

    private static HarnessCommand Command(TempRoot root, string code)
    {
        Fixture(root, "t-command", "[turn.py]", CommandCases, """
            - {name: constant, title: Says the same always, breach: failed-tests, files: {turn.py: "print('b')"}}
            """, "constant");
        root.Write("harness/fixtures/t-command/workspace/turn.py", "raise SystemExit(9)\n");
        root.Write("harness/fixtures/t-command/solution/turn.py", Right);
        return Pinned(root, "t-command", $"cat > turn.py <<'PY'\n{code}\nPY\n");
    }

    private static void Fixture(TempRoot root, string name, string allowed, string cases, string cheat, string control)
    {
        root.Write($"harness/fixtures/{name}/fixture.yaml", $"schema: cto-harness/fixture/v1\nid: {name}\ntitle: A test\nlanguage: python\nbase: \"{new string('0', 40)}\"\nallowed_files: {allowed}\ntest_command: [\"true\"]\n");
        root.Write($"harness/fixtures/{name}/instruction.md", "Do it.\n");
        root.Write($"harness/fixtures/{name}/verify/cases.yaml", cases);
        root.Write($"harness/fixtures/{name}/verify/cheats.yaml", $"schema: cto-harness/cheats/v1\ncontrol: {control}\ncheats:\n  {cheat.Trim()}\n");
    }

    // The base's id is what the check names.
    private static HarnessCommand Pinned(TempRoot root, string name, string work)
    {
        var found = root.Command("run", name, "--harness-root", root.Harness).Run().Expect(3).Bundle().Messages;
        Directory.Delete(root.Runs, recursive: true);
        var commit = System.Text.RegularExpressions.Regex.Match(found, "workspace/ gives ([0-9a-f]{40})").Groups[1].Value;
        root.Edit($"harness/fixtures/{name}/fixture.yaml", new string('0', 40), commit);
        root.Write("harness/engines/fake/engine.sh", work);
        return root.Command("run", name, "--harness-root", root.Harness);
    }
}
