using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Verification;

/// <summary>What code under test may try with its answers, and what honest code may do.</summary>
[Trait("Mission", "M15")]
public sealed class AnswerTests
{
    private const string Cases = "harness/fixtures/r1-string-slugify/verify/cases.yaml";

    [Fact]
    public void The_right_work_gives_every_answer_and_each_is_on_record()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle().Expect("pass");
        var verification = bundle.Report["verification"]!;
        var expected = verification["expected"]!.GetValue<int>();
        Assert.True(expected > 50, $"{expected} answers");
        Assert.Equal(expected, verification["ran"]!.GetValue<int>());
        Assert.Equal(expected, verification["passed"]!.GetValue<int>());
        Assert.Equal(0, verification["failed"]!.GetValue<int>());
        var lines = Lines(bundle);
        Assert.Equal(expected, lines.Count);
        Assert.All(lines, line => Assert.True(JsonNode.DeepEquals(line["expected"], line["output"])));
        Assert.Contains(lines, line => line["source"]!.GetValue<string>() == "drawn");
    }

    [Fact]
    public void The_inputs_are_drawn_after_the_backend_has_ended_and_are_others_every_time()
    {
        using var root = new TempRoot();
        var first = root.Run().Run().Expect(0).Bundle();
        var names = first.EventNames.ToList();
        Assert.True(names.IndexOf("backend.ended") < names.IndexOf("cases.drawn") && names.IndexOf("cases.drawn") < names.IndexOf("verification.completed"));
        Assert.Equal(first.Report["verification"]!["seed"]!.GetValue<string>(), first.Events[names.IndexOf("cases.drawn")]["data"]!["seed"]!.GetValue<string>());
        var inputs = Inputs(first);
        Directory.Delete(root.Runs, recursive: true);
        var second = root.Run().Run().Expect(0).Bundle();
        Assert.NotEqual(first.Report["verification"]!["seed"]!.GetValue<string>(), second.Report["verification"]!["seed"]!.GetValue<string>());
        Assert.NotEqual(inputs, Inputs(second));
    }

    [Theory]
    [InlineData("def slugify(text, *, max_length=None):\n    slug = right(text, max_length=max_length)\n    return slug if slug != 'north' else slug.upper()\n", "limit-equals-first-word")]
    [InlineData("def slugify(text, *, max_length=None):\n    return text.encode()\n", "plain-words")]
    [InlineData("def slugify(text, *, max_length=None):\n    raise ValueError(text)\n", "plain-words")]
    [InlineData("def slugify(text, *, max_length=None):\n    return right(text, max_length=max_length) + '\\ud800'\n", "plain-words")]
    public void A_wrong_answer_fails_even_if_it_is_one_in_many(string code, string first)
    {
        using var root = new TempRoot();
        var bundle = Run(root, code).Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Contains("failed-tests", bundle.Codes);
        Assert.Contains($"not: {first}", bundle.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("    os.write(3, b'{\"case\":\"x\",\"value\":\"y\"}\\n')\n", "is no answer")]
    [InlineData("    os.write(3, b'\\xff\\xfe\\n' * 9)\n", "is no answer")]
    [InlineData("    os.write(3, b'x' * 200000 + b'\\n')\n", "too long")]
    [InlineData("    return ACHE\n", "too long")]
    [InlineData("    os._exit(0)\n", "ended without answering")]
    [InlineData("    os.kill(os.getpid(), 9)\n", "ended without answering")]
    [InlineData("    os.close(3)\n", "ended without answering")]
    [InlineData("    time.sleep(100)\n", "was not answered within 2 seconds")]
    [InlineData("    os.kill(os.getpid(), 19)\n", "was not answered within 2 seconds")]
    [InlineData("    threading.Timer(0.05, lambda: os.write(3, b'late\\n')).start()\n    time.sleep(0.01)\n", "case")]
    public void Code_that_meddles_with_its_driver_fails_and_leaves_nothing(string act, string why)
    {
        using var root = new TempRoot();
        root.Edit(Cases, "cases:", "limits: {seconds: 2, answer_bytes: 65536}\ncases:");
        var bundle = Run(root, $"import os, sys, threading, time\nACHE = [0] * 20000\ndef slugify(text, *, max_length=None):\n    if 'unittest' in sys.modules:\n        return right(text, max_length=max_length)\n{act}    return right(text, max_length=max_length)\n").Expect(1).Bundle();
        bundle.Expect("fail", "failed-tests");
        Assert.True(bundle.Report["tests_passed"]!.GetValue<bool>());
        Assert.Contains(why, bundle.Messages, StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    public void Honest_code_may_print_start_children_and_exit_in_threads_all_it_likes()
    {
        using var root = new TempRoot();
        var bundle = Run(root, """
            import atexit, os, subprocess, sys, threading, time
            atexit.register(lambda: print("at exit"))
            threading.Thread(target=lambda: time.sleep(60), daemon=False).start() if "unittest" not in sys.modules else None
            def slugify(text, *, max_length=None):
                print("called with", text.encode("ascii", "replace").decode())
                sys.stderr.write("to the log\n")
                os.write(1, b"raw to 1\n")
                subprocess.run(["sh", "-c", "echo from a child; echo also >&2; echo three >&3"], stderr=subprocess.STDOUT)
                return right(text, max_length=max_length)
            """).Expect(0).Bundle().Expect("pass");
        var log = bundle.Text("verification.log");
        foreach (var said in new[] { "called with", "to the log", "raw to 1", "from a child" })
        {
            Assert.Contains(said, log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flood_into_the_log_is_cut_and_counts_for_nothing()
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "output_bytes: 8388608", "output_bytes: 100000");
        var bundle = Run(root, "import os\ndef slugify(text, *, max_length=None):\n    os.write(1, b'x' * 65536)\n    return right(text, max_length=max_length)\n").Expect(0).Bundle().Expect("pass");
        Assert.Equal(100_000, new FileInfo(bundle.At("verification.log")).Length);
    }

    [Fact]
    public void A_child_that_goes_on_answering_after_the_driver_has_ended_answers_nothing()
    {
        using var root = new TempRoot();
        var bundle = Run(root, """
            import os, sys, time
            def slugify(text, *, max_length=None):
                if "unittest" in sys.modules:
                    return right(text, max_length=max_length)
                if os.fork():
                    os._exit(0)
                os.setsid()
                while True:
                    os.write(3, b'{"case":"0","value":"a"}\n')
                    time.sleep(0.01)
            """).Expect(1).Bundle();
        bundle.Expect("fail", "failed-tests");
        root.AssertNoScratch();
    }

    // "right" is the solution under another name, within the one allowed file.
    private static Finished Run(TempRoot root, string code) => root.Backend(
        $"sed 's/^def slugify/def right/' \"$1/strings.py\" > strings.py\ncat >> strings.py <<'PY'\n{code}\nPY\n").Run();

    private static List<JsonNode> Lines(Bundle bundle) => [.. File.ReadLines(bundle.At("verification.jsonl")).Skip(1).Select(line => JsonNode.Parse(line)!)];

    private static string Inputs(Bundle bundle) =>
        string.Join('\n', Lines(bundle).Where(line => line["source"]!.GetValue<string>() == "drawn").Select(line => line["input"]!.ToJsonString()));
}
