using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Engines;

/// <summary>Texts of a manifest in which <c>${NAME}</c> stands for a value of the run. <c>$${</c> stands for <c>${</c> itself; any other dollar sign is what it is.</summary>
public static class Placeholders
{
    private const string Opening = "${";

    /// <summary>The names that may stand in a text.</summary>
    public static ImmutableArray<string> Known { get; } =
    [
        "base_url", "home", "instruction", "language", "model", "model_provider", "nonce", "out", "started_at", "task", "test_command", "workspace",
    ];

    /// <summary>The names that may stand in a path: their values hold nothing that a path could be led astray by.</summary>
    public static ImmutableArray<string> InPaths { get; } = ["nonce", "task"];

    /// <summary>Looks for what is wrong with a text.</summary>
    /// <param name="template">The text.</param>
    /// <param name="known">The names that may stand in it.</param>
    /// <returns>What is wrong, or null where nothing is.</returns>
    public static string? FaultOf(string template, ImmutableArray<string> known)
    {
        foreach (var piece in Pieces(template))
        {
            if (piece.Name is null && piece.Text == Opening && !piece.IsEscaped)
            {
                return $"a {Opening} has no end";
            }

            if (piece.Name is { } name && !known.Contains(name))
            {
                return $"{PlainText.Quote($"{Opening}{name}}}")} is no placeholder here";
            }
        }

        return null;
    }

    /// <summary>Puts values in, once: what a value says is never expanded again.</summary>
    /// <param name="template">A text without faults; a placeholder that is not known is left as it stands.</param>
    /// <param name="valueOf">The value of a name; null where it has none.</param>
    /// <returns>The text.</returns>
    public static string Expand(string template, Func<string, string?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        var result = new StringBuilder();
        foreach (var piece in Pieces(template))
        {
            result.Append(piece.Name is { } name ? valueOf(name) ?? $"{Opening}{name}}}" : piece.Text);
        }

        return result.ToString();
    }

    /// <summary>The values of a run.</summary>
    /// <param name="task">What the engine is told.</param>
    /// <returns>A value for each name of <see cref="Known"/>; empty where the run has none.</returns>
    public static ImmutableSortedDictionary<string, string> ValuesOf(EngineTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var (contract, paths) = (task.Contract, task.Paths);
        return new Dictionary<string, string>
        {
            ["base_url"] = task.Address,
            ["home"] = paths.Home,
            ["instruction"] = contract.Instruction,
            ["language"] = contract.Fixture.Language,
            ["model"] = contract.Model?.Name ?? "",
            ["model_provider"] = contract.Model?.Provider ?? "",
            ["nonce"] = contract.Nonce,
            ["out"] = paths.Out,
            ["started_at"] = Timestamp.Text(task.Started),
            ["task"] = contract.Fixture.Id.ToString(),
            ["test_command"] = string.Join(' ', contract.Fixture.TestCommand.Select(ShellWord)),
            ["workspace"] = paths.Workspace,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    // A quote within single quotes: out of them, a quoted quote, and in again.
    private static string ShellWord(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static IEnumerable<Piece> Pieces(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var start = 0;
        for (var at = template.IndexOf(Opening, StringComparison.Ordinal); at >= 0; at = template.IndexOf(Opening, start, StringComparison.Ordinal))
        {
            var escaped = at > start && template[at - 1] == '$';
            yield return new Piece(null, template[start..(escaped ? at - 1 : at)], false);
            var end = escaped ? -1 : template.IndexOf('}', at);
            if (end < 0)
            {
                yield return new Piece(null, Opening, escaped);
                start = at + Opening.Length;
            }
            else
            {
                yield return new Piece(template[(at + Opening.Length)..end], "", false);
                start = end + 1;
            }
        }

        yield return new Piece(null, template[start..], false);
    }

    private readonly record struct Piece(string? Name, string Text, bool IsEscaped);
}
