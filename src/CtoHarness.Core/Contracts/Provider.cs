namespace CtoHarness.Core.Contracts;

/// <summary>A provider of models, as <c>models.yaml</c> describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Address">Where its API begins, such as <c>http://127.0.0.1:8080/v1</c>: no user, no query, no slash at the end; empty where it has none yet.</param>
/// <param name="Wire">The API that it speaks.</param>
/// <param name="KeyVariable">The variable that holds its key; empty for none.</param>
/// <param name="KeyFile">The absolute path of the file that holds its key; empty for none.</param>
/// <param name="IsStandIn">Whether it only stands in for a provider: nothing that it answers admits anything.</param>
public sealed record Provider(string Name, string Title, string Address, string Wire, string KeyVariable, string KeyFile, bool IsStandIn)
{
    /// <summary>OpenAI's chat completions, streaming and not.</summary>
    public const string ChatCompletions = "openai-chat-completions";
}
