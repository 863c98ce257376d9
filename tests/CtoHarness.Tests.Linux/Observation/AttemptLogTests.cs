using System.Text;
using System.Text.Json.Nodes;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Observation;

namespace CtoHarness.Tests.Linux.Observation;

/// <summary>The record of tries is bounded whatever a backend names.</summary>
[Trait("Mission", "M11")]
public sealed class AttemptLogTests
{
    [Fact]
    public void Long_names_fill_neither_the_memory_nor_the_disk()
    {
        using var file = new MemoryStream();
        using var log = new AttemptLog(file);
        for (var number = 0; number < 2000; number++)
        {
            log.Add(Of("/etc/" + new string('\u0001', 200_000)));
        }

        var record = log.Record();
        Assert.InRange(file.Length, 1 << 20, AttemptLog.MostBytes + (1 << 20));
        Assert.Equal(2000, record.Dropped + Encoding.UTF8.GetString(file.ToArray()).Count(letter => letter == '\n'));
        Assert.True(record.Dropped > 0);
        Assert.False(record.IsComplete);
        Assert.All(record.Attempts, one => Assert.True(one.Path.Length + one.Raw.Length + one.Executable.Length <= 3 * 4096));
    }

    [Fact]
    public void A_name_is_not_cut_within_a_letter()
    {
        using var file = new MemoryStream();
        using var log = new AttemptLog(file);
        log.Add(Of("/" + string.Concat(Enumerable.Repeat("\U0001F600", 3000))));
        var path = JsonNode.Parse(file.ToArray())!["path"]!.GetValue<string>();
        Assert.Equal(4095, path.Length);
        Assert.EndsWith("\U0001F600", path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_one_class_buries_no_try_of_another()
    {
        using var log = new AttemptLog(null);
        for (var number = 0; number < 5000; number++)
        {
            log.Add(Of("/run") with { Class = AttemptClass.Hidden, Writes = false });
        }

        log.Add(Of("/srv/target") with { Class = AttemptClass.Target });
        var record = log.Record();
        Assert.Equal("/srv/target", record.Attempts[^1].Path);
        Assert.InRange(record.Attempts.Length, 2, 1000);
    }

    [Fact]
    public void A_withheld_value_is_in_neither_record_even_where_the_name_is_cut_within_it()
    {
        using var file = new MemoryStream();
        using var log = new AttemptLog(file, ValueSearch.Of([new WithheldValue("TOKEN", "plain-token-value"u8.ToArray())]));
        log.Add(Of("/" + new string('x', 4090) + "plain-token-value"));
        log.Add(Of("/srv/plain-token-value/x"));
        var kept = log.Record().Attempts;
        Assert.Equal(["/srv/[withheld:TOKEN]/x"], new[] { kept[1].Path, kept[1].Raw, kept[1].Executable }.Distinct());
        Assert.EndsWith("x[with", kept[0].Path, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", Encoding.UTF8.GetString(file.ToArray()), StringComparison.Ordinal);
    }

    private static Attempt Of(string path) => new(DateTimeOffset.UnixEpoch, "open-write", path, path, 7, path, true, AttemptClass.Outside, true);
}
