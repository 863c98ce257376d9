using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Screen;

public sealed class RunOptionTests
{
    [Fact]
    public void A_run_tells_each_step_with_its_time_on_standard_error()
    {
        using var root = new TempRoot();
        var finished = root.Run().Run().Expect(0);
        var steps = finished.Error.TrimEnd().Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(["state", "contract", "gate", "plan", "preflight", "prepare", "targets", "execute", "observe", "verify", "compare", "roots", "close"], steps.Select(step => step[0]));
        Assert.All(steps, step => Assert.Equal(["ok", "ms"], [step[1], step[3]]));
        Assert.StartsWith("pass  r1-string-slugify by fake", finished.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Quietly_it_tells_no_steps()
    {
        using var root = new TempRoot();
        var finished = root.Run("--quiet").Run().Expect(0);
        Assert.Empty(finished.Error);
        Assert.NotEmpty(finished.Text);
        Assert.Empty(root.Run("-q", "--json").Run().Expect(0).Error);
    }

    [Fact]
    public void The_workspace_is_kept_where_that_is_asked_for_and_named()
    {
        using var root = new TempRoot();
        var finished = root.Run("--keep-workspace").Run().Expect(0);
        var kept = Directory.GetDirectories(root.Work).Single();
        Assert.Contains(kept, finished.Text, StringComparison.Ordinal);
        Assert.Contains("unicodedata", File.ReadAllText(Path.Combine(kept, "subject/root/workspace/strings.py")), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(kept, "subject/root"), finished.Bundle().Report["runtime_workspace_root"]!.GetValue<string>());
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void A_nonce_of_a_verifier_is_in_contract_and_report_and_said_to_be_its()
    {
        using var root = new TempRoot();
        var nonce = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
        var bundle = root.Run("--nonce", nonce).Run().Expect(0).Bundle();
        Assert.Contains(nonce, bundle.Text("contract.json"), StringComparison.Ordinal);
        Assert.Equal(nonce, bundle.Report["freshness"]!["nonce"]!.GetValue<string>());
        Assert.Equal("verifier", bundle.Report["freshness"]!["nonce_from"]!.GetValue<string>());
        Assert.Equal(nonce, bundle.Events[0]["data"]!["nonce"]!.GetValue<string>());
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void Without_one_the_harness_draws_another_each_time()
    {
        using var root = new TempRoot();
        var first = root.Run("--json").Run().Expect(0).Json["freshness"]!;
        var second = root.Run("--json").Run().Expect(0).Json["freshness"]!;
        Assert.Matches("^[0-9a-f]{64}$", first["nonce"]!.GetValue<string>());
        Assert.NotEqual(first["nonce"]!.GetValue<string>(), second["nonce"]!.GetValue<string>());
        Assert.Equal("harness", first["nonce_from"]!.GetValue<string>());
    }

    [Fact]
    [Trait("Mission", "M12")]
    public void Protected_paths_are_proved_and_roles_without_a_path_are_only_listed()
    {
        using var root = new TempRoot();
        var bundle = root.Run("--protect", root.Home).Run().Expect(0).Bundle();
        var roots = bundle.Report["protected_roots"]!.AsArray();
        Assert.Contains(roots, one => one!["path"]?.GetValue<string>() == root.Home && one["state"]!.GetValue<string>() == "unchanged");
        Assert.Equal(5, roots.Count(one => one!["state"]!.GetValue<string>() == "not_declared"));
        Assert.True(bundle.Report["no_mutation_passed"]!.GetValue<bool>());
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void The_users_overlay_is_part_of_the_policy_and_of_its_digest()
    {
        using var root = new TempRoot();
        var before = root.Run("--json").Run().Expect(0).Json["freshness"]!["digests"]!["policy"]!.GetValue<string>();
        root.Write("home/.config/cto-harness/policy.yaml", "schema: cto-harness/policy/v1\nlimits: {wall_seconds: 77}\n");
        Assert.NotEqual(before, root.Run("--json").Run().Expect(0).Json["freshness"]!["digests"]!["policy"]!.GetValue<string>());
        var shown = root.Command("policy", "show", "--harness-root", root.Harness).Run().Expect(0).Text;
        Assert.Matches("limits.wall_seconds +77 +.*home/.config/cto-harness/policy.yaml:2", shown);
        Assert.Matches("limits.test_wall_seconds +60 +.*harness/policy.yaml:", shown);
    }
}
