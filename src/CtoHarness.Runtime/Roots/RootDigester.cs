using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Roots;

/// <summary>What one look at a root came to.</summary>
/// <param name="Entries">How many entries it has; null where it was not wholly seen.</param>
/// <param name="Digest">The digest of its manifest; null where it was not wholly seen.</param>
/// <param name="Trouble">Why it was not; empty where it was.</param>
internal sealed record RootLook(long? Entries, Digest? Digest, string Trouble);

/// <summary>Looks at a root on two threads and writes its manifest, with the same memory however large it is.</summary>
internal static class RootDigester
{
    /// <summary>Looks.</summary>
    /// <param name="plan">What is looked at.</param>
    /// <param name="manifest">Where the manifest is written; names beside it, with other endings, must be free.</param>
    /// <param name="bounds">How much is looked at.</param>
    /// <param name="withheld">Values that no manifest may hold: they are replaced in names, before and after in the same way.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static RootLook Look(RootPlan plan, string manifest, RootBounds bounds, ValueSearch withheld, CancellationToken interrupt)
    {
        if (plan.Trouble.Length > 0)
        {
            return new RootLook(null, null, plan.Trouble);
        }

        try
        {
            return Walk(plan, manifest, bounds, withheld, interrupt);
        }
        catch (Exception lost) when (lost is MachineException or IOException or UnauthorizedAccessException)
        {
            return new RootLook(null, null, PlainText.Visible(lost.Message, 400));
        }
    }

    private static RootLook Walk(RootPlan plan, string manifest, RootBounds bounds, ValueSearch withheld, CancellationToken interrupt)
    {
        var tally = new RootTally(bounds);
        using var queue = new FolderQueue();
        using var one = new ManifestSorter(manifest + ".1");
        using var other = new ManifestSorter(manifest + ".2");
        var first = new RootWalker(plan, tally, queue, one, withheld, interrupt);
        var parent = Path.GetDirectoryName(plan.Path);
        using (var around = ForeignCalls.OpenPath(parent ?? "/"))
        {
            if (around is null)
            {
                return new RootLook(null, null, $"{PlainText.Quote(parent ?? "/")} could not be opened");
            }

            first.Begin(around, parent is null ? "."u8 : Encoding.UTF8.GetBytes(Path.GetFileName(plan.Path)));
        }

        var second = new RootWalker(plan, tally, queue, other, withheld, interrupt);
        Together.Run(first.Work, second.Work);
        return tally.IsOver
            ? new RootLook(null, null, tally.Trouble)
            : new RootLook(tally.Entries, ManifestWriter.Write(manifest, one.Runs().Concat(other.Runs()), interrupt), "");
    }
}
