using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>One call of a chat-completions provider, as far as a script decides by it.</summary>
internal sealed partial record Conversation(string Model, bool Stream, int ToolResults, string Text)
{
    /// <summary>Case's part that is talking, in upper case, by the heading of its prompt; empty where there is none.</summary>
    public string Role => Heading().Match(Text) is { Success: true } found ? found.Groups[1].Value.ToUpperInvariant() : "";

    /// <summary>Reads a request's body.</summary>
    /// <returns>Null where it is no such call.</returns>
    public static Conversation? Read(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject call && call["messages"] is JsonArray messages && call["model"] is JsonValue model
                ? new Conversation(model.ToString(), (bool?)call["stream"] ?? false, messages.Count(IsToolResult), string.Join('\n', messages.Select(Said)))
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static bool IsToolResult(JsonNode? message) => (string?)message?["role"] == "tool";

    private static string Said(JsonNode? message) => message?["content"] switch
    {
        JsonArray parts => parts.Aggregate(new StringBuilder(), (text, part) => text.Append((string?)part?["text"]).Append('\n')).ToString(),
        JsonValue text => text.ToString(),
        _ => "",
    };

    [GeneratedRegex("^# (Implementer|Verifier|Reviewer|Closer|Retrospective)\\b", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
