using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M15")]
public sealed class ChangeTests
{
    [Fact]
    [Trait("Mission", "M17")]
    public void A_backend_that_does_nothing_and_reports_success_fails()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("echo '{\"type\":\"finished\",\"tests_passed\":true}'").Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Equal("no-diff", bundle.Codes[0]);
        Assert.Equal("backend", bundle.Report["fault"]!.GetValue<string>());
        Assert.Null(bundle.Report["tests_passed"]);
        Assert.Empty(bundle.Text("patch.diff"));
        Assert.Contains("\"tests_passed\":true", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M17")]
    public void A_right_change_with_one_file_too_many_fails()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "echo '# better' >> README.md; : > new.txt; rm test_strings.py").Run().Expect(1).Bundle();
        bundle.Expect("fail", "disallowed-file");
        Assert.Equal(["README.md", "new.txt", "test_strings.py"], bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal(["README.md", "new.txt", "strings.py", "test_strings.py"], bundle.Report["changed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.True(bundle.Report["tests_passed"]!.GetValue<bool>());
    }

    [Fact]
    [Trait("Mission", "M17")]
    public void A_wrong_implementation_fails_by_its_tests()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.WrongWork).Run().Expect(1).Bundle().Expect("fail", "failed-tests", "failed-tests");
        Assert.False(bundle.Report["tests_passed"]!.GetValue<bool>());
        Assert.Contains("FAILED (failures=", bundle.Text("test.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void Weaker_tests_help_nobody()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.WrongWork + Scripts.WeakerTests).Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Equal(["disallowed-file", "failed-tests", "failed-tests"], bundle.Codes);
        Assert.Contains("Ran 11 tests", bundle.Text("test.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void Weaker_tests_alone_are_no_change_at_all()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.WeakerTests).Run().Expect(1).Bundle();
        Assert.Contains("no-diff", bundle.Codes);
        Assert.Contains("disallowed-file", bundle.Codes);
    }

    [Fact]
    public void Control_a_judge_that_runs_the_tests_where_the_backend_worked_believes_it()
    {
        using var root = new TempRoot();
        var workspace = root.At("harness/fixtures/r1-string-slugify/workspace");
        Tool.Run("/bin/sh", "-c", $"cd '{workspace}'\n{Scripts.WrongWork}{Scripts.WeakerTests}python3 -m unittest discover -s . -p 'test_*.py'");
    }

    [Fact]
    public void Control_the_same_judge_refuses_the_wrong_work_alone()
    {
        using var root = new TempRoot();
        var workspace = root.At("harness/fixtures/r1-string-slugify/workspace");
        Assert.NotEqual(0, Tool.Try("/bin/sh", "-c", $"cd '{workspace}'\n{Scripts.WrongWork}python3 -m unittest discover -s . -p 'test_*.py'").Exit);
    }

    [Fact]
    public void By_products_are_noted_and_laid_over_nothing()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "python3 -c 'import strings'; : > __pycache__/more; mkdir -p a/__pycache__; : > a/__pycache__/b").Run().Expect(0).Bundle();
        bundle.Expect("pass");
        Assert.Contains("ignored-files", bundle.Findings);
        Assert.Equal(["strings.py"], bundle.Report["changed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.DoesNotContain("pycache", bundle.Text("patch.diff"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_mode_of_an_allowed_file_is_in_the_patch_and_that_of_another_is_not_allowed()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "chmod +x strings.py").Run().Expect(0).Bundle().Expect("pass");
        Assert.Contains("new mode 100755", bundle.Text("patch.diff"), StringComparison.Ordinal);
        Directory.Delete(root.Runs, recursive: true);
        root.Backend(Scripts.RightWork + "chmod +x test_strings.py").Run().Expect(1).Bundle().Expect("fail", "disallowed-file");
    }

    [Fact]
    public void A_deleted_allowed_file_is_a_change_and_its_tests_fail()
    {
        using var root = new TempRoot();
        root.Backend("rm strings.py").Run().Expect(1).Bundle().Expect("fail", "failed-tests", "failed-tests");
    }
}
