using System.Text.Json;

namespace CtoHarness.Core.Verification;

/// <summary>What code gave for one input: a value, or an error that it raised.</summary>
public abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>A value. For a command: its standard output and its exit code.</summary>
    /// <param name="Value">The value.</param>
    public sealed record Returned(JsonValue Value) : Answer;

    /// <summary>An error.</summary>
    /// <param name="Type">The name of its type, such as <c>ValueError</c>.</param>
    public sealed record Raised(string Type) : Answer;

    /// <summary>Whether another answer is exactly this one.</summary>
    /// <param name="other">Another answer.</param>
    /// <returns>True where it is.</returns>
    public bool SameAs(Answer other) => (this, other) switch
    {
        (Returned a, Returned b) => a.Value.SameAs(b.Value),
        (Raised a, Raised b) => string.Equals(a.Type, b.Type, StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Writes it as an object with <c>value</c> or <c>raised</c>.</summary>
    /// <param name="json">The writer, where a value may stand.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        if (this is Returned returned)
        {
            json.WritePropertyName("value");
            returned.Value.WriteTo(json);
        }
        else
        {
            json.WriteString("raised", ((Raised)this).Type);
        }

        json.WriteEndObject();
    }
}
