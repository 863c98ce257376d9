namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What a scripted model answers to one call.</summary>
internal abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>Text, and the reason why it ends.</summary>
    public sealed record Says(string Text, string Finish) : Answer;

    /// <summary>Text and the call of a tool, whose arguments are a JSON object.</summary>
    public sealed record Calls(string Text, string Tool, string Arguments) : Answer;

    /// <summary>An HTTP status and a body.</summary>
    public sealed record Refuses(int Status, string ContentType, string Body) : Answer;

    /// <summary>So many chunks of a text, then nothing, on a connection that stays.</summary>
    public sealed record Stalls(int Chunks) : Answer;

    /// <summary>So many chunks of a text, then the end of the connection.</summary>
    public sealed record Cuts(int Chunks) : Answer;

    /// <summary>A stream that is none of chunks of JSON.</summary>
    public sealed record Garbles : Answer;

    /// <summary>Text without an end, a chunk every so often.</summary>
    public sealed record Continues(TimeSpan Interval) : Answer;

    /// <summary>A whole answer whose text has so many bytes.</summary>
    public sealed record Floods(long Bytes) : Answer;

    /// <summary>A whole answer, so many bytes of it a second.</summary>
    public sealed record Drips(string Text, int BytesPerSecond) : Answer;
}
