using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M15")]
public sealed class HostileRepositoryTests
{
    // Whoever runs git here with this configuration runs these programs; "$MARKS" is where they leave their marks.
    private const string Traps = """
        git init -q -b main . 2>/dev/null
        git config core.fsmonitor "touch $MARKS/fsmonitor; false"
        git config core.hooksPath .hooks
        git config filter.trap.clean "touch $MARKS/clean; cat"
        git config filter.trap.smudge "touch $MARKS/smudge; cat"
        git config diff.trap.command "touch $MARKS/extdiff"
        git config diff.trap.textconv "touch $MARKS/textconv; cat"
        git config core.sshCommand "touch $MARKS/ssh"
        git config core.pager "touch $MARKS/pager"
        git config alias.status "!touch $MARKS/alias"
        mkdir -p .git/hooks .hooks
        for hook in pre-commit post-checkout post-index-change reference-transaction fsmonitor-watchman; do
            printf '#!/bin/sh\ntouch %s/hook\n' "$MARKS" > .hooks/$hook
            chmod +x .hooks/$hook
            cp .hooks/$hook .git/hooks/
        done
        mkdir -p .git/info
        echo '* filter=trap diff=trap' > .git/info/attributes

        """;

    [Fact]
    public void Nothing_that_a_repository_names_is_run_by_the_harness()
    {
        using var root = new TempRoot();
        var marks = Directory.CreateDirectory(root.At("marks")).FullName;
        Tool.Run("/bin/chmod", "777", marks);
        var script = $"MARKS={marks}\nexport MARKS\nrm -rf .git\n{Traps}rm -rf .hooks.none\n{Scripts.RightWork}";
        var bundle = root.Backend(script).Run().Expect(1).Bundle();
        bundle.Expect("fail", "disallowed-file", "persistence-found");
        Assert.All(bundle.Report["disallowed_files"]!.AsArray(), one => Assert.StartsWith(".hooks/", one!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(marks));
    }

    [Fact]
    public void Control_git_as_anybody_types_it_runs_them()
    {
        using var root = new TempRoot();
        var workspace = root.At("harness/fixtures/r1-string-slugify/workspace");
        var marks = Directory.CreateDirectory(root.At("marks")).FullName;
        Tool.Run("/bin/sh", "-c", $"cd '{workspace}'\nMARKS={marks}\nexport MARKS\n{Traps}rm -f {marks}/*\necho more >> strings.py\ngit add -A; git diff --cached >/dev/null");
        Assert.Contains("clean", Directory.GetFiles(marks).Select(Path.GetFileName));
        Assert.Contains("fsmonitor", Directory.GetFiles(marks).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("git -c safe.directory='*' -c user.name=x -c user.email=x commit -qam done")]
    [InlineData("rm -rf .git")]
    [InlineData("rm -rf .git; ln -s /etc .git")]
    [InlineData("rm -rf .git; mkfifo .git")]
    [InlineData("rm -rf .git; echo 'gitdir: /etc' > .git")]
    [InlineData("rm -rf .git; git init -q .; git add -A; git -c user.name=x -c user.email=x commit -qm other")]
    [InlineData("echo garbage > .git/index; echo garbage > .git/HEAD")]
    [InlineData("git -c safe.directory='*' update-index --assume-unchanged strings.py")]
    [InlineData("echo strings.py > .gitignore; git -c safe.directory='*' rm -q --cached strings.py; rm .gitignore")]
    [InlineData("printf 'strings.py -diff\\n' > .git/info/attributes || mkdir -p .git/info && printf 'strings.py binary\\n' > .git/info/attributes")]
    public void Whatever_became_of_the_repository_the_change_is_judged_against_the_pinned_base(string act)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + act).Run().Expect(0).Bundle().Expect("pass");
        var workspace = root.At("harness/fixtures/r1-string-slugify/workspace");
        Tool.Run("git", "-C", workspace, "apply", "--whitespace=nowarn", bundle.At("patch.diff"));
        Assert.Equal(File.ReadAllText(root.At("harness/fixtures/r1-string-slugify/solution/strings.py")), File.ReadAllText(Path.Combine(workspace, "strings.py")));
    }

    [Fact]
    public void A_change_that_the_backend_committed_and_hid_from_git_is_still_found()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + """
            echo '*.txt' > .git/info/exclude || { mkdir -p .git/info; echo '*.txt' > .git/info/exclude; }
            : > hidden.txt
            git -c safe.directory='*' update-index --skip-worktree test_strings.py
            echo '#' >> test_strings.py
            git -c safe.directory='*' status --porcelain
            """).Run().Expect(1).Bundle().Expect("fail", "disallowed-file");
        Assert.DoesNotContain("hidden.txt", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.Equal(["hidden.txt", "test_strings.py"], bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
    }
}
