using System.Text.Json;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The answers of a scripted model, by short names.</summary>
internal static class Turns
{
    /// <summary>Text that ends the turn.</summary>
    public static Answer Say(string text, string finish = "stop") => new Answer.Says(text, finish);

    /// <summary>The call of a tool; the arguments are any object that makes a JSON object.</summary>
    public static Answer CallTool(string tool, object arguments, string text = "") => new Answer.Calls(text, tool, JsonSerializer.Serialize(arguments));

    /// <summary>A command for the tool bash.</summary>
    public static Answer Bash(string command) => CallTool("bash", new { command });

    /// <summary>An HTTP status with an error in the form that such providers use.</summary>
    public static Answer Status(int code, string message) =>
        new Answer.Refuses(code, "application/json", JsonSerializer.Serialize(new { error = new { message, type = "scripted", code } }));

    /// <summary>Not a byte, for as long as the caller waits.</summary>
    public static Answer Hang() => new Answer.Stalls(-1);

    /// <summary>The head of the answer and so many chunks, then nothing.</summary>
    public static Answer HangAfter(int chunks) => new Answer.Stalls(chunks);

    /// <summary>The head of the answer and so many chunks, then the connection ends.</summary>
    public static Answer CutAfter(int chunks) => new Answer.Cuts(chunks);

    /// <summary>A stream of lines that are no JSON.</summary>
    public static Answer Malformed() => new Answer.Garbles();

    /// <summary>A text that never ends.</summary>
    public static Answer Endless(TimeSpan interval) => new Answer.Continues(interval);

    /// <summary>A text of so many bytes.</summary>
    public static Answer Bytes(long count) => new Answer.Floods(count);

    /// <summary>A text, slowly.</summary>
    public static Answer Slow(string text, int bytesPerSecond) => new Answer.Drips(text, bytesPerSecond);
}
