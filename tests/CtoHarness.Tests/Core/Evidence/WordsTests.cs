using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Evidence;

/// <summary>The written words are promises to users' scripts.</summary>
public sealed class WordsTests
{
    [Fact]
    public void Every_value_has_its_own_word()
    {
        Assert.Equal(["pass", "fail", "blocked", "inconclusive"], Enum.GetValues<RunStatus>().Select(Words.Of));
        Assert.Equal(["none", "backend", "policy", "provider", "verifier", "infrastructure"], Enum.GetValues<Fault>().Select(Words.Of));
        Assert.Equal(["kernel", "gateway", "harness", "backend"], Enum.GetValues<Observer>().Select(Words.Of));
        Assert.Equal(["not_applicable", "admitted", "refused", "unknown"], Enum.GetValues<ModelAdmission>().Select(Words.Of));
        Assert.Equal(["not_declared", "not_observed", "unchanged", "changed"], Enum.GetValues<RootState>().Select(Words.Of));
        Assert.Equal(["exited", "signalled", "timed-out", "interrupted", "sandbox-failed", "over-limit"], Enum.GetValues<EndKind>().Select(Words.Of));
    }

    [Fact]
    public void A_value_that_nobody_knows_never_reads_as_something_good()
    {
        Assert.Equal("inconclusive", Words.Of((RunStatus)99));
        Assert.Equal("backend", Words.Of((Observer)99));
        Assert.Equal("unknown", Words.Of((ModelAdmission)99));
        Assert.Equal("sandbox-failed", Words.Of((EndKind)99));
        Assert.Equal("not_observed", Words.Of((RootState)99));
    }

    [Fact]
    public void A_change_is_told_in_words()
    {
        Assert.Equal("added executable file", Words.Of(Sample.Added("a", EntryKind.Executable)));
        Assert.Equal("deleted file", Words.Of(Sample.Deleted("a")));
        Assert.Equal("modified file", Words.Of(Sample.Modified("a")));
        Assert.Equal("added fifo", Words.Of(Sample.Added("a", EntryKind.Special, "fifo")));
        Assert.Equal("file became link", Words.Of(new Change(Sample.At("a"), Sample.Entry("a", "x"), Sample.Entry("a", "x", EntryKind.Link))));
        Assert.Equal("fifo became socket", Words.Of(new Change(Sample.At("a"), Sample.Entry("a", "fifo", EntryKind.Special), Sample.Entry("a", "socket", EntryKind.Special))));
    }

    [Fact]
    public void A_time_is_UTC_with_milliseconds() =>
        Assert.Equal("2026-06-01T02:58:17.050Z", Timestamp.Text(new DateTimeOffset(2026, 6, 1, 4, 58, 17, 50, TimeSpan.FromHours(2))));
}
