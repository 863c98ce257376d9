using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gates;

[Trait("Mission", "M07")]
public sealed class NothingStartedTests
{
    [Fact]
    public void With_closed_gates_the_kernel_sees_no_start_of_the_backend()
    {
        using var root = new TempRoot();
        root.Run("--engine", "case").WithCaseInPath().WithCaseInVariable().Traced().Run().Expect(3).Bundle();
        Assert.NotEmpty(Strace.Programs(root));
        Assert.DoesNotContain(Strace.Programs(root), IsCase);
        Assert.DoesNotContain(Strace.Programs(root), line => line.Contains("bwrap", StringComparison.Ordinal));
        CaseBinary.AssertNotStarted(root);
    }

    [Fact]
    public void With_open_gates_and_no_provider_it_sees_none_either()
    {
        using var root = new TempRoot();
        var bundle = root.Run("--engine", "case").WithCaseInPath().WithCaseInVariable().WithOpenGates().Traced().Run().Expect(3).Bundle();
        bundle.Expect("blocked", "provider-unavailable");
        Assert.False(bundle.Report["case_process_started"]!.GetValue<bool>());
        Assert.DoesNotContain(Strace.Programs(root), IsCase);
        CaseBinary.AssertNotStarted(root);
        root.AssertNoScratch();
    }

    [Fact]
    public void Control_the_same_look_sees_the_fake_backend()
    {
        using var root = new TempRoot();
        root.Run().Traced().Run().Expect(0);
        Assert.Contains(Strace.Programs(root), line => line.Contains("engine.sh", StringComparison.Ordinal) && line.Contains("/bin/sh", StringComparison.Ordinal));
    }

    [Fact]
    public void Control_the_mark_of_the_program_shows_when_it_is_started()
    {
        using var root = new TempRoot();
        _ = root.Run().WithCaseInPath();
        Tool.Run(root.At("programs/ca"));
        Assert.True(File.Exists(root.At("case-was-started")));
    }

    // The trace also holds the variables' values only as a count, so a name here is a program or an argument.
    private static bool IsCase(string line) =>
        line.Contains("/ca\"", StringComparison.Ordinal) || line.Contains("my-case", StringComparison.Ordinal);
}
