using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.MainJob;

[Trait("Mission", "M11")]
public sealed class PinnedBaseTests
{
    // fast-import keeps a message as it is, git commit adds a newline: so the commit is made by hand.
    private const string MakeCommit = """
        set -eu
        cd "$1"
        export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
        export GIT_AUTHOR_NAME='CTO Harness' GIT_AUTHOR_EMAIL=fixture@cto-harness.invalid GIT_AUTHOR_DATE='1767225600 +0000'
        export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
        git init -q -b main . && git add -A && printf %s 'The fixture as it is given' | git commit-tree "$(git write-tree)"
        """;

    [Fact]
    public void The_pinned_base_is_the_commit_that_plain_git_makes_of_the_workspace()
    {
        using var root = new TempRoot();
        var commit = Tool.Run("/bin/sh", "-c", MakeCommit, "sh", root.At("harness/fixtures/r1-string-slugify/workspace")).Trim();
        Assert.Contains($"base: \"{commit}\"", File.ReadAllText(root.At("harness/fixtures/r1-string-slugify/fixture.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_backend_finds_a_clean_repository_at_the_pinned_base()
    {
        using var root = new TempRoot();
        var finished = root.Backend("""
            #!/bin/sh
            git -c safe.directory='*' status --porcelain=v2 --branch
            git -c safe.directory='*' log --format=%H
            cp "$1/strings.py" "$2/strings.py"
            """).Run().Expect(0);
        var said = finished.Bundle().Text("backend/stdout.log").TrimEnd().Split('\n');
        Assert.DoesNotContain(said, line => line.Length > 0 && line[0] is '1' or '?');
        Assert.Contains($"base: \"{said[^1]}\"", File.ReadAllText(root.At("harness/fixtures/r1-string-slugify/fixture.yaml")), StringComparison.Ordinal);
    }
}
