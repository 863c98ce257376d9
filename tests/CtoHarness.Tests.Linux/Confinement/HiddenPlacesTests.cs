using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

[Trait("Mission", "M13")]
public sealed class HiddenPlacesTests
{
    [RootFact]
    public void The_backend_sees_no_harness_no_runs_no_state_no_targets_and_no_checkout()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        root.Run().Run().Expect(0).Bundle();
        Prepare(root);
        Directory.Delete(root.At("xdg/cto-harness"), recursive: true);
        var said = Look(root, "--target", root.At("target"), "--target", root.At("target-file"));
        Assert.Contains("canary-open", said, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-hidden", said, StringComparison.Ordinal);
        Assert.DoesNotContain("def slugify", said, StringComparison.Ordinal);
        Assert.DoesNotContain("cto-harness/cases/v1", said, StringComparison.Ordinal);
        Assert.DoesNotContain("cto-harness/report/v1", said, StringComparison.Ordinal);
        Assert.DoesNotContain("CtoHarness.slnx", said, StringComparison.Ordinal);
    }

    [RootFact]
    public void Control_without_the_sandbox_the_same_look_finds_all_of_them()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        root.Run().Run().Expect(0).Bundle();
        Prepare(root);
        root.Write("look.sh", Script(root));
        var said = Tool.Run("/bin/sh", root.At("look.sh"));
        Assert.Equal(7, said.Split('\n').Count(line => line.Contains("canary-hidden", StringComparison.Ordinal)));
        foreach (var found in new[] { "canary-open", "def slugify", "cto-harness/cases/v1", "cto-harness/report/v1", "CtoHarness.slnx" })
        {
            Assert.Contains(found, said, StringComparison.Ordinal);
        }
    }

    [RootFact]
    public void Control_a_target_that_was_not_declared_is_seen()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        Prepare(root);
        Assert.Contains("canary-hidden in target", Look(root), StringComparison.Ordinal);
    }

    [RootFact]
    public void The_default_runs_folder_is_hidden_although_this_run_keeps_its_bundle_elsewhere()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        Prepare(root);
        Assert.DoesNotContain("canary-hidden in default runs", Look(root, "--target", root.At("target")), StringComparison.Ordinal);
    }

    [RootFact]
    public void The_state_folder_is_hidden_on_the_very_first_run_too_when_it_is_only_made()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        var said = root.Backend($"""
            echo '# seen' >> ../../../test/root/workspace/README.md
            cat ../../../test/root/workspace/README.md
            ls -d '{root.At("new-state")}/cache' ../../../test ../../../scratch
            exit 0
            """, "--state-dir", root.At("new-state")).Run().Newest().Text("backend/stdout.log");
        Assert.Equal("", said);
    }

    [RootFact]
    public void A_link_to_a_target_hides_the_target_and_what_leads_there()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        Prepare(root);
        File.CreateSymbolicLink(root.At("link"), root.At("target"));
        Assert.DoesNotContain("canary-hidden in target\n", Look(root, "--target", root.At("link")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/usr")]
    [InlineData("/usr/bin")]
    [InlineData("/etc")]
    [InlineData("/proc")]
    public void A_target_without_which_nothing_runs_is_refused_at_once(string target)
    {
        using var root = new TempRoot();
        var finished = root.Run("--target", target).Run();
        if (target == "/usr/bin")
        {
            Assert.NotEqual(1, finished.Exit); // it blocks, or it runs: nothing of the backend's is broken
            return;
        }

        finished.Expect(2).ExpectNoBundle();
        Assert.Contains("cannot be hidden", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_holds_the_runs_own_workspace_is_refused_with_the_way_out()
    {
        using var root = new TempRoot();
        var finished = root.Run("--target", root.Folder).Run().Expect(2).ExpectNoBundle();
        Assert.Contains("--state-dir", finished.Error, StringComparison.Ordinal);
    }

    private static void Prepare(TempRoot root)
    {
        root.Write("canary", "canary-open\n");
        root.Write("target/inside", "canary-hidden in target\n");
        root.Write("target-file", "canary-hidden in target file\n");
        root.Write("home/inside", "canary-hidden in home\n");
        root.Write("state/inside", "canary-hidden in state\n");
        root.Write("runs/inside", "canary-hidden in runs\n");
        root.Write("harness/inside", "canary-hidden in harness root\n");
        root.Write("xdg/cto-harness/runs/inside", "canary-hidden in default runs\n");
        root.OpenToAll();
    }

    private static string Look(TempRoot root, params string[] words)
    {
        var bundle = root.Backend(Script(root), words).Run().Newest();
        Assert.True(bundle.Report["backend_process_started"]?.GetValue<bool>() == true, bundle.Messages + bundle.Text("backend/stderr.log"));
        return bundle.Text("backend/stdout.log");
    }

    // Every text below the test's folder, but for the lane itself, and what stands in the checkout.
    private static string Script(TempRoot root) => $"""
        find '{root.Folder}' -type f ! -path '*/work/*' ! -path '*/engines/*' ! -name look.sh -exec cat {"{}"} + 2>/dev/null
        find '{root.Work}' -type f -path '*/test/*' -exec cat {"{}"} + 2>/dev/null
        ls '{Repository.Root}' 2>/dev/null
        exit 0
        """;
}
