using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

/// <summary>Changes that git in the workspace does not tell of: each run shows first that git is fooled, then that the harness is not.</summary>
[Trait("Mission", "M15")]
public sealed class FooledGitTests
{
    private const string Start = """
        git config --global safe.directory '*'; git config --global user.name x; git config --global user.email x@x
        mkdir -p .git/info

        """;

    // The change of README.md and the new file must be in neither; that git works at all is shown by the last line.
    private const string AskGit = """

        echo '== git'
        git diff HEAD 2>&1 | grep -a -e README -e 'new' -e hidden
        git status --porcelain 2>&1 | grep -a -e README -e 'new' -e hidden
        echo "== $(git log --oneline | wc -l)"

        """;

    [Theory]
    [InlineData("committed", "echo x >> README.md; echo x > new; git add -A; git commit -qm done")]
    [InlineData("the base amended", "echo x >> README.md; echo x > new; git add -A; git commit -q --amend -m base")]
    [InlineData("HEAD moved", "git checkout -q -b other; echo x >> README.md; echo x > new; git add -A; git commit -qm done")]
    [InlineData("HEAD detached from a root of its own", "echo x >> README.md; echo x > new; git add -A; git checkout -q \"$(git commit-tree -m x \"$(git write-tree)\")\"")]
    [InlineData("the base deleted", "echo x >> README.md; echo x > new; rm -rf .git; git init -q; git add -A; git commit -qm base")]
    [InlineData("another .git", "echo x >> README.md; echo x > new; rm -rf .git; git init -q ../other; mv ../other/.git ../elsewhere; git --git-dir ../elsewhere config core.bare false; echo \"gitdir: $PWD/../elsewhere\" > .git; git add -A; git commit -qm base")]
    [InlineData("replaced objects", "echo x >> README.md; echo x > new; git add -A; git replace HEAD \"$(git commit-tree -m x \"$(git write-tree)\")\"")]
    [InlineData("assumed unchanged", "git update-index --assume-unchanged README.md; echo x >> README.md; echo new > .git/info/exclude; echo x > new")]
    [InlineData("skipped", "git update-index --skip-worktree README.md; echo x >> README.md; echo new > .git/info/exclude; echo x > new")]
    [InlineData("a filter", "echo 'README.md filter=hide' > .git/info/attributes; git config filter.hide.clean 'git cat-file blob HEAD:README.md'; echo x >> README.md; touch README.md; echo new > .git/info/exclude; echo x > new; git add README.md")]
    [InlineData("modes passed over", "git config core.fileMode false; chmod +x README.md; echo new > .git/info/exclude; echo x > new")]
    [InlineData("another worktree", "cp -R . ../copy; rm -rf ../copy/.git; echo x >> README.md; echo x > new; git config core.worktree \"$PWD/../copy\"")]
    [InlineData("the same size and time", "git config core.checkStat minimal; git config core.trustctime false; touch -d '2001-01-01' README.md; git update-index --refresh; sed -i 's/^./X/' README.md; touch -d '2001-01-01' README.md; echo new > .git/info/exclude; echo x > new")]
    public void A_change_that_git_in_the_workspace_does_not_tell_of_is_found(string how, string hide)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Start + Scripts.RightWork + hide + AskGit).Run().Expect(1).Bundle();
        Assert.Equal(("fail", "disallowed-file"), (bundle.Status, bundle.Codes[0]));
        Assert.Matches("== git\n== [1-9]\n$", bundle.Text("backend/stdout.log"));
        Assert.True(bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()).SequenceEqual(["README.md", "new"]), how);
        TreeDigest.AssertPatchGivesIt(root, bundle);
    }

    [Fact]
    public void Control_without_any_of_it_git_tells()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Start + Scripts.RightWork + "echo x >> README.md; echo x > new" + AskGit).Run().Expect(1).Bundle();
        Assert.Contains("+++ b/README.md\n", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.Contains("?? new\n", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_a_repository_converts_for_show_is_compared_as_it_is()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Start + Scripts.RightWork + """
            echo 'README.md diff=show' > .git/info/attributes
            git config diff.show.textconv 'echo the same; :'
            echo x >> README.md
            echo '== git'
            git diff HEAD -- README.md | grep -a -e '^[+-]'
            echo ==
            """).Run().Expect(1).Bundle().Expect("fail", "disallowed-file", "persistence-found");
        Assert.EndsWith("== git\n==\n", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.Contains("+x\n", bundle.Text("patch.diff"), StringComparison.Ordinal);
        TreeDigest.AssertPatchGivesIt(root, bundle);
    }

    [Fact]
    public void A_nested_repository_hides_its_files_from_git_but_not_from_the_harness()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Start + Scripts.RightWork + """
            git init -q inner; echo x > inner/hidden; git -C inner add -A; git -C inner commit -qm x
            git add -A 2>/dev/null; git commit -qm x
            echo y >> inner/hidden
            git config diff.ignoreSubmodules all
            """ + AskGit).Run().Expect(1).Bundle();
        Assert.Matches("== git\n== [1-9]\n$", bundle.Text("backend/stdout.log"));
        var names = bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()).ToList();
        Assert.Contains("inner/hidden", names);
        Assert.Contains("inner/.git/HEAD", names);
        Assert.Contains("b/inner/hidden", bundle.Text("patch.diff"), StringComparison.Ordinal);
        Assert.DoesNotContain("inner/.git", bundle.Text("patch.diff"), StringComparison.Ordinal);
        TreeDigest.AssertPatchGivesIt(root, bundle);
    }
}
