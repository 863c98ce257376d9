using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Bundles;

namespace CtoHarness.Cli.Output;

/// <summary>Shows what <c>verify</c> came to.</summary>
internal static class ReviewPage
{
    private const int WordWidth = 10;
    private const int NameWidth = 16;

    internal static void Write(Screen screen, string bundle, BundleReview review)
    {
        var text = screen.Result;
        text.WriteLine($"{screen.Paint(review.IsAccepted ? "accepted" : "refused")}  {PlainText.Visible(bundle)}");
        if (review is { IsAccepted: true, Predicate: { } run })
        {
            WriteRun(screen, run, review.Key!);
        }

        foreach (var check in review.Checks)
        {
            var word = ReviewJson.WordOf(check.State).Replace('_', ' ');
            text.WriteLine($"  {screen.Paint(word)}{new string(' ', WordWidth - word.Length)}{check.Name.PadRight(NameWidth)}{check.Question}");
            if (check.State == CheckState.Refused && review.Refusal is { } refusal)
            {
                text.WriteLine($"{new string(' ', WordWidth + 2)}expected: {PlainText.Visible(refusal.Expected)}");
                text.WriteLine($"{new string(' ', WordWidth + 2)}found:    {PlainText.Visible(refusal.Found)}");
            }
        }

        text.WriteLine(review.IsAccepted
            ? "This is what the holder of that key attests, unchanged since it was sealed. Whether to believe that holder is yours to decide."
            : "Rely on nothing in this bundle.");
    }

    private static void WriteRun(Screen screen, RunPredicate run, PublicKey key)
    {
        var text = screen.Result;
        text.WriteLine($"  verdict   {screen.Paint(Words.Of(run.Status))}, fault {Words.Of(run.Fault)}");
        text.WriteLine($"  run       {run.Run}, {run.Task} by {PlainText.Visible(run.Backend)}{(run.BackendStandIn ? " (a stand-in: it admits nothing)" : "")}");
        if (run.Model is { } model)
        {
            text.WriteLine($"  model     {PlainText.Visible(model.ToString())}{(run.ProviderStandIn == true ? " (its provider is a stand-in: it admits nothing)" : "")}");
        }

        text.WriteLine($"  when      {Timestamp.Text(run.Started)} to {Timestamp.Text(run.Completed)}, sealed {Timestamp.Text(run.Sealed)}");
        text.WriteLine($"  key       {key.Id}");

        // The holder of the key could have taken others of the same name: whoever knows these compares them.
        text.WriteLine($"  fixture   {run.Digests.Fixture?.ToString() ?? "none was sound"}");
        text.WriteLine($"  policy    {run.Digests.Policy}");
        text.WriteLine($"  harness   {run.Digests.Harness}");
    }
}
