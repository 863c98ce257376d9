using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

/// <summary>Every kind of change, one by one: it is found, it is in the patch, and the patch gives the judged tree.</summary>
[Trait("Mission", "M15")]
public sealed class ChangeSetTests
{
    [Theory]
    [InlineData("echo x >> README.md", "modified file", "README.md")]
    [InlineData("rm README.md", "deleted file", "README.md")]
    [InlineData("echo x > new", "added file", "new")]
    [InlineData(": > new", "added file", "new")]
    [InlineData(": > README.md", "modified file", "README.md")]
    [InlineData("printf '\\000\\377\\000' > new", "added file", "new")]
    [InlineData("printf '\\000\\377\\000' >> README.md", "modified file", "README.md")]
    [InlineData("printf x > new", "added file", "new")]
    [InlineData("sed -i 's/$/\\r/' README.md", "modified file", "README.md")]
    [InlineData("echo x > new; chmod +x new", "added executable file", "new")]
    [InlineData("chmod +x README.md", "file became executable file", "README.md")]
    [InlineData("ln -s README.md new", "added link", "new")]
    [InlineData("ln -s /etc/passwd new", "added link", "new")]
    [InlineData("rm README.md; ln -s strings.py README.md", "file became link", "README.md")]
    [InlineData("ln README.md new", "added file", "new")]
    [InlineData("mv README.md docs.md", "renamed from `README.md`", "README.md", "docs.md")]
    [InlineData("mv README.md readme.md", "renamed from `README.md`", "README.md", "readme.md")]
    [InlineData("mv README.md README; mkdir README.md; mv README README.md/README", "renamed from `README.md`", "README.md", "README.md/README")]
    [InlineData("mkdir -p a/b/c; echo x > a/b/c/new", "added file", "a/b/c/new")]
    [InlineData("echo x > \"$(printf 'a\\nb\\033\\377')\"", "added file", "\"a\\nb\\033\\377\"")]
    [InlineData("echo '* text eol=crlf ident' > .gitattributes; echo '$Id$' > new", "added file", ".gitattributes", "new")]
    [InlineData("echo '*' > .gitignore; echo x > new", "added file", ".gitignore", "new")]
    [InlineData("echo '*' > .git/info/exclude; echo x > new", "added file", "new")]
    public void Each_kind_of_change_is_found_and_its_patch_gives_the_judged_tree(string change, string what, params string[] paths)
    {
        using var root = new TempRoot();
        var bundle = root.Backend($"mkdir -p .git/info\n{Scripts.RightWork}{change}").Run().Expect(1).Bundle().Expect("fail", "disallowed-file");
        Assert.Equal(paths, bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal([.. paths.Append("strings.py").Order(StringComparer.Ordinal)], bundle.Report["changed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Contains($"| {what} | **no** |", bundle.Text("report.md"), StringComparison.Ordinal);
        Assert.DoesNotContain("root:x:0:0", bundle.Text("patch.diff"), StringComparison.Ordinal);
        var named = TreeDigest.AssertPatchGivesIt(root, bundle);
        Assert.Equal(named["tree"]!.GetValue<string>(), named["judged_tree"]!.GetValue<string>());
    }

    [Fact]
    public void The_right_work_alone_gives_the_tree_that_was_found()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork).Run().Expect(0).Bundle().Expect("pass");
        var named = TreeDigest.AssertPatchGivesIt(root, bundle);
        Assert.Equal(named["tree"]!.GetValue<string>(), named["judged_tree"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("mkdir __pycache__; echo x > __pycache__/y", 0)]
    [InlineData("mkfifo pipe", 1)]
    [InlineData("rm README.md; mkfifo README.md", 1)]
    [InlineData("mkdir inner; git init -q inner; echo x > inner/file", 1)]
    public void What_is_in_no_patch_is_in_the_tree_that_was_found_and_not_in_the_one_that_was_judged(string change, int exit)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + change).Run().Expect(exit).Bundle();
        var named = TreeDigest.AssertPatchGivesIt(root, bundle);
        Assert.NotEqual(named["tree"]!.GetValue<string>(), named["judged_tree"]!.GetValue<string>());
    }

    [Fact]
    public void A_backend_that_does_nothing_leaves_an_empty_patch_and_the_base()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(":").Run().Expect(1).Bundle();
        Assert.Empty(bundle.Text("patch.diff"));
        var named = TreeDigest.AssertPatchGivesIt(root, bundle);
        Assert.Equal(named["tree"]!.GetValue<string>(), named["judged_tree"]!.GetValue<string>());
    }

    [Fact]
    public void A_hard_link_to_the_machine_outside_cannot_be_made()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "ln /etc/passwd new; echo \"ln: $?\"; ln /bin/true new2; echo \"ln: $?\"").Run().Expect(0).Bundle().Expect("pass");
        Assert.Equal("ln: 1\nln: 1\n", bundle.Text("backend/stdout.log"));
    }

    [RootFact]
    public void Control_outside_the_sandbox_it_is_made()
    {
        using var root = new TempRoot();
        root.Write("theirs", "secret");
        Tool.Run("ln", root.At("theirs"), root.At("home/new"));
        Assert.Equal("secret", File.ReadAllText(root.At("home/new")));
    }

    [Fact]
    public void A_name_that_patches_use_for_nothing_stays_a_name()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "mkdir -p dev a b; echo x > dev/null; echo y > a/README.md; echo z > 'b/a => b'").Run().Expect(1).Bundle();
        Assert.Equal(["a/README.md", "b/a => b", "dev/null"], bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        TreeDigest.AssertPatchGivesIt(root, bundle);
    }
}
