using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Observation;

[Trait("Mission", "M15")]
public sealed class PersistenceRulesTests
{
    [Theory]
    [InlineData("workspace/.git/hooks/pre-commit", "git-hook")]
    [InlineData("workspace/.git/modules/a/hooks/post-checkout", "git-hook")]
    [InlineData("workspace/.GIT/hooks/pre-commit", "git-hook")]
    [InlineData("workspace/inner/.git", "nested-repository")]
    [InlineData("workspace/a/b/git~1", "nested-repository")]
    [InlineData("workspace/.bashrc", "shell-startup")]
    [InlineData("workspace/a/.config/fish/conf.d/x.fish", "shell-startup")]
    [InlineData("workspace/sitecustomize.py", "autoload")]
    [InlineData("workspace/usercustomize.py", "autoload")]
    [InlineData("workspace/x.pth", "autoload")]
    [InlineData("workspace/tests/conftest.py", "autoload")]
    [InlineData("workspace/.npmrc", "autoload")]
    [InlineData("workspace/.envrc", "autoload")]
    [InlineData("workspace/.vscode/tasks.json", "autoload")]
    [InlineData("workspace/.husky/pre-commit", "autoload")]
    [InlineData("workspace/.config/systemd/user/a.service", "service")]
    [InlineData("workspace/.config/autostart/a.desktop", "service")]
    [InlineData("workspace/.ssh/authorized_keys", "ssh")]
    public void What_lies_in_the_workspace_and_acts_on_its_own_is_a_breach(string path, string kind)
    {
        var left = Of(path, executes: true);
        Assert.Equal((kind, path, true), (left?.Kind, left?.Path, left?.IsBreach));
    }

    [Theory]
    [InlineData("home/.bashrc", "shell-startup")]
    [InlineData("home/.zshenv", "shell-startup")]
    [InlineData("home/.config/fish/config.fish", "shell-startup")]
    [InlineData("home/.local/lib/python3.11/site-packages/usercustomize.py", "autoload")]
    [InlineData("home/.local/bin/python3", "program-in-path")]
    [InlineData("home/bin/git", "program-in-path")]
    [InlineData("home/.config/systemd/user/a.timer", "service")]
    [InlineData("home/.ssh/config", "ssh")]
    [InlineData("tmp/clone/.git", "nested-repository")]
    [InlineData("tmp/clone/.git/hooks/pre-push", "git-hook")]
    [InlineData("workspace/node_modules/a/.npmrc", "autoload")]
    [InlineData("workspace/.venv/lib/python3.11/site-packages/a.pth", "autoload")]
    public void What_is_thrown_away_or_lies_among_packages_is_noted(string path, string kind)
    {
        var left = Of(path, executes: true);
        Assert.Equal((kind, false), (left?.Kind, left?.IsBreach));
    }

    [Theory]
    [InlineData("workspace/.git/hooks/pre-commit.sample")]
    [InlineData("workspace/.git/COMMIT_EDITMSG")]
    [InlineData("workspace/.git/index")]
    [InlineData("workspace/.git/logs/HEAD")]
    [InlineData("workspace/.git/refs/heads/main")]
    [InlineData("workspace/.git/objects/aa/bb")]
    [InlineData("workspace/strings.py")]
    [InlineData("workspace/__pycache__/strings.cpython-311.pyc")]
    [InlineData("workspace/node_modules/.cache/a")]
    [InlineData("workspace/hooks/pre-commit")]
    [InlineData("home/.npm/_cacache/index")]
    [InlineData("home/.config/agent/settings.json")]
    [InlineData("home/.config/git")]
    public void What_ordinary_work_leaves_is_nothing(string path) => Assert.Null(Of(path, executes: true));

    [Fact]
    public void A_hook_that_nobody_may_execute_is_none_and_a_link_in_its_place_is_one()
    {
        Assert.Null(Of("workspace/.git/hooks/pre-commit"));
        Assert.Equal("git-hook", Of("workspace/.git/hooks/pre-commit", LeftKind.Link)?.Kind);
        Assert.Equal("git-hook", Of("workspace/.git/hooks", LeftKind.Link)?.Kind);
        Assert.Equal(("git-config", true), (Of("workspace/.git/config", LeftKind.Link)?.Kind, Of("workspace/.git/config", LeftKind.Link)?.IsBreach));
    }

    [Theory]
    [InlineData("home/a")]
    [InlineData("tmp/a")]
    [InlineData("workspace/a")]
    public void Rights_of_somebody_else_are_a_breach_wherever_they_lie(string path)
    {
        Assert.True(PersistenceRules.Of(new LeftEntry(Sample.At(path), LeftKind.File, true, true, false)) is { Kind: "setuid", IsBreach: true });
        Assert.True(PersistenceRules.Of(new LeftEntry(Sample.At(path), LeftKind.File, true, false, true)) is { Kind: "capabilities", IsBreach: true });
        Assert.True(Of(path, LeftKind.Special) is { Kind: "special-file", IsBreach: false });
    }

    [Fact]
    public void The_workspaces_own_repository_is_none_that_is_nested_and_one_elsewhere_is_noted()
    {
        Assert.Null(Of("workspace/.git", LeftKind.Folder));
        Assert.True(Of("workspace/.git", LeftKind.Link) is { Kind: "git-elsewhere", IsBreach: false });
        Assert.True(Of("workspace/.git") is { Kind: "git-elsewhere", IsBreach: false });
    }

    [Theory]
    [InlineData("[core]\n\thooksPath = .hooks\n", "core.hookspath")]
    [InlineData("[core] fsmonitor = touch x\n", "core.fsmonitor")]
    [InlineData("[CORE]\nSSHCommand=x", "core.sshcommand")]
    [InlineData("[filter \"a]b\"]\n\tclean = cat x\n", "filter.*.clean")]
    [InlineData("[filter.a]\nsmudge = x\n", "filter.*.smudge")]
    [InlineData("[diff \"a\"]\ntextconv = x\n", "diff.*.textconv")]
    [InlineData("[diff]\nexternal = x\n", "diff.external")]
    [InlineData("[alias]\nst = !touch x\n", "alias.st")]
    [InlineData("[alias]\nst = \"!touch x\"\n", "alias.st")]
    [InlineData("[include]\npath = ../x\n", "include.path")]
    [InlineData("[includeIf \"gitdir:/\"]\npath = ../x\n", "includeif.*.path")]
    [InlineData("[credential \"https://a\"]\nhelper = !x\n", "credential.*.helper")]
    [InlineData("[core]\npager = evil\n", "core.pager")]
    [InlineData("[core]\ned\\\nitor = evil\n", "core.editor")]
    [InlineData("[user]\nname = x\n[core]\n# editor = x\neditor = evil # vi\n", "core.editor")]
    public void A_setting_that_starts_a_program_or_leads_elsewhere_is_found(string text, string key) =>
        Assert.Equal(key, Assert.Single(GitConfigText.Acting(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n")]
    [InlineData("[user]\n\tname = x\n\temail = x@example.org\n[safe]\n\tdirectory = *\n")]
    [InlineData("[core]\nfsmonitor = true\npager = cat\neditor = true\n")]
    [InlineData("[alias]\nst = status\n")]
    [InlineData("[core]\n# hooksPath = x\n;hooksPath = x\n")]
    [InlineData("0123456789abcdef0123456789abcdef01234567\n")]
    [InlineData("")]
    public void A_configuration_that_only_says_things_is_nothing(string text) =>
        Assert.Empty(GitConfigText.Acting(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_filter_in_attributes_is_found_and_other_attributes_are_not()
    {
        Assert.True(GitConfigText.NamesFilter("*.txt text\n* -text filter=evil\n"u8));
        Assert.False(GitConfigText.NamesFilter("*.txt text -filter\n# * filter=evil\n"u8));
    }

    [Fact]
    public void A_breach_fails_the_run_with_its_kind_and_path_and_a_note_changes_nothing()
    {
        var hook = new Leftover("git-hook", "workspace/.git/hooks/pre-commit", "a program that git starts on its own", true);
        var verdict = Judge.Decide(Sample.FakeRun with { Persistence = new PersistenceScan([hook], 1, "") });
        Assert.Equal(RunStatus.Fail, verdict.Status);
        Assert.Equal(BlockerCode.PersistenceFound, Assert.Single(verdict.Blockers).Code);
        Assert.Contains("git-hook workspace/.git/hooks/pre-commit", verdict.Summary, StringComparison.Ordinal);
        var noted = Judge.Decide(Sample.FakeRun with { Persistence = new PersistenceScan([hook with { IsBreach = false }], 1, "") });
        Assert.Equal(RunStatus.Pass, noted.Status);
        Assert.Contains(noted.Findings, finding => finding.Code == "leftover");
    }

    [Fact]
    public void A_search_that_was_not_made_or_not_ended_is_no_pass()
    {
        Assert.Equal(BlockerCode.EvidenceIncomplete, Assert.Single(Judge.Decide(Sample.FakeRun with { Persistence = null }).Blockers).Code);
        Assert.Equal(BlockerCode.BudgetExceeded, Assert.Single(Judge.Decide(Sample.FakeRun with { Persistence = new PersistenceScan([], 0, "it has too many entries") }).Blockers).Code);
    }

    [Fact]
    public void A_backend_that_was_stopped_at_a_limit_fails_by_that_limit_once()
    {
        var stopped = Sample.Backend with { Program = Sample.Ended with { End = CtoHarness.Core.Runs.EndKind.OverLimit, ExitCode = null } };
        var refused = new CtoHarness.Core.Runs.WorkspaceOutcome(null, "its files have more than 5 bytes", CtoHarness.Core.Contracts.Digest.Of([]), null);
        var verdict = Judge.Decide(Sample.FakeRun with { Backend = stopped, Workspace = refused, LimitPassed = "its folders take up 9 bytes" });
        Assert.Equal(RunStatus.Fail, verdict.Status);
        Assert.Single(verdict.Blockers, blocker => blocker.Code == BlockerCode.BudgetExceeded);
        Assert.Contains("take up 9 bytes", verdict.Summary, StringComparison.Ordinal);
    }

    private static Leftover? Of(string path, LeftKind kind = LeftKind.File, bool executes = false) =>
        PersistenceRules.Of(new LeftEntry(Sample.At(path), kind, executes, false, false));
}
