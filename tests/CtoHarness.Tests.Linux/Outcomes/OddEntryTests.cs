using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M15")]
public sealed class OddEntryTests
{
    [Theory]
    [InlineData("rm strings.py; ln -s /etc/passwd strings.py")]
    [InlineData("rm strings.py; ln -s \"$1/strings.py\" strings.py")]
    [InlineData("rm strings.py; ln -s . strings.py")]
    [InlineData("rm strings.py; mkfifo strings.py")]
    [InlineData("rm strings.py; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"strings.py\")'")]
    [InlineData("cp \"$1/strings.py\" .; chmod u+s strings.py")]
    [InlineData("cp \"$1/strings.py\" .; chmod g+s strings.py")]
    public void An_allowed_file_that_is_no_plain_file_any_more_fails(string change)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(change).Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Contains("disallowed-file", bundle.Codes);
        Assert.Equal(["strings.py"], bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Contains("special-entry", bundle.Findings);
        Assert.DoesNotContain("root:x:0:0", bundle.Text("patch.diff"), StringComparison.Ordinal);
        Assert.DoesNotContain("patch.applied", bundle.EventNames);
        root.AssertNoScratch();
    }

    [Fact]
    public void An_allowed_file_that_became_a_folder_fails()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("rm strings.py; mkdir strings.py; cp \"$1/strings.py\" strings.py/__init__.py").Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Contains("disallowed-file", bundle.Codes);
        Assert.Contains("strings.py/__init__.py", bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
    }

    [Theory]
    [InlineData("ln -s /etc more")]
    [InlineData("mkfifo more")]
    [InlineData("mkdir -p __pycache__; mkfifo __pycache__/pipe")]
    [InlineData("cp /bin/true more; chmod u+s more")]
    [InlineData("mkdir -p inner/.git; : > inner/.git/config")]
    [InlineData("cp -R .git inner.git; mkdir inner; mv inner.git inner/.git")]
    public void Any_other_odd_entry_beside_the_right_work_fails(string change)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + change).Run().Expect(1).Bundle();
        Assert.Equal(("fail", "disallowed-file"), (bundle.Status, bundle.Codes[0]));
        Assert.Equal(change.Contains("inner", StringComparison.Ordinal) || change.Contains("u+s", StringComparison.Ordinal), bundle.Codes.Contains("persistence-found"));
        Assert.Contains("special-entry", bundle.Findings);
        root.AssertNoScratch();
    }

    [Fact]
    public void A_file_of_a_terabyte_is_stopped_by_the_limit_or_by_the_budget()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + "truncate -s 1T huge; ls -l huge; exit 0").Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.True(bundle.Codes.Contains("budget-exceeded") || bundle.Codes.Contains("disallowed-file"), string.Join(' ', bundle.Codes));
        Assert.DoesNotContain("1099511627776", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void Control_outside_the_sandbox_the_terabyte_is_made()
    {
        using var root = new TempRoot();
        Tool.Run("truncate", "-s", "1T", root.At("huge"));
        Assert.Equal(1L << 40, new FileInfo(root.At("huge")).Length);
    }

    [Theory]
    [InlineData("i=0; while [ $i -lt 5000 ]; do mkdir d && cd d || break; i=$((i+1)); done", "nested deeper")]
    [InlineData("python3 -c '[open(\"n%d\" % i, \"w\").close() for i in range(2000)]'", "entries")]
    [InlineData("for i in 1 2 3; do head -c 900000 /dev/zero > big$i; done; exit 0", "bytes")]
    [InlineData("rm strings.py; head -c 1100000 /dev/zero > strings.py; exit 0", "bytes")]
    public void A_workspace_beyond_its_budget_fails_and_is_removed_all_the_same(string change, string why)
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "workspace_entries: 100000", "workspace_entries: 1000");
        root.Edit("harness/policy.yaml", "workspace_bytes: 536870912", "workspace_bytes: 2097152");
        root.Edit("harness/policy.yaml", "file_bytes: 268435456", "file_bytes: 1048576");
        var bundle = root.Backend(Scripts.RightWork + change).Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.True(bundle.Codes[0] == "budget-exceeded" || (why == "bytes" && bundle.Codes[0] is "disallowed-file" or "failed-tests"), bundle.Messages);
        root.AssertNoScratch();
    }
}
