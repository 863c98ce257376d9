using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What a run of Case wrote, as lines that two runs of the same scenario have in common.</summary>
/// <param name="Events">The event log.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="TaskFile">The task file at the end.</param>
internal sealed partial record CaseTranscript(string Events, string Output, string Error, string TaskFile)
{
    // Where a result is cut depends on the length of the workspace's path in it.
    private const int SurelyThere = 250;

    private static readonly HashSet<string> Times = ["ts", "generatedAt", "durationMs", "totalDurationMs", "started", "completed"];

    /// <summary>The real program's, of a scenario; of one that was ended from outside, without the task file.</summary>
    public static CaseTranscript Real(string name) => Of(Text(name, "events.jsonl"), Text(name, "stdout.log"), Text(name, "stderr.log"), name == "hang" ? "{}" : Text(name, "task.json"), "/ws");

    /// <summary>What a run wrote in a workspace.</summary>
    public static CaseTranscript Of(string events, string output, string error, string task, string workspace)
    {
        var run = (string)JsonNode.Parse(events.Split('\n')[0])!["runId"]!;
        return new CaseTranscript(
            string.Join('\n', Lines(events).Select(line => Normal(line, workspace, run))),
            Seconds().Replace(output, "(N s)"),
            string.Join('\n', Lines(error).Select(line => Normal(line, workspace, run))),
            Normal(task, workspace, run));
    }

    private static string Text(string name, string kind) =>
        File.ReadAllText(Repository.At("tests", "CtoHarness.Tests.Linux", "Backends", "Transcripts", "case", $"{name}.{kind}"));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Normal(string json, string workspace, string run)
    {
        var document = JsonNode.Parse(json)!;
        return (Same(document, workspace, run) ?? document).ToJsonString();
    }

    // A new value in place of one that differs from run to run; null where it stays or was changed inside.
    private static JsonNode? Same(JsonNode? node, string workspace, string run)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields.ToArray())
                {
                    if ((value is not null && Times.Contains(name) ? "a time" : Same(value, workspace, run)) is { } other)
                    {
                        fields[name] = other;
                    }
                }

                return null;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (Same(items[index], workspace, run) is { } other)
                    {
                        items[index] = other;
                    }
                }

                return null;
            case JsonValue value when value.TryGetValue<string>(out var text):
                return Same(text, workspace, run);
            default:
                return null;
        }
    }

    private static string Same(string text, string workspace, string run)
    {
        var same = text.Replace(workspace, "/ws", StringComparison.Ordinal).Replace(run, "RUN", StringComparison.Ordinal);
        same = Call().Replace(same, "call");
        same = Commit().Replace(same, "commit");
        same = TestTime().Replace(same, "in T s");
        return same.EndsWith("…[truncated]", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"{same[..SurelyThere]}…") : same;
    }

    [GeneratedRegex("call_[a-z0-9-]+")]
    private static partial Regex Call();

    [GeneratedRegex("\\b[0-9a-f]{40}\\b")]
    private static partial Regex Commit();

    [GeneratedRegex("in [0-9.]+s")]
    private static partial Regex TestTime();

    [GeneratedRegex("\\([0-9]+s\\)")]
    private static partial Regex Seconds();
}
