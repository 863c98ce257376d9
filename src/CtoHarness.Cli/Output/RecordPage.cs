using System.Globalization;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;

namespace CtoHarness.Cli.Output;

/// <summary>Tells a record of tries: how many of each class, and the first of them.</summary>
internal static class RecordPage
{
    private const int MostShown = 20;

    internal static void Write(Screen screen, CallRecord calls)
    {
        var text = screen.Talk;
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"record: {calls.Notified} calls were looked at, {calls.Recorded} aimed outside{(calls.IsComplete ? "" : "; it is not whole")}"));
        if (calls.Trouble.Length > 0)
        {
            text.WriteLine($"  {PlainText.Visible(calls.Trouble, 300)}");
        }

        foreach (var (what, count) in calls.Counts.Where(one => one.Value > 0))
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Words.Of(what),-12}{count,8}, of which {calls.WritesByClass.GetValueOrDefault(what)} to change something"));
        }

        foreach (var one in calls.Attempts.Take(MostShown))
        {
            text.WriteLine($"  {Answer(screen, one.Denied)} {one.Operation,-10} {PlainText.Visible(one.Path, 300)} ({Words.Of(one.Class)}, by {PlainText.Visible(one.Executable, 200)})");
        }

        if (calls.Recorded > MostShown)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {calls.Recorded - MostShown} more"));
        }
    }

    private static string Answer(Screen screen, bool? denied) => denied switch
    {
        true => screen.PaintTalk("refused"),
        false => screen.PaintTalk("allowed"),
        null => "seen   ",
    };
}
