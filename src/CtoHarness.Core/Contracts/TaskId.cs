namespace CtoHarness.Core.Contracts;

/// <summary>The name of a fixture's task: lower-case letters, digits and hyphens, at most 64, starting with a letter or digit.</summary>
public readonly record struct TaskId
{
    private readonly string? _value;

    private TaskId(string value) => _value = value;

    /// <summary>Reads a task name.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="id">The name, where the answer is true.</param>
    /// <returns>Whether the text is a task name.</returns>
    public static bool TryParse(string text, out TaskId id)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sound = text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        id = sound ? new TaskId(text) : default;
        return sound;
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "none";
}
