using System.Collections.Immutable;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What a scripted model answers, by what was said so far.</summary>
internal delegate Answer Script(Conversation conversation);

/// <summary>Ways to make a script.</summary>
internal static class Scripts
{
    /// <summary>One turn after the other, counted by the tool results in the conversation; the last one again and again.</summary>
    public static Script Of(params ImmutableArray<Answer> turns) => conversation => turns[Math.Min(conversation.ToolResults, turns.Length - 1)];

    /// <summary>Other turns for each role; a conversation of none of them is a fault of the test.</summary>
    public static Script ByRole(ImmutableDictionary<string, ImmutableArray<Answer>> turns) => conversation =>
        turns.TryGetValue(conversation.Role, out var own)
            ? Of(own)(conversation)
            : Turns.Status(400, $"the script has no turns for the role \"{conversation.Role}\"");
}
