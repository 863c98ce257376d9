using System.Diagnostics;
using System.Globalization;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Interrupts;

/// <summary>The harness is ended again and again at moments spread over its whole run, by a seed that a failure prints.</summary>
[Trait("Mission", "M18")]
public sealed class RandomMomentTests
{
    private const int Seed = 20260601;
    private const int BetweenRepairs = 5;

    [Fact]
    public void Eight_kills_leave_nothing_that_a_repair_does_not_close_or_clear() => Kill(8);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_hundred_kills_do_neither() => Kill(100);

    [Fact]
    public void Five_signals_leave_nothing_to_repair() => Signal(5);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_hundred_signals_do_neither() => Signal(100);

    private static void Kill(int count)
    {
        using var root = new TempRoot();
        var finished = new HashSet<string>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var closed = 0;
        foreach (var (turn, delay) in Moments(root, count))
        {
            End(root, "KILL", delay);
            foreach (var path in Finals(root).Where(path => finished.Add(path)))
            {
                Told(turn, delay, () => new Bundle(path).AssertWhole().Expect("pass"));
            }

            if (turn % BetweenRepairs != 0 && turn != count)
            {
                continue;
            }

            Told(turn, delay, () => Repaired.AssertAll(root, known));
            foreach (var path in Finals(root).Where(path => finished.Add(path)))
            {
                closed++;
                var bundle = new Bundle(path);
                Told(turn, delay, () => Assert.Equal(("inconclusive", "interrupted"), (bundle.Status, bundle.Codes[0])));
            }
        }

        Assert.True(closed > count / 5, $"only {closed} of {count} kills met a run; seed {Seed}");
        root.Run().Run().Expect(0);
    }

    private static void Signal(int count)
    {
        using var root = new TempRoot();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var interrupted = 0;
        foreach (var (turn, delay) in Moments(root, count))
        {
            var (name, code) = turn % 2 == 0 ? ("INT", 130) : ("TERM", 143);
            var finished = End(root, name, delay);
            Told(turn, delay, () => Assert.True(finished.Exit == 0 || finished.Exit == code, $"exit code {finished.Exit}; {finished.Error}"));
            interrupted += finished.Exit == code ? 1 : 0;
            Told(turn, delay, () => Repaired.AssertNothingLeft(root, known));
        }

        Assert.True(interrupted > count / 5, $"only {interrupted} of {count} signals met a run; seed {Seed}");
        Assert.Empty(Repaired.Run(root));
        Assert.DoesNotContain(Finals(root).Select(path => new Bundle(path)), bundle => bundle.Status is not ("pass" or "inconclusive"));
    }

    private static Finished End(TempRoot root, string signal, int delay)
    {
        using var running = root.Run("--quiet").Start();
        Thread.Sleep(delay);
        running.Signal(signal);
        return running.Wait();
    }

    // A whole run is measured first, so that the moments reach from its start to its end on any machine.
    private static IEnumerable<(int Turn, int Delay)> Moments(TempRoot root, int count)
    {
        root.Run().Run().Expect(0);
        var watch = Stopwatch.StartNew();
        root.Run().Run().Expect(0);
        var whole = (int)watch.ElapsedMilliseconds;
#pragma warning disable CA5394 // moments, not secrets; the same for each call
        var chance = new Random(Seed);
        return [.. Enumerable.Range(1, count).Select(turn => (turn, (int)((turn - chance.NextDouble()) * whole * 1.05 / count)))];
#pragma warning restore CA5394
    }

    private static string[] Finals(TempRoot root) => [.. Directory.GetDirectories(root.Runs).Where(path => Path.GetFileName(path)[0] != '.')];

    private static void Told(int turn, int delay, Action check)
    {
        try
        {
            check();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"turn {turn}, after {delay} ms, seed {Seed}: {failure.Message}"), failure);
        }
    }
}
