using System.Globalization;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Runs;

/// <summary>The name of one run and of its bundle: UTC time, task and process id, such as
/// <c>20260601T025817Z-r1-string-slugify-2907822</c>, with <c>-2</c>, <c>-3</c> appended where it is taken.</summary>
public readonly record struct RunId
{
    private const string Moment = "yyyyMMdd'T'HHmmss'Z'";

    private readonly string? _value;

    private RunId(string value) => _value = value;

    /// <summary>Makes the name of a run that starts now.</summary>
    /// <param name="startedAt">When it starts.</param>
    /// <param name="task">Its task.</param>
    /// <param name="processId">The process id of the harness.</param>
    /// <param name="attempt">1, or the number to append where the name is taken.</param>
    /// <returns>The name.</returns>
    public static RunId New(DateTimeOffset startedAt, TaskId task, int processId, int attempt = 1)
    {
        var time = startedAt.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture);
        var suffix = attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"-{attempt}") : "";
        return new RunId(string.Create(CultureInfo.InvariantCulture, $"{time}-{task}-{processId}{suffix}"));
    }

    /// <summary>Reads a run's name.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="id">The name, where the answer is true.</param>
    /// <returns>Whether the text has the form of a run's name, which is also a safe file name.</returns>
    public static bool TryParse(string text, out RunId id)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sound = text.Length is >= 20 and <= 200 && text[8] == 'T' && text[15] == 'Z' && text[16] == '-'
            && text[..8].All(char.IsAsciiDigit) && text[9..15].All(char.IsAsciiDigit)
            && char.IsAsciiDigit(text[^1])
            && text[17..].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        id = sound ? new RunId(text) : default;
        return sound;
    }

    /// <summary>Whether this is the name of a run of a task that started at a moment.</summary>
    /// <param name="startedAt">The moment.</param>
    /// <param name="task">The task.</param>
    /// <returns>True where the name says both.</returns>
    public bool StartsAt(DateTimeOffset startedAt, TaskId task) =>
        ToString().StartsWith($"{startedAt.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}-{task}-", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "none";
}
