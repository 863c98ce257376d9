using CtoHarness.Core.Runs;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Runs;

[Trait("Mission", "M19")]
public sealed class RunIdTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 4, 58, 17, 999, TimeSpan.FromHours(2));

    [Theory]
    [InlineData(1, "20260601T025817Z-r1-string-slugify-2907822")]
    [InlineData(2, "20260601T025817Z-r1-string-slugify-2907822-2")]
    [InlineData(13, "20260601T025817Z-r1-string-slugify-2907822-13")]
    public void A_run_is_named_by_UTC_time_task_process_and_attempt(int attempt, string name) =>
        Assert.Equal(name, RunId.New(Start, Sample.Task("r1-string-slugify"), 2907822, attempt).ToString());

    [Theory]
    [InlineData("20260601T025817Z-r1-string-slugify-2907822")]
    [InlineData("20260601T025817Z-r1-string-slugify-2907822-2")]
    [InlineData("20260601T025817Z-a-1")]
    public void A_runs_name_is_read_back(string name)
    {
        Assert.True(RunId.TryParse(name, out var id));
        Assert.Equal(name, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("latest")]
    [InlineData("20260601T025817Z-r1-string-slugify")]
    [InlineData("20260601T025817Z-r1/../../etc-1")]
    [InlineData("20260601T025817Z-R1-1")]
    [InlineData("20260601T025817Z-r1-1\n")]
    [InlineData(" 20260601T025817Z-r1-1")]
    [InlineData("20260601t025817Z-r1-1")]
    [InlineData("2026-06-01T02:58:17Z-r1-1")]
    [InlineData("20260601T025817Z_r1-12345")]
    [InlineData("\u0662\u0660\u0662\u0666\u0660\u0666\u0660\u0661T025817Z-r1-1")]
    public void Another_text_is_no_runs_name(string text) => Assert.False(RunId.TryParse(text, out _));

    [Fact]
    public void A_name_that_is_too_long_for_a_folder_is_refused() =>
        Assert.False(RunId.TryParse("20260601T025817Z-" + new string('a', 300) + "-1", out _));

    [Fact]
    public void Every_name_that_a_run_can_get_is_read_back() =>
        Law.Holds(
            from days in Gen.Choose(0, 30_000)
            from task in Gen.Elements("a", "0", "r1-x", "a-", new string('z', 64))
            from process in Gen.Choose(1, 1 << 22)
            from attempt in Gen.Choose(1, 40)
            select RunId.New(Start.AddDays(days), Sample.Task(task), process, attempt),
            id => RunId.TryParse(id.ToString(), out var read) && read == id);

    [Fact]
    public void Any_text_is_read_without_trouble() =>
        Law.Holds(
            Some.Text,
            text => !RunId.TryParse(text, out _)
                && (!RunId.TryParse($"20260601T025817Z-{text}", out var id) || id.ToString().All(c => char.IsAsciiLetterOrDigit(c) || c == '-')),
            tries: 2000);
}
