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
        var pace = new Pace(root);
        foreach (var (turn, part) in Moments(count))
        {
            var (delay, _) = pace.End(root, "KILL", part);
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
        var pace = new Pace(root);
        foreach (var (turn, part) in Moments(count))
        {
            var (name, code) = turn % 2 == 0 ? ("INT", 130) : ("TERM", 143);
            var (delay, finished) = pace.End(root, name, part);
            Told(turn, delay, () => Assert.True(finished.Exit == 0 || finished.Exit == code, $"exit code {finished.Exit}; {finished.Error}"));
            interrupted += finished.Exit == code ? 1 : 0;
            Told(turn, delay, () => Repaired.AssertNothingLeft(root, known));
        }

        Assert.True(interrupted > count / 5, $"only {interrupted} of {count} signals met a run; seed {Seed}");
        Assert.Empty(Repaired.Run(root));
        Assert.DoesNotContain(Finals(root).Select(path => new Bundle(path)), bundle => bundle.Status is not ("pass" or "inconclusive"));
    }

    // Parts of a whole run, from its start to its end.
    private static IEnumerable<(int Turn, double Part)> Moments(int count)
    {
#pragma warning disable CA5394 // moments, not secrets; the same for each call
        var chance = new Random(Seed);
        return [.. Enumerable.Range(1, count).Select(turn => (turn, (turn - chance.NextDouble()) * 1.05 / count))];
#pragma warning restore CA5394
    }

    // How long a whole run takes on this machine: measured first, and again wherever one was over before its end came, since other tests run at times.
    private sealed class Pace
    {
        private TimeSpan _whole;

        internal Pace(TempRoot root)
        {
            root.Run().Run().Expect(0);
            var watch = Stopwatch.StartNew();
            root.Run().Run().Expect(0);
            _whole = watch.Elapsed;
        }

        internal (int Delay, Finished Finished) End(TempRoot root, string signal, double part)
        {
            var delay = _whole * part;
            var watch = Stopwatch.StartNew();
            using var running = root.Run("--quiet").Start();
            if (running.EndsWithin(delay) && part < 0.9)
            {
                _whole = watch.Elapsed;
            }

            running.Signal(signal);
            return ((int)delay.TotalMilliseconds, running.Wait());
        }
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
