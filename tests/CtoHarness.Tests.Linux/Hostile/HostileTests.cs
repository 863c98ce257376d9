using System.Globalization;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Every attack, as root and as an ordinary user: contained inside, on record as far as the record goes, and done outside.</summary>
[Trait("Mission", "M11")]
public sealed class HostileTests(Siege siege) : IClassFixture<Siege>
{
    public static TheoryData<string, string> Made()
    {
        var rows = new TheoryData<string, string>();
        foreach (var user in Stage.Users)
        {
            foreach (var attack in Attacks.Here)
            {
                rows.Add(user, attack.Name);
            }
        }

        return rows;
    }

    public static TheoryData<string, string, string> MadeWithLess()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var user in Stage.Users)
        {
            foreach (var configuration in Enum.GetValues<Configuration>().Where(one => one != Configuration.Full))
            {
                foreach (var attack in Attacks.Here.Where(attack => attack.Weaker is not null))
                {
                    rows.Add(user, configuration.ToString(), attack.Name);
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Made))]
    public void All_layers_together_contain_it_and_the_record_holds_it(string user, string attack)
    {
        siege.MakeAll();
        var seen = siege.Inside(user, Configuration.Full, attack);
        Assert.False(seen.Succeeded, $"it succeeded; it said: {seen.Said}");
        AssertMade(seen);
        Assert.Equal("landlock=7", seen.Ended!.Layers);
        Assert.Equal(0, seen.Ended.Program.Survivors);
        AssertWhole(seen.Ended.Calls);
        AssertRecord(seen);
    }

    // Attacks of the same sandbox whose aim cannot be found out are refused, on record, and make it not whole, which is no pass; nothing else does.
    private static void AssertWhole(CallRecord calls)
    {
        if (calls.Unresolved == 0)
        {
            Assert.True(calls.IsComplete, calls.Trouble);
            return;
        }

        Assert.Equal(0, calls.Dropped);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{calls.Unresolved} call(s) were refused because their aim could not be found out"), calls.Trouble, StringComparison.Ordinal);
        Assert.All(calls.Attempts.Where(one => one.Class == AttemptClass.Unresolved), one => Assert.True(one.Denied));
    }

    [Theory]
    [MemberData(nameof(Made))]
    public void Control_outside_the_same_user_succeeds_with_it(string user, string attack)
    {
        siege.MakeAll();
        var seen = siege.Outside(user, attack);
        Assert.True(seen.Succeeded, $"nothing came of it; it said: {seen.Said}");
    }

    [Theory]
    [Trait("Tier", "Long")]
    [MemberData(nameof(MadeWithLess))]
    public void With_less_the_layers_that_are_left_carry_what_the_table_says(string user, string configuration, string attack)
    {
        siege.MakeWeaker();
        var kind = Enum.Parse<Configuration>(configuration);
        var seen = siege.Inside(user, kind, attack);
        var weaker = seen.Attack.Weaker!;
        var expected = kind switch { Configuration.NoLandlock => weaker.NoLandlock, Configuration.NoSeccomp => weaker.NoSeccomp, Configuration.Old => weaker.Old, _ => weaker.OldAlone };
        Assert.True(expected == Outcome.Chance || seen.Succeeded == (expected == Outcome.Done), $"{expected} was expected; succeeded: {seen.Succeeded}; it said: {seen.Said}");
        AssertMade(seen);
        Assert.Equal(0, seen.Ended!.Program.Survivors);
        if (kind is Configuration.NoLandlock or Configuration.Old)
        {
            AssertRecord(seen);
        }
    }

    [Theory]
    [InlineData("raw", 1)]
    [InlineData("packet", 1)]
    [InlineData("by-handle", 1)]
    [InlineData("second-numbering", 38)]
    public void What_is_no_attack_because_an_ordinary_user_cannot_do_it_anywhere(string verb, int error) =>
        Assert.Equal($"refused {error}\n", siege.SayOutside(verb));

    // What was never tried is not contained.
    private static void AssertMade(Seen seen) => Assert.True(
        seen.Said.Length > 0 || seen.Attack.EndedBy?.Invoke(seen.Ended!) == true,
        $"it was not made: '{seen.Said}'; its sandbox ended by {seen.Ended!.Program.End} after {seen.Ended.Program.Duration}: {seen.Ended.Error}");

    private static void AssertRecord(Seen seen)
    {
        var attempts = seen.Ended!.Calls.Attempts;
        if (seen.Expected is not { } expected)
        {
            Assert.Contains(seen.Attack.Gap, ObservedCalls.NotCovered);
            Assert.DoesNotContain(attempts, one => one.Writes && PathPlaces.IsAt(one.Path, seen.Outside));
            return;
        }

        var note = seen.Attack.Record!;
        Assert.Equal("", seen.Attack.Gap);
        Assert.True(
            attempts.Any(one => one.Operation == expected.Operation && one.Path == expected.Path && one.Class == note.Class && one.Denied == note.Denied
                && one.Executable.EndsWith("/puppet", StringComparison.Ordinal)),
            $"{expected} is not on record; what is: {string.Join("; ", attempts.Where(one => one.Path.Contains(seen.Attack.Name, StringComparison.Ordinal) || one.Class != AttemptClass.Outside).Select(one => $"{one.Operation} {one.Path} {one.Class} {one.Denied}"))}");
    }
}
