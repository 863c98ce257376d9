using CtoHarness.Core.Contracts;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Workspaces;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Observation;

/// <summary>The search itself, on folders as somebody hostile could leave them.</summary>
[Trait("Mission", "M15")]
public sealed class PersistenceScannerTests : IDisposable
{
    private readonly TempRoot _root = new();

    [Theory]
    [InlineData("printf '#!/bin/sh\\n' > workspace/.git/hooks/pre-push; chmod +x workspace/.git/hooks/pre-push", "git-hook", true)]
    [InlineData("git -C workspace config core.hooksPath hooks", "git-config", true)]
    [InlineData("git -C workspace config diff.x.textconv 'touch y; cat'", "git-config", true)]
    [InlineData("rm workspace/.git/config; ln -s /etc/passwd workspace/.git/config", "git-config", true)]
    [InlineData("head -c 1000000 /dev/zero > workspace/.git/config", "git-config", true)]
    [InlineData("git init -q workspace/inner", "nested-repository", true)]
    [InlineData("git init -q --bare workspace/inner", "nested-repository", true)]
    [InlineData("echo '* filter=x' > workspace/.gitattributes", "git-attributes", true)]
    [InlineData("cp /bin/true home/helper; chmod u+s home/helper", "setuid", true)]
    [InlineData("mkfifo workspace/pipe", "special-file", false)]
    [InlineData("mkdir -p home/.config/git; printf '[core]\\nsshCommand = x\\n' > home/.config/git/config", "git-config", false)]
    [InlineData("printf '[alias]\\nst = !x\\n' > home/.gitconfig", "git-config", false)]
    [InlineData("git init -q tmp/clone", "nested-repository", false)]
    public void What_would_act_later_is_found_in_its_place(string act, string kind, bool breach)
    {
        var found = Scan(act).Found;
        Assert.True(found.Any(one => one.Kind == kind && one.IsBreach == breach), string.Join("; ", found));
        Assert.Equal(breach, found.Any(one => one.IsBreach));
    }

    [Theory]
    [InlineData(":")]
    [InlineData("cd workspace; git config user.name x; git config user.email x@x; echo y >> strings.py; git add -A; git commit -qm done; git branch other; git gc -q")]
    [InlineData("mkdir -p workspace/__pycache__ workspace/node_modules/.cache home/.npm; : > workspace/__pycache__/a.pyc; : > workspace/node_modules/.cache/a; : > home/.npm/b")]
    [InlineData("mkdir -p home/.config/agent; echo '{}' > home/.config/agent/settings.json; ln -s /etc tmp/link")]
    public void What_ordinary_work_leaves_is_not(string act)
    {
        var scan = Scan(act);
        Assert.True(scan is { Found.IsEmpty: true, Total: 0, Refusal: "" }, string.Join("; ", scan.Found));
    }

    [Fact]
    public void What_was_there_before_is_no_leftover_until_it_is_changed()
    {
        Assert.Empty(Scan("echo 'import pytest' > workspace/conftest.py", given: true).Found);
        Assert.True(Assert.Single(Scan("echo evil >> workspace/conftest.py").Found) is { Kind: "autoload", IsBreach: true });
    }

    [RootFact]
    public void A_file_that_carries_capabilities_is_found()
    {
        var scan = Scan("""cp /bin/true home/helper; python3 -c 'import os, struct; os.setxattr("home/helper", "security.capability", struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0))'""");
        Assert.Contains(scan.Found, one => one is { Kind: "capabilities", IsBreach: true });
    }

    [Fact]
    public void A_search_that_would_not_end_is_refused()
    {
        var scan = Scan("python3 -c '[open(\"tmp/n%d\" % i, \"w\").close() for i in range(500)]'", Limits with { WorkspaceEntries = 50 });
        Assert.Contains("more than 200 entries", scan.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_lane_is_measured_by_what_it_takes_up_and_names_that_share_one_file_count_once()
    {
        Scan("head -c 3000000 /dev/zero > home/a; for i in 1 2 3 4 5 6 7 8; do ln home/a home/b$i; done; truncate -s 1G tmp/sparse");
        Assert.Empty(SizeWatch.Measure(_root.At("lane"), Limits with { WorkspaceBytes = 4_000_000 }, CancellationToken.None));
        Assert.Contains("limits.workspace_bytes is 2000000", SizeWatch.Measure(_root.At("lane"), Limits with { WorkspaceBytes = 2_000_000 }, CancellationToken.None), StringComparison.Ordinal);
        Assert.Contains("entries", SizeWatch.Measure(_root.At("lane"), Limits with { WorkspaceEntries = 3 }, CancellationToken.None), StringComparison.Ordinal);
    }

    public void Dispose() => _root.Dispose();

    private static Limits Limits => RunPolicy.BuiltIn.Limits;

    private PersistenceScan Scan(string act, Limits? limits = null, bool given = false)
    {
        var lane = _root.At("lane");
        if (!Directory.Exists(lane))
        {
            Tool.Run("/bin/sh", "-c", $"mkdir -p '{lane}/home' '{lane}/tmp' '{lane}/out' '{lane}/workspace'; cd '{lane}/workspace'; echo x > strings.py; git init -q .");
        }

        if (given)
        {
            Tool.Run("/bin/sh", "-c", $"cd '{lane}'\n{act}");
            _pristine = null;
        }

        _pristine ??= TreeReader.Read(_root.At("lane/workspace"), new TreeBounds(1000, 1 << 20, 1 << 20, 9), leaveGit: true, CancellationToken.None).Tree!;
        if (!given)
        {
            Tool.Run("/bin/sh", "-c", $"cd '{lane}'\n{act}");
        }

        return PersistenceScanner.Scan(lane, _pristine, [], limits ?? Limits, CancellationToken.None);
    }

    private Tree? _pristine;
}
