using System.Text.Json.Nodes;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Tests.Linux.MainJob;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

[Trait("Mission", "M20")]
public sealed class RecheckTests(OneRun one) : IClassFixture<OneRun>
{
    private const string Binary = "printf 'a\\000b\\377' > data.bin; ";

    [Fact]
    public void A_pass_is_made_again_and_nothing_of_it_stays()
    {
        var before = Around(one.Root);
        var row = Accepted(one.Root, one.Bundle.Folder);
        Assert.Contains("the answers to newly drawn questions", row["question"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(before, Around(one.Root));
        one.Root.AssertNoScratch();
        Assert.Contains("  ok        recheck ", Recheck(one.Root, one.Bundle.Folder).Run().Expect(0).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fixture_of_the_harness_can_be_made_again()
    {
        using var root = new TempRoot();
        foreach (var fixture in Directory.GetDirectories(root.At("harness/fixtures")).Select(path => Path.GetFileName(path)).Where(name => name != TempRoot.Fixture))
        {
            Accepted(root, root.Command("run", fixture, "--harness-root", root.Harness).Run().Expect(0).Newest().Folder);
        }
    }

    [Fact]
    public void A_pack_is_made_again_like_its_folder()
    {
        var pack = one.Root.At("run.tar.gz");
        Assert.IsType<Parsed<PackedBundle>.Value>(BundlePacker.Pack(one.Bundle.Folder, pack, replace: true, CancellationToken.None));
        Accepted(one.Root, pack);
        one.Root.AssertNoScratch();
    }

    [Theory]
    [InlineData(Outcomes.Scripts.WrongWork, "failed-tests", "the answers; ")]
    [InlineData(Outcomes.Scripts.RightWork + "echo more >> README.md", "disallowed-file", "the answers to newly drawn questions; ")]
    [InlineData("rm strings.py", "failed-tests", "the answers; ")]
    [InlineData("echo more >> README.md", "no-diff", "the tree; not to be made again: tests (no allowed file changed), ")]
    [InlineData(Outcomes.Scripts.RightWork + "chmod +x strings.py; " + Binary + "mv README.md 'READ ME'; ln -s /etc/passwd link; printf '* text eol=crlf\\n' > .gitattributes; printf 'a\\nb\\n' > \"new\nline\"; mkfifo fifo; mkdir -p in/.git/hooks; : > in/.git/hooks/x", "persistence-found", "persistence-found, ")]
    [InlineData(Outcomes.Scripts.RightWork + "head -c 24000000 /dev/urandom > large.bin", "disallowed-file", "the answers to newly drawn questions; ")]
    public void A_failure_is_the_same_the_second_time(string script, string code, string words)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(script).Run().Expect(1).Bundle();
        Assert.Contains(code, bundle.Codes);
        Assert.Contains(words, Accepted(root, bundle.Folder)["question"]!.GetValue<string>(), StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Fact]
    public void Where_nothing_changed_there_is_nothing_to_make_again()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("true").Run().Expect(1).Bundle();
        Assert.StartsWith("there is no change to recheck (no-diff", Accepted(root, bundle.Folder)["question"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another change", "diff --git a/strings.py b/strings.py\n--- a/strings.py\n+++ b/strings.py\n@@ -0,0 +1 @@\n+x\n")]
    [InlineData("a file beside the workspace", "diff --git a/../escaped b/../escaped\nnew file mode 100644\n--- /dev/null\n+++ b/../escaped\n@@ -0,0 +1 @@\n+x\n")]
    [InlineData("a file anywhere", "--- /dev/null\n+++ /var/tmp/escaped\n@@ -0,0 +1 @@\n+x\n")]
    [InlineData("a hook", "diff --git a/.git/hooks/x b/.git/hooks/x\nnew file mode 100755\n--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+x\n")]
    [InlineData("a link, and a file behind it", "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/var/tmp\n\\ No newline at end of file\ndiff --git a/l/escaped b/l/escaped\nnew file mode 100644\n--- /dev/null\n+++ b/l/escaped\n@@ -0,0 +1 @@\n+x\n")]
    [InlineData("a mode", "diff --git a/README.md b/README.md\nold mode 100644\nnew mode 100755\n")]
    [InlineData("a rename", "diff --git a/README.md b/r\nsimilarity index 100%\nrename from README.md\nrename to r\n")]
    [InlineData("no patch", "$(touch /var/tmp/escaped)\n`touch /var/tmp/escaped`\n")]
    public void A_patch_that_is_not_the_one_that_was_judged_is_refused_by_the_recheck_alone(string what, string patch)
    {
        var folder = one.Root.At($"other-{Path.GetRandomFileName()}");
        Tool.Run("/bin/cp", "-R", one.Bundle.Folder, folder);
        OtherPatch.Put(folder, patch, one.Root.At("home/.config/cto-harness/keys"));
        one.Root.Command("verify", folder).Run().Expect(0);

        var finished = Recheck(one.Root, folder).With("--json").Run().Expect(1);
        Schemas.Assert(one.Root, "verify.v1.json", finished.Output);
        Assert.Equal("recheck", finished.Json["refusal"]!["check"]!.GetValue<string>());
        Assert.Equal("refused", Row(finished)["state"]!.GetValue<string>());
        Assert.True(!File.Exists("/var/tmp/escaped"), what);
        one.Root.AssertNoScratch();
    }

    [Fact]
    public void A_bundle_that_is_refused_already_is_not_made_again()
    {
        var folder = one.Root.At($"other-{Path.GetRandomFileName()}");
        Tool.Run("/bin/cp", "-R", one.Bundle.Folder, folder);
        File.AppendAllText(Path.Combine(folder, "patch.diff"), "\n");
        var finished = Recheck(one.Root, folder).With("--json").Run().Expect(1);
        Assert.Equal("subjects", finished.Json["refusal"]!["check"]!.GetValue<string>());
        Assert.Equal("not_made", Row(finished)["state"]!.GetValue<string>());
    }

    [RootFact]
    public void The_code_of_a_backend_does_not_see_the_bundle_whose_answers_lie_in_it()
    {
        using var root = new TempRoot();
        var place = Path.Combine("/opt", root.Marker);
        try
        {
            var looks = $"printf 'import os\\nif os.path.exists(\"{place}/bundle/report.json\"): raise ValueError\\n' | cat - \"$1/strings.py\" > strings.py";
            var bundle = root.Backend(looks).Run().Expect(0).Bundle();
            Directory.CreateDirectory(place);
            Tool.Run("/bin/cp", "-R", bundle.Folder, Path.Combine(place, "bundle"));
            Recheck(root, Path.Combine(place, "bundle")).Run().Expect(0);
        }
        finally
        {
            Tool.Try("/bin/rm", "-rf", place);
        }
    }

    [RootFact]
    public void A_machine_without_bubblewrap_neither_accepts_nor_refuses()
    {
        const string hide = "mkdir -p \"$1\" && for name in /usr/bin/bwrap /bin/bwrap /usr/local/bin/bwrap; do [ ! -e $name ] || mount --bind /dev/null $name || exit 99; done; shift; exec \"$@\"";
        var finished = Recheck(one.Root, one.Bundle.Folder).Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", hide, "sh", one.Root.At("x")).Run().Expect(4);
        Assert.Contains("apt-get install bubblewrap", finished.Error, StringComparison.Ordinal);
        Assert.Empty(finished.Text);
        one.Root.AssertNoScratch();
    }

    [Fact]
    public void A_harness_root_without_the_driver_neither_accepts_nor_refuses_and_one_that_is_none_is_a_wrong_word()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        Directory.Delete(root.At("harness/drivers/python"), recursive: true);
        Assert.Contains("no driver for the language", root.Command("verify", bundle.Folder, "--recheck", "--harness-root", root.Harness).Run().Expect(4).Error, StringComparison.Ordinal);
        root.AssertNoScratch();
        root.Command("verify", bundle.Folder, "--recheck", "--harness-root", root.At("nowhere")).Run().Expect(2);
        Assert.Contains("add --recheck", root.Command("verify", bundle.Folder, "--harness-root", root.Harness).Run().Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recheck_that_is_killed_is_cleared_by_repair_and_one_that_is_ended_clears_itself()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        using (var killed = Recheck(root, bundle.Folder).Start())
        {
            WaitForBackend(root, killed);
            killed.Signal("KILL");
            killed.Wait().Expect(137);
        }

        Assert.NotEmpty(Directory.GetDirectories(root.Work));
        Repaired.AssertAll(root);
        using var ended = Recheck(root, bundle.Folder).Start();
        WaitForBackend(root, ended);
        ended.Signal("TERM");
        ended.Wait().Expect(143);
        root.AssertNoScratch();
        Assert.Single(Directory.GetFileSystemEntries(root.Runs));
        Survivors.AssertNone(root.Marker);
    }

    private static void WaitForBackend(TempRoot root, RunningCommand running) => running.WaitFor(
        "a lane", () => Directory.Exists(root.Work) && Directory.GetDirectories(root.Work).Any(run => Directory.Exists(Path.Combine(run, "subject/root/workspace"))));

    private static HarnessCommand Recheck(TempRoot root, string bundle) => root.Command("verify", bundle, "--recheck", "--harness-root", Repository.At("harness"));

    private static JsonNode Accepted(TempRoot root, string bundle)
    {
        var finished = Recheck(root, bundle).With("--json").Run().Expect(0);
        Schemas.Assert(root, "verify.v1.json", finished.Output);
        Assert.Equal("ok", Row(finished)["state"]!.GetValue<string>());
        return Row(finished);
    }

    private static JsonNode Row(Finished finished) => finished.Json["checks"]!.AsArray().Single(check => check!["name"]!.GetValue<string>() == "recheck")!;

    private static string Around(TempRoot root) => string.Join('\n', new[] { root.Runs, root.State, root.At("tmp"), root.Home, root.At("xdg") }
        .SelectMany(folder => Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal));
}
