using System.Collections.Concurrent;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Usage;

/// <summary>Each call that writes fails once in each thread, as on a full or failing disk, one call later in every turn.</summary>
[Trait("Mission", "M18")]
public sealed class FaultAtEachWriteTests
{
    // Beyond the last of them in a run of the fixture; the turns end by themselves before that.
    private const int Most = 400;

    public static TheoryData<string, string> OfCalls => new()
    {
        { "pwrite64", "ENOSPC" }, { "fsync", "EIO" }, { "rename", "ENOSPC" }, { "mkdir", "ENOSPC" }, { "ftruncate", "EIO" }, { "copy_file_range", "EIO" }, { "fchmod", "EIO" }, { "chmod", "EIO" }, { "fchownat", "EIO" },
    };

    [Theory]
    [InlineData("pwrite64", "ENOSPC", 1)]
    [InlineData("pwrite64", "ENOSPC", 4)]
    [InlineData("pwrite64", "ENOSPC", 10)]
    [InlineData("pwrite64", "ENOSPC", 11)]
    [InlineData("pwrite64", "ENOSPC", 24)]
    [InlineData("pwrite64", "ENOSPC", 31)]
    [InlineData("fsync", "EIO", 1)]
    [InlineData("fsync", "EIO", 25)]
    [InlineData("rename", "ENOSPC", 1)]
    [InlineData("mkdir", "ENOSPC", 2)]
    [InlineData("mkdir", "ENOSPC", 12)]
    public void A_write_that_fails_never_leaves_half_a_bundle_or_a_false_pass(string call, string error, int number) =>
        Assert.Equal("", Fail(call, error, number).Wrong);

    [Theory]
    [Trait("Tier", "Long")]
    [MemberData(nameof(OfCalls))]
    public void No_write_that_fails_does(string call, string error)
    {
        var wrong = new ConcurrentBag<string>();
        var met = 0;
        var next = 0;
        Parallel.Invoke(Turns, Turns);
        Assert.Empty(string.Join('\n', wrong.Order(StringComparer.Ordinal)));
        Assert.InRange(met, 1, Most - 1);

        void Turns()
        {
            for (var isMet = true; isMet && next < Most;)
            {
                var number = Interlocked.Increment(ref next);
                (isMet, var problem) = Fail(call, error, number);
                Interlocked.Add(ref met, isMet ? 1 : 0);
                if (problem.Length > 0)
                {
                    wrong.Add($"{call} {number}: {problem}");
                }
            }
        }
    }

    private static (bool Met, string Wrong) Fail(string call, string error, int number)
    {
        using var root = new TempRoot();
        var finished = root.Run("--quiet").Under(
            "/usr/bin/strace", "-f", "-qq", "--seccomp-bpf", "-o", root.At("trace"), "-e", "trace=" + call, "-e", $"inject={call}:error={error}:when={number}").Run();
        var met = File.ReadLines(root.At("trace")).Any(line => line.Contains("(INJECTED)", StringComparison.Ordinal));
        try
        {
            return (met, Wrong(root, finished));
        }
        catch (Exception failure) when (failure is Xunit.Sdk.XunitException or IOException)
        {
            return (met, $"exit code {finished.Exit}: {failure.Message}; {finished.Error}");
        }
    }

    private static string Wrong(TempRoot root, Finished finished)
    {
        var finals = Directory.Exists(root.Runs) ? Directory.GetDirectories(root.Runs).Where(path => Path.GetFileName(path)[0] != '.').ToList() : [];
        var statuses = finals.Select(path => new Bundle(path).AssertWhole().Status).ToList();
        Repaired.AssertAll(root);
        return (finished.Exit, statuses) switch
        {
            (0, ["pass"]) or (4, ["inconclusive"]) or (3, ["blocked"]) or (1, ["fail"]) or (4, []) => "",
            _ => $"exit code {finished.Exit} with [{string.Join(", ", statuses)}]; {finished.Error}",
        };
    }
}
