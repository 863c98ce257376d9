using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Observation;

/// <summary>Real backends that do all of the work and try something besides: each try is on record and decides.</summary>
[Trait("Mission", "M11")]
public sealed class TriedTests
{
    [Fact]
    [Trait("Mission", "M13")]
    public void A_backend_that_looks_for_a_declared_target_sees_nothing_and_fails()
    {
        using var root = new TempRoot();
        root.Write("target/secret", "hunter2");
        var bundle = root.Backend(Outcomes.Scripts.RightWork + $"ln -s {root.At("target")} /tmp/l; cat /tmp/l/secret; exit 0\n", "--target", root.At("target"))
            .Run().Expect(1).Bundle().Expect("fail", "target-opened");
        Assert.DoesNotContain("hunter2", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.False(bundle.Report["no_target_inspection_passed"]!.GetValue<bool>());
        var attempt = Assert.Single(bundle.Report["no_target_inspection"]!["attempts"]!.AsArray())!;
        Assert.Equal(("open-read", root.At("target/secret"), "target"), (attempt["operation"]!.GetValue<string>(), attempt["path"]!.GetValue<string>(), attempt["class"]!.GetValue<string>()));
        Assert.EndsWith("/cat", attempt["executable"]!.GetValue<string>(), StringComparison.Ordinal);
        var line = bundle.Text("observations.jsonl").Split('\n')[0];
        Assert.Contains("\"class\":\"target\"", line, StringComparison.Ordinal);
        Assert.Contains(root.At("target/secret"), line, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_the_same_work_that_looks_for_nothing_passes_beside_the_same_target()
    {
        using var root = new TempRoot();
        root.Write("target/secret", "hunter2");
        var bundle = root.Backend(Outcomes.Scripts.RightWork, "--target", root.At("target")).Run().Expect(0).Bundle().Expect("pass");
        Assert.Empty(bundle.Report["no_target_inspection"]!["attempts"]!.AsArray());
    }

    [RootFact]
    [Trait("Mission", "M12")]
    public void A_backend_that_tries_to_change_a_protected_root_changes_nothing_and_fails()
    {
        using var root = new TempRoot(Confinement.OpenPlace.Folder);
        root.Write("kept/file", "as it was");
        Tool.Run("/bin/chmod", "-R", "a+rwX", root.At("kept"));
        var bundle = root.Backend(Outcomes.Scripts.RightWork + $"cat {root.At("kept/file")}; echo x >> {root.At("kept/file")}; exit 0\n", "--protect", root.At("kept"))
            .Run().Expect(1).Bundle().Expect("fail", "write-outside-roots");
        Assert.Equal("as it was", File.ReadAllText(root.At("kept/file")));
        Assert.Contains("as it was", bundle.Text("backend/stdout.log"), StringComparison.Ordinal); // to read it is allowed, and no try
        var attempt = Assert.Single(bundle.Report["allowed_writes"]!["attempts"]!.AsArray())!;
        Assert.Equal(("open-write", "protected", true), (attempt["operation"]!.GetValue<string>(), attempt["class"]!.GetValue<string>(), attempt["denied"]!.GetValue<bool>()));
    }

    [Fact]
    public void A_try_elsewhere_is_noted_with_its_program_and_fails_nothing()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Outcomes.Scripts.RightWork + "python3 -c \"open('/etc/cto-tried', 'w')\"; exit 0\n").Run().Expect(0).Bundle().Expect("pass");
        Assert.Contains("tried-outside", bundle.Report["findings"]!.AsArray().Select(one => one!["code"]!.GetValue<string>()));
        Assert.Contains("/etc/cto-tried", bundle.Text("report.md"), StringComparison.Ordinal);
        Assert.True(bundle.Report["allowed_writes_passed"]!.GetValue<bool>());
    }

    [Fact]
    public void A_record_that_is_full_is_no_pass()
    {
        using var root = new TempRoot();
        const string flood = "import os\nfor i in range(100100):\n    try: os.mkdir('/etc/cto-tried-%d' % i)\n    except OSError: pass\n";
        var bundle = root.Backend(Outcomes.Scripts.RightWork + $"python3 - <<'PY'\n{flood}PY\nexit 0\n").Run().Expect(4).Bundle().Expect("inconclusive", "evidence-incomplete");
        var coverage = bundle.Report["allowed_writes"]!["coverage"]!;
        Assert.Equal((100_100, false), (coverage["recorded"]!.GetValue<long>(), coverage["complete"]!.GetValue<bool>()));
        Assert.Equal(100_000, bundle.Text("observations.jsonl").Count(letter => letter == '\n'));
        Assert.Contains("100 dropped", bundle.Messages, StringComparison.Ordinal);
        Assert.InRange(bundle.Report["allowed_writes"]!["attempts"]!.AsArray().Count, 1, 1000);
    }
}
