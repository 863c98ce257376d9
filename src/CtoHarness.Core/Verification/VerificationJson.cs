using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Verification;

/// <summary>Writes <c>verification.jsonl</c>, schema <c>verification.v1.json</c>: first how it was done, then a line for each question.</summary>
public static class VerificationJson
{
    /// <summary>Writes the lines.</summary>
    /// <param name="outcome">What verification came to.</param>
    /// <returns>Each line as UTF-8 JSON with a final newline.</returns>
    public static IEnumerable<byte[]> Lines(VerificationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        yield return Line(json =>
        {
            json.WriteString("schema", "cto-harness/verification/v1");
            json.WriteString("seed", outcome.Seed);
            json.WriteStrings("command", outcome.Command);
            json.WriteNumber("expected", outcome.Expected);
            json.WriteString("shortfall", outcome.Shortfall);
            json.WriteString("trouble", outcome.Trouble);
            json.WriteObserved("survivors", outcome.Survivors);
        });
        foreach (var result in outcome.Results)
        {
            yield return Line(json => Write(json, result));
        }
    }

    private static void Write(Utf8JsonWriter json, CaseResult result)
    {
        json.WriteString("case", result.Name);
        json.WriteString("source", Words.Of(result.Source));
        json.WritePropertyName("input");
        result.Input.WriteTo(json);
        WriteAnswer(json, "expected", result.Expected);
        WriteAnswer(json, "output", result.Output);
        json.WriteBoolean("passed", result.Passed);
    }

    private static void WriteAnswer(Utf8JsonWriter json, string name, Answer? answer)
    {
        json.WritePropertyName(name);
        if (answer is null)
        {
            json.WriteNullValue();
        }
        else
        {
            answer.WriteTo(json);
        }
    }

    private static byte[] Line(Action<Utf8JsonWriter> write) =>
    [
        .. JsonText.Line(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }),
        (byte)'\n',
    ];
}
