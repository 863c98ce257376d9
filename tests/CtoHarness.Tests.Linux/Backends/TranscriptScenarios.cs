using System.Collections.Immutable;
using static CtoHarness.Tests.Linux.Backends.Turns;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What the model did when the transcripts of Case were made, on a smaller workspace than the fixtures'.</summary>
internal static class TranscriptScenarios
{
    private const string Declared = "def slugify(text):\n    raise NotImplementedError\n";

    private static readonly Answer Read = CallTool("read", new { path = "strings.py" });

    private static readonly Answer Plan = Bash("true # no plan tool");

    private static readonly Answer EditRight = Edit("import re\n\n\ndef slugify(text):\n    return re.sub(r\"[^a-z0-9]+\", \"-\", text.lower()).strip(\"-\")\n");

    private static readonly Answer EditWrong = Edit("def slugify(text):\n    return text.lower().replace(\" \", \"_\")\n");

    private static readonly Answer Test = Bash("python3 -m unittest -v 2>&1 | tail -20");

    private static readonly Answer Commit = Bash("git add -A && git commit -q -m 'feat(strings): implement slugify' && git rev-parse HEAD");

    private static readonly Answer WriteTests = CallTool("write", new
    {
        path = "test_strings.py",
        content = "import unittest\n\n\nclass SlugifyTests(unittest.TestCase):\n    def test_nothing(self):\n        self.assertTrue(True)\n",
    });

    private static readonly Answer WriteOutside = Bash("echo escaped > ../escape-from-$(basename \"$PWD\").txt; echo rc=$?");

    /// <summary>The files of the workspace.</summary>
    public static ImmutableDictionary<string, string> Workspace { get; } = new Dictionary<string, string>
    {
        ["strings.py"] = Declared,
        ["test_strings.py"] = """
            import unittest
            from strings import slugify


            class SlugifyTests(unittest.TestCase):
                def test_lowercases_and_joins_with_dashes(self):
                    self.assertEqual(slugify("Hello World"), "hello-world")

                def test_strips_punctuation(self):
                    self.assertEqual(slugify("  Rock & Roll!  "), "rock-roll")

                def test_empty(self):
                    self.assertEqual(slugify(""), "")


            if __name__ == "__main__":
                unittest.main()

            """,
    }.ToImmutableDictionary();

    /// <summary>The scenarios, by the names of their transcripts.</summary>
    public static ImmutableDictionary<string, CaseScenario> All { get; } = new[]
    {
        new CaseScenario("ok", Read, Plan, EditRight, Test, Commit, CaseAnswers.Implemented()),
        new CaseScenario("no-edit", Read, Plan, CaseAnswers.Implemented()),
        new CaseScenario("bad-tests", Read, Plan, EditWrong, Test, Commit, CaseAnswers.Implemented()).With("VERIFIER", Test, CaseAnswers.Verified("fail")),
        new CaseScenario("edit-disallowed", Read, Plan, EditRight, WriteTests, WriteOutside, Test, Commit, CaseAnswers.Implemented()),
        new CaseScenario("no-result", Read, Plan, EditRight, Test, Commit, Say("Done.")),
        CaseScenario.Everywhere("refused", Say("I'm sorry, but I can't help with that request.", "content_filter")),
        CaseScenario.Everywhere("unauthorized", Status(401, "invalid key")),
        CaseScenario.Everywhere("model-missing", Status(404, "model not found")),
        CaseScenario.Everywhere("unavailable", Status(503, "overloaded")),
    }.ToImmutableDictionary(scenario => scenario.Name);

    private static Answer Edit(string now) => CallTool("edit", new { path = "strings.py", edits = new[] { new { oldText = Declared, newText = now } } });
}
