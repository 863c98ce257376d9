using System.Text;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Verification;

/// <summary>The lines that the harness and a driver exchange: one JSON object each.</summary>
public static class DriverLine
{
    private const int LongestType = 200;

    /// <summary>What a driver says before it touches any code under test: <c>{"ready":true}</c>.</summary>
    /// <param name="line">A line of the driver.</param>
    /// <returns>Whether it says just this.</returns>
    public static bool IsReady(ReadOnlyMemory<byte> line) =>
        JsonValue.TryRead(line) is JsonValue.Map { Fields: [("ready", JsonValue.Truth { Value: true })] };

    /// <summary>Writes a request.</summary>
    /// <param name="token">A text that the answer must repeat.</param>
    /// <param name="input">The input: a map of <c>arguments</c> and, where there are any, <c>keywords</c>.</param>
    /// <returns>UTF-8 with a final newline.</returns>
    public static byte[] Request(string token, JsonValue.Map input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return [.. JsonText.Line(json =>
        {
            json.WriteStartObject();
            json.WriteString("case", token);
            foreach (var (name, value) in input.Fields)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }), (byte)'\n'];
    }

    /// <summary>Reads an answer: <c>{"case":TOKEN,"value":…}</c> or <c>{"case":TOKEN,"raised":TYPE}</c>.</summary>
    /// <param name="line">A line, hostile bytes included.</param>
    /// <param name="token">The token of the request.</param>
    /// <returns>The answer, or null where the line is anything else.</returns>
    public static Answer? TryRead(ReadOnlyMemory<byte> line, string token)
    {
        if (JsonValue.TryRead(line) is not JsonValue.Map { Fields.Length: 2 } map || map.Find("case") is not JsonValue.Characters { Value: var said } || said != token)
        {
            return null;
        }

        return (map.Find("value"), map.Find("raised")) switch
        {
            ({ } value, null) => new Answer.Returned(value),
            (null, JsonValue.Characters { Value: { Length: > 0 and <= LongestType } type }) => new Answer.Raised(type),
            _ => null,
        };
    }

    /// <summary>The answer of a command that ran to its end.</summary>
    /// <param name="output">What it wrote to standard output.</param>
    /// <param name="exitCode">Its exit code.</param>
    /// <returns>A map of <c>stdout</c> (or <c>stdout_base64</c> where it is no UTF-8) and <c>exit_code</c>.</returns>
    public static Answer OfCommand(ReadOnlySpan<byte> output, int exitCode)
    {
        var code = new JsonValue.Number(exitCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            return new Answer.Returned(new JsonValue.Map([("stdout", new JsonValue.Characters(StrictUtf8.GetString(output))), ("exit_code", code)]));
        }
        catch (DecoderFallbackException)
        {
            return new Answer.Returned(new JsonValue.Map([("stdout_base64", new JsonValue.Characters(Convert.ToBase64String(output))), ("exit_code", code)]));
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);
}
