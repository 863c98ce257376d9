using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Verdicts;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Storage;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

[Collection(Made.Collection)]
[Trait("Mission", "M20")]
public sealed class RefusedByItsMakerTests(Made made)
{
    [Fact]
    public void What_does_not_read_back_has_no_final_name_and_is_kept()
    {
        using var root = new TempRoot();
        Assert.True(TaskId.TryParse(TempRoot.Fixture, out var task));
        using var bundle = BundleFolder.Reserve(root.Runs, TimeProvider.System.GetUtcNow(), task);
        bundle.Write("report.json", "{}"u8);
        bundle.Write("report.md", "#"u8);
        bundle.Write("patch.diff", "what was seen"u8);
        var review = BundleVerifier.Review(made.Passing.Content, new ReviewRequest([made.Passing.Key.Public], TimeProvider.System.GetUtcNow()));
        var artifacts = BundleFolder.Artifacts(bundle.Making, "report.json", "report.md");
        var refused = Assert.Throws<NotAcceptedException>(
            () => Sealing.Publish(bundle, review.Subject!.Evidence, review.Verdict!, artifacts, Digest.Zero, made.Passing.Key, TimeProvider.System));
        Assert.Contains("does not read back", refused.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(bundle.Final));
        Assert.Equal("what was seen", File.ReadAllText(bundle.PathOf("patch.diff")));
    }

    [Theory]
    [InlineData("truncate -s -1 contract.json")]
    [InlineData(": > snapshots/after.tree")]
    [InlineData("echo >> verification.jsonl")]
    public void What_contradicts_itself_is_closed_with_nothing_that_rests_on_it(string act)
    {
        using var root = new TempRoot();
        var run = made.Passing.Content.Find("report.json") is not null && CtoHarness.Core.Runs.RunId.TryParse(Path.GetFileName(made.Passing.Folder), out var id) ? id : default;
        var making = BundleFolder.MakingPath(root.Runs, run);
        Directory.CreateDirectory(root.Runs);
        Tool.Run("/bin/cp", "-a", made.Passing.Folder, making);
        Tool.Run("/bin/sh", "-c", $"cd '{making}' && {act}");
        var (claim, _) = FolderClaim.TryTake(making);
        using var bundle = BundleFolder.GoOn(root.Runs, run, claim!);
        var trouble = new CtoHarness.Core.Runs.RunTrouble(BlockerCode.EvidenceIncomplete, "its own check refused it");
        var verdict = InterruptedRun.Read(bundle, trouble)!.Close(TimeProvider.System, made.Passing.Key, CancellationToken.None);
        Assert.Equal((RunStatus.Inconclusive, "evidence-incomplete"), (verdict.Status, verdict.Blockers[0].Code.Text));
        var review = BundleVerifier.Review(BundleReader.Read(bundle.Final, CancellationToken.None), new ReviewRequest([made.Passing.Key.Public], TimeProvider.System.GetUtcNow()));
        Assert.Null(review.Refusal);
    }

    [Fact]
    public void A_clock_that_was_set_back_before_the_seal_does_not_cost_it()
    {
        var (earlier, later) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1));
        Assert.Equal(later, Sealing.Moment(earlier, later));
        Assert.Equal(later, Sealing.Moment(later, earlier));
    }

    [Fact]
    public void While_a_bundle_is_judged_the_room_of_its_reports_and_its_seal_is_left_free()
    {
        using var root = new TempRoot();
        var size = (int)((BundleFiles.MostKept - BundleReader.ForReportsAndSeal) / 2) + 1;
        root.Write("bundle/observations.jsonl", new string('x', size));
        root.Write("bundle/verification.jsonl", new string('x', size));
        Assert.Equal([true, false], BundleReader.ReadUnfinished(root.At("bundle"), CancellationToken.None).Files.Select(one => one.Content is not null));
        root.Write("bundle/report.json", new string('x', (int)BundleReader.ForReportsAndSeal - 2));
        Assert.All(BundleReader.Read(root.At("bundle"), CancellationToken.None).Files, one => Assert.NotNull(one.Content));
    }
}
