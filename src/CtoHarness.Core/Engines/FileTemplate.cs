using System.Text.Encodings.Web;
using System.Text.Json;

namespace CtoHarness.Core.Engines;

/// <summary>A file that is laid down for a backend before the start.</summary>
/// <param name="Place">Below which folder.</param>
/// <param name="Path">Its path there, in which placeholders stand.</param>
/// <param name="IsJson">Whether it is JSON, so that values are written as the inside of its strings.</param>
/// <param name="Text">Its text, in which placeholders stand.</param>
public sealed record FileTemplate(FilePlace Place, string Path, bool IsJson, string Text)
{
    /// <summary>Puts values into the text.</summary>
    /// <param name="valueOf">The value of a name; null where it has none.</param>
    /// <returns>The text; null where it has to be JSON and is none, or where a value is no sound text.</returns>
    public string? Expand(Func<string, string?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        if (!IsJson)
        {
            return Placeholders.Expand(Text, valueOf);
        }

        try
        {
            var text = Placeholders.Expand(Text, name => valueOf(name) is { } value ? JsonEncodedText.Encode(value, JavaScriptEncoder.Default).ToString() : null);
            using var document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            return null; // half of a surrogate pair
        }
    }
}

/// <summary>A folder of a lane that files can be laid into.</summary>
public enum FilePlace
{
    /// <summary>The private home.</summary>
    Home,

    /// <summary>The copy of the fixture's workspace.</summary>
    Workspace,
}
