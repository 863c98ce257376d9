using System.Text.RegularExpressions;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>The attacks are as many and as different as they are said to be, and the page tells each of them.</summary>
[Trait("Mission", "M11")]
public sealed class HostileTableTests
{
    private static readonly string Page = Repository.At("docs", "threat-model.md");

    [Fact]
    public void The_threat_model_holds_exactly_the_table_of_the_attacks()
    {
        var page = File.ReadAllText(Page);
        var start = page.IndexOf(AttackTable.Begin, StringComparison.Ordinal);
        var end = page.IndexOf(AttackTable.End, StringComparison.Ordinal) + AttackTable.End.Length;
        Assert.True(start > 0 && end > start, "the page has no place for the table");
        if (Environment.GetEnvironmentVariable("CTO_HARNESS_APPROVE") == "1" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            File.WriteAllText(Page, page[..start] + AttackTable.Text() + page[end..]);
            return;
        }

        Assert.Equal(AttackTable.Text(), page[start..end]);
    }

    [Fact]
    public void There_are_at_least_45_attacks_and_at_least_12_of_them_are_made_with_each_layer_off()
    {
        Assert.True(Attacks.All.Length >= 45);
        Assert.True(Attacks.All.Count(attack => attack.Weaker is not null) >= 12);
        Assert.All(Attacks.Families, family => Assert.True(family.Attacks.Length >= 5, family.Family));
        Assert.Equal(Attacks.All.Length, Attacks.All.Select(attack => attack.Name).Distinct().Count());
    }

    [Fact]
    public void Each_layer_carries_something_that_no_other_does()
    {
        Assert.Contains(Attacks.All, attack => attack.Weaker is { NoLandlock: not Outcome.Contained, NoSeccomp: Outcome.Contained });
        Assert.Contains(Attacks.All, attack => attack.Weaker is { NoSeccomp: Outcome.Done, NoLandlock: Outcome.Contained });
        Assert.Contains(Attacks.All, attack => attack.Weaker is { OldAlone: Outcome.Done, NoSeccomp: Outcome.Contained });
    }

    [Fact]
    public void An_attack_is_on_record_or_names_the_gap_through_which_it_is_not() =>
        Assert.All(Attacks.All, attack => Assert.True(attack.Record is null != (attack.Gap.Length == 0), attack.Name));

    [Fact]
    public void Every_verb_of_the_puppet_is_used()
    {
        var sources = Directory.GetFiles(Repository.At("tests", "CtoHarness.Puppet"), "*.cs").Where(file => !file.EndsWith("Bystanders.cs", StringComparison.Ordinal)).Select(File.ReadAllText);
        var verbs = sources.SelectMany(text => Regex.Matches(text, @"\[""([a-z0-9-]+)""\] = ")).Select(match => match.Groups[1].Value).ToList();
        var used = string.Concat(Directory.GetFiles(Repository.At("tests", "CtoHarness.Tests.Linux", "Hostile"), "*.cs").Select(File.ReadAllText));
        Assert.True(verbs.Count >= 45);
        Assert.All(verbs, verb => Assert.Matches($"[\\[(]\"{verb}\"", used));
    }
}
