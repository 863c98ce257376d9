using System.Text.Json;
using System.Text.Unicode;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Gateway;

/// <summary>What the body of a call asks for, read so that no other reader could find something else in it.</summary>
/// <param name="Model">The model that it names; empty where nobody can tell.</param>
/// <param name="IsStreaming">Whether it asks for a stream.</param>
/// <param name="Problem">Why it cannot be read without doubt; empty where it can.</param>
public sealed record CallForm(string Model, bool IsStreaming, string Problem)
{
    private const int MostDepth = 128;
    private const int MostNames = 256;

    // Fields of brokers that choose among models.
    private static readonly HashSet<string> OtherModels = new(["models", "route", "fallbacks", "fallback_models", "fallback"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a body.</summary>
    /// <param name="body">Any bytes.</param>
    /// <returns>What it asks for, or its problem.</returns>
    public static CallForm Read(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return Doubtful("the body is no UTF-8");
        }

        try
        {
            return Fields(body);
        }
        catch (JsonException odd)
        {
            return Doubtful($"the body is no JSON: {odd.Message}");
        }
        catch (InvalidOperationException)
        {
            return Doubtful("the body has half a character in a name or in the model"); // a lone surrogate
        }
    }

    private static CallForm Fields(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MostDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return Doubtful("the body is no JSON object");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        string? model = null;
        var streaming = false;
        var problem = "";
        while (problem.Length == 0 && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            problem = ProblemOf(name, names);
            json.Read();
            switch (name)
            {
                case "model" when json.TokenType == JsonTokenType.String:
                    model = json.GetString();
                    break;
                case "stream" when json.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null:
                    streaming = json.TokenType == JsonTokenType.True;
                    break;
                case "stream":
                    problem = "\"stream\" is neither true nor false";
                    break;
                default:
                    break;
            }

            json.Skip();
        }

        if (problem.Length == 0)
        {
            json.Read(); // what follows the object is refused
        }

        return problem.Length > 0 ? Doubtful(problem)
            : string.IsNullOrEmpty(model) ? Doubtful("it names no model")
            : new CallForm(model, streaming, "");
    }

    // Readers differ in which of two names they take, in whether they mind case, and in how they fold letters beyond ASCII.
    private static string ProblemOf(string name, HashSet<string> names) =>
        !name.All(letter => letter is >= ' ' and <= '~') ? $"the name {PlainText.Quote(name)} has letters beyond ASCII"
        : !names.Add(name) ? $"the name {PlainText.Quote(name)} stands in it twice, upper and lower case being the same"
        : OtherModels.Contains(name) ? $"it has {PlainText.Quote(name)}, by which some providers take another model than the one that is named"
        : names.Count > MostNames ? "it has too many names"
        : "";

    private static CallForm Doubtful(string problem) => new("", false, problem);
}
