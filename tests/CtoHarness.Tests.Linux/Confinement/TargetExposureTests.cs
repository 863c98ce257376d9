using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>Real runs of a fixture that names a target somewhere, or does not.</summary>
[Trait("Mission", "M13")]
public sealed partial class TargetExposureTests
{
    [Theory]
    [InlineData("instruction.md", "Compare with {0}/x.", "task_contract")]
    [InlineData("workspace/README.md", "see {0}/x", "runtime_inputs")]
    [InlineData("workspace/notes.json", "{{\"path\": \"{1}\"}}", "runtime_inputs")]
    [InlineData("workspace/place", "{2}", "runtime_inputs")]
    [InlineData("workspace/deep/place", "../../../../../target/x", "runtime_inputs")]
    [InlineData("workspace/place", "$TARGET_OF_THIS_TEST/x", "runtime_inputs")]
    [InlineData("workspace/place", "~/to-target", "runtime_inputs")]
    [InlineData("workspace/store/objects/info/alternates", "{0}/objects", "runtime_inputs")]
    [InlineData("workspace/repo/config", "[core]\n\tworktree = ../../../../../target\n", "runtime_inputs")]
    [InlineData("solution/notes", "{0}", "runtime_inputs")]
    [InlineData("verify/notes", "{0}", "runtime_inputs")]
    public void A_fixture_that_leads_to_a_target_starts_nothing(string file, string text, string surface)
    {
        using var root = Prepared();
        Append(root, file, string.Format(
            CultureInfo.InvariantCulture, text, root.At("target"), root.At("target").Replace("/", "\\/", StringComparison.Ordinal), root.At("link")));
        Assert.Contains(surface, Blocked(root, "--target", root.At("target")));
    }

    [Fact]
    public void So_does_one_whose_test_command_names_it_and_every_surface_is_told()
    {
        using var root = Prepared();
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "\"test_*.py\"]", $"\"test_*.py\", \"{root.At("target")}/x\"]");
        Assert.Equal(["task_contract", "command_arguments", "config"], Blocked(root, "--target", root.At("target")));
    }

    [Fact]
    public void The_environment_is_searched_too()
    {
        using var root = Prepared();
        Assert.Contains("environment", Blocked(root, "--target", "/usr/local/bin"));
    }

    [Fact]
    public void A_file_that_is_the_target_under_another_name_is_never_copied()
    {
        using var root = Prepared();
        Tool.Run("/bin/ln", root.At("target/x"), root.At("harness/fixtures/r1-string-slugify/workspace/copy"));
        Rebase(root);
        Assert.Contains("runtime_inputs", Blocked(root, "--target", root.At("target/x")));
        Assert.DoesNotContain("secret", Tool.Run("/bin/sh", "-c", $"cat $(find '{root.Runs}' -type f)"), StringComparison.Ordinal);
    }

    [RootFact]
    public void A_folder_that_is_mounted_into_a_fixture_is_never_copied_with_or_without_a_target()
    {
        using var root = Prepared();
        var within = root.At("harness/fixtures/r1-string-slugify/workspace/within");
        Directory.CreateDirectory(within);
        Tool.Run("/bin/mount", "--bind", root.At("target"), within);
        try
        {
            Assert.Contains("runtime_inputs", Blocked(root));
            Assert.DoesNotContain("secret", Tool.Run("/bin/sh", "-c", $"cat $(find '{root.Runs}' -type f)"), StringComparison.Ordinal);
            Assert.Contains("target-path-exposed", root.Run("--target", root.At("target")).Run().Expect(3).Newest().Codes);
        }
        finally
        {
            Tool.Run("/bin/umount", within);
        }
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("../../../../target/x")]
    [InlineData("/etc/passwd")]
    public void A_link_in_a_fixture_is_refused_before_anything_is_copied(string leads)
    {
        using var root = Prepared();
        File.CreateSymbolicLink(
            root.At("harness/fixtures/r1-string-slugify/workspace/out"), string.Format(CultureInfo.InvariantCulture, leads, root.At("target")));
        var bundle = root.Run("--target", root.At("target")).Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.Contains("fixture-invalid", bundle.Codes);
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
    }

    [Fact]
    public void A_run_that_leads_nowhere_passes_and_says_what_was_searched()
    {
        using var root = Prepared();
        Append(root, "workspace/README.md", $"see {root.At("target2")}/x and https://host{root.At("target")}/x");
        var finished = root.Run("--json", "--target", root.At("target"), "--target", root.At("target-file")).Run();
        var bundle = finished.Expect(0).Bundle().Expect("pass");
        Assert.Equal(2, bundle.Report["no_target_inspection"]!["targets_declared"]!.GetValue<int>());
        Assert.Empty(Surfaces(bundle.Report));
        Assert.Equal(5, bundle.Report["no_target_inspection"]!["surfaces"]!.AsObject().Count);
        Assert.Contains("targets declared: 2; searched: ", bundle.Text("report.md"), StringComparison.Ordinal);
        Assert.Contains("targets.searched", bundle.EventNames);
        Assert.True(bundle.EventNames.ToList().IndexOf("targets.searched") < bundle.EventNames.ToList().IndexOf("sandbox.started"));
        Schemas.Assert(root, "report.v1.json", finished.Output);
    }

    [Fact]
    public void Without_a_target_a_path_of_somebody_in_the_fixture_starts_nothing()
    {
        using var root = Prepared();
        Append(root, "workspace/README.md", "cd /home/someone/repo");
        Append(root, "instruction.md", "Look at /srv/x.");
        Assert.Equal(["task_contract", "runtime_inputs"], Blocked(root));
    }

    [Theory]
    [InlineData("r1-string-slugify")]
    [InlineData("r2-js-csv-quotes")]
    public void The_fixtures_that_come_along_name_nothing(string fixture)
    {
        using var root = new TempRoot();
        var bundle = root.Command("run", fixture, "--harness-root", root.Harness).Run().Newest();
        Assert.NotNull(bundle.Report["no_target_inspection"]!["surfaces"]);
        Assert.Empty(Surfaces(bundle.Report));
        Assert.DoesNotContain("target-path-exposed", bundle.Codes);
    }

    [Fact]
    public void More_words_than_can_be_looked_up_start_nothing()
    {
        using var root = Prepared();
        Append(root, "workspace/words", string.Join(' ', Enumerable.Range(0, 420_000).Select(number => string.Create(CultureInfo.InvariantCulture, $"/usr/{number}"))));
        Assert.Equal(["runtime_inputs"], Blocked(root, "--target", root.At("target")));
    }

    [Fact]
    public void A_dry_run_says_so_too_and_leaves_nothing()
    {
        using var root = Prepared();
        Append(root, "workspace/README.md", $"see {root.At("target")}");
        var finished = root.Run("--dry-run", "--json", "--target", root.At("target")).Run().Expect(3).ExpectNoBundle();
        Assert.Equal(["target-path-exposed"], finished.Json["blockers"]!.AsArray().Select(one => one!["code"]!.GetValue<string>()));
        Assert.Empty(Directory.GetFileSystemEntries(root.At("tmp")));
        root.AssertNoScratch();
    }

    private static TempRoot Prepared()
    {
        var root = new TempRoot();
        root.Write("target/x", "secret\n");
        root.Write("target2/x", "other\n");
        root.Write("target-file", "secret\n");
        File.CreateSymbolicLink(root.At("link"), root.At("target"));
        File.CreateSymbolicLink(root.At("home/to-target"), root.At("target"));
        return root;
    }

    private static void Append(TempRoot root, string file, string text)
    {
        var path = root.At("harness/fixtures/r1-string-slugify/" + file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, "\n" + text + "\n");
        Rebase(root);
    }

    // The workspace is another one now, and fixture.yaml pins its commit.
    private static void Rebase(TempRoot root)
    {
        var yaml = root.At("harness/fixtures/r1-string-slugify/fixture.yaml");
        var commit = Tool.Run("/bin/sh", "-c", MakeCommit, "sh", root.At("harness/fixtures/r1-string-slugify/workspace"), root.At("repository")).Trim();
        File.WriteAllText(yaml, Base().Replace(File.ReadAllText(yaml), $"base: \"{commit}\""));
    }

    private const string MakeCommit = """
        set -eu
        export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
        export GIT_AUTHOR_NAME='CTO Harness' GIT_AUTHOR_EMAIL=fixture@cto-harness.invalid GIT_AUTHOR_DATE='1767225600 +0000'
        export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
        git init -q --bare "$2"
        cd "$1"
        export GIT_DIR="$2" GIT_WORK_TREE="$1"
        git add -A
        printf %s 'The fixture as it is given' | git commit-tree "$(git write-tree)"
        """;

    [GeneratedRegex("base: \"[0-9a-f]{40}\"")]
    private static partial Regex Base();

    private static List<string> Blocked(TempRoot root, params string[] words)
    {
        var bundle = root.Run(words).Set("TARGET_OF_THIS_TEST", root.At("target")).Traced().Run().Expect(3).Bundle().Expect("blocked", "target-path-exposed");
        Assert.False(bundle.Report["backend_process_started"]!.GetValue<bool>());
        Assert.False(bundle.Report["no_target_inspection_passed"]!.GetValue<bool>());
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
        Assert.NotEmpty(Strace.Programs(root));
        Assert.DoesNotContain(Strace.Programs(root), line => line.Contains("engine.sh", StringComparison.Ordinal));
        Assert.DoesNotContain("sandbox.started", bundle.EventNames);
        root.AssertNoScratch();
        return Surfaces(bundle.Report);
    }

    private static List<string> Surfaces(JsonNode report) =>
        [.. report["no_target_inspection"]!["surfaces"]!.AsObject().Where(surface => surface.Value!.AsArray().Count > 0).Select(surface => surface.Key)];
}
