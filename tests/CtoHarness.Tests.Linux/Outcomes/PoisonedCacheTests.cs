using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M15")]
public sealed class PoisonedCacheTests
{
    // Compiles test modules without a test into the cache, marked as never to be checked against their source.
    private const string Poison = """
        printf 'import unittest\n' > /tmp/test_strings.py
        python3 -c 'import py_compile; py_compile.compile("/tmp/test_strings.py", "__pycache__/test_strings.cpython-3%d.pyc" % __import__("sys").version_info[1], "test_strings.py", True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)'

        """;

    [Fact]
    public void A_compiled_test_module_in_the_ignored_cache_does_not_reach_the_judge()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.WrongWork + Poison).Run().Expect(1).Bundle().Expect("fail", "failed-tests", "failed-tests");
        Assert.Contains("Ran 11 tests", bundle.Text("test.log"), StringComparison.Ordinal);
        Assert.Contains("ignored-files", bundle.Findings);
    }

    [Fact]
    public void Control_it_fools_whoever_runs_the_tests_where_the_backend_worked()
    {
        using var root = new TempRoot();
        var workspace = root.At("harness/fixtures/r1-string-slugify/workspace");
        var said = Tool.Try("/bin/sh", "-c", $"cd '{workspace}'\n{Scripts.WrongWork}{Poison.Replace("/tmp/", root.At("tmp/"), StringComparison.Ordinal)}python3 -m unittest discover -s . -p 'test_*.py'").Text;
        Assert.Contains("Ran 0 tests", said, StringComparison.Ordinal);
    }
}
