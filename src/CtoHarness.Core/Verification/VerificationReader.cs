using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Verification;

/// <summary>Reads <c>verification.jsonl</c>.</summary>
public static class VerificationReader
{
    /// <summary>Reads what verification came to; whether an answer is the expected one is compared anew.</summary>
    /// <param name="file">Any bytes.</param>
    /// <param name="took">How long it took, which the file does not tell.</param>
    /// <returns>The outcome, or null unless it is written as exactly these bytes.</returns>
    public static VerificationOutcome? TryRead(ReadOnlyMemory<byte> file, TimeSpan took)
    {
        var lines = LineSplit.Of(file);
        if (lines is not [var first, .. var rest] || Head(first, took) is not { } head)
        {
            return null;
        }

        var results = ImmutableArray.CreateBuilder<CaseResult>();
        foreach (var line in rest)
        {
            if (JsonValue.TryRead(line) is not JsonValue.Map map || Result(map) is not { } result)
            {
                return null;
            }

            results.Add(result);
        }

        var outcome = head with { Results = results.ToImmutable() };
        return LineSplit.Same(VerificationJson.Lines(outcome), file) ? outcome : null;
    }

    private static VerificationOutcome? Head(ReadOnlyMemory<byte> line, TimeSpan took) =>
        JsonFields.TryParse(line) is { ValueKind: JsonValueKind.Object } json && json.Texts("command") is { } command && json.Text("seed") is { } seed
        && json.Count("expected") is { } expected and <= int.MaxValue && json.Text("shortfall") is { } shortfall && json.Text("trouble") is { } trouble
            ? new VerificationOutcome(command, seed, (int)expected, [], shortfall, trouble, json.Count("survivors") is { } left and <= int.MaxValue ? (int)left : null, took)
            : null;

    private static CaseResult? Result(JsonValue.Map map) =>
        map.Find("case") is JsonValue.Characters { Value: var name } && map.Find("source") is JsonValue.Characters { Value: var word }
        && WordReader.Find<CaseSource>(word, Words.Of) is { } source && map.Find("input") is { } input
            ? new CaseResult(name, source, input, AnswerOf(map.Find("expected")), AnswerOf(map.Find("output")))
            : null;

    private static Answer? AnswerOf(JsonValue? value) => value switch
    {
        JsonValue.Map { Fields: [("value", var given)] } => new Answer.Returned(given),
        JsonValue.Map { Fields: [("raised", JsonValue.Characters { Value: var type })] } => new Answer.Raised(type),
        _ => null,
    };
}
