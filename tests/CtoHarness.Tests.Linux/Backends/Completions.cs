using System.Text.Json;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The JSON of chat completions: whole ones, and the chunks of a stream.</summary>
internal sealed class Completions(string id, string model)
{
    public const int PromptTokens = 100;

    public const int CompletionTokens = 20;

    private const int Piece = 12;

    private static readonly object Usage = new { prompt_tokens = PromptTokens, completion_tokens = CompletionTokens, total_tokens = PromptTokens + CompletionTokens };

    /// <summary>The answer in one piece.</summary>
    public string Whole(Answer answer) => answer switch
    {
        Answer.Calls calls => Completion("tool_calls", new { role = "assistant", content = calls.Text, tool_calls = new[] { Call(calls, calls.Arguments) } }),
        Answer.Says says => Completion(says.Finish, new { role = "assistant", content = says.Text }),
        _ => throw new InvalidOperationException($"{answer} is no whole answer"),
    };

    /// <summary>The chunks of an answer, the last one with the usage.</summary>
    public IEnumerable<string> Chunks(Answer answer)
    {
        yield return First();
        switch (answer)
        {
            case Answer.Says says:
                foreach (var piece in Pieces(says.Text))
                {
                    yield return Text(piece);
                }

                yield return Finish(says.Finish);
                break;
            case Answer.Calls calls:
                foreach (var piece in Pieces(calls.Text))
                {
                    yield return Text(piece);
                }

                yield return Chunk(new { tool_calls = new[] { Call(calls, "") } });
                foreach (var piece in Pieces(calls.Arguments))
                {
                    yield return Chunk(new { tool_calls = new[] { new { index = 0, function = new { arguments = piece } } } });
                }

                yield return Finish("tool_calls");
                break;
            default:
                throw new InvalidOperationException($"{answer} is no whole answer");
        }

        yield return Last();
    }

    /// <summary>The chunk that begins a stream.</summary>
    public string First() => Chunk(new { role = "assistant", content = "" });

    /// <summary>A chunk of text.</summary>
    public string Text(string content) => Chunk(new { content });

    /// <summary>The chunk that says why the answer ends.</summary>
    public string Finish(string reason) => Chunk(new { }, reason);

    /// <summary>The chunk of a stream that has nothing but the usage.</summary>
    public string Last() => JsonSerializer.Serialize(new { id, @object = "chat.completion.chunk", created = 0, model, choices = Array.Empty<object>(), usage = Usage });

    private string Chunk(object delta, string? reason = null) =>
        JsonSerializer.Serialize(new { id, @object = "chat.completion.chunk", created = 0, model, choices = new[] { new { index = 0, delta, finish_reason = reason } } });

    private string Completion(string reason, object message) =>
        JsonSerializer.Serialize(new { id, @object = "chat.completion", created = 0, model, choices = new[] { new { index = 0, message, finish_reason = reason } }, usage = Usage });

    private object Call(Answer.Calls calls, string arguments) => new { index = 0, id = $"call_{id}", type = "function", function = new { name = calls.Tool, arguments } };

    private static IEnumerable<string> Pieces(string text)
    {
        // A pair of surrogates stays together: half of one is no JSON text.
        for (int begin = 0, end; begin < text.Length; begin = end)
        {
            end = Math.Min(begin + Piece, text.Length);
            end += end < text.Length && char.IsLowSurrogate(text[end]) ? 1 : 0;
            yield return text[begin..end];
        }
    }
}
