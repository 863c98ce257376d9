using System.Globalization;
using System.Text;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>Writes one answer to a connection, byte for byte, whether it is right or wrong.</summary>
internal sealed class AnswerWriter(Stream stream, Completions completions, bool streaming, CancellationToken stop)
{
    private const int Block = 64 << 10;

    private const string LongText = "This text is longer than what is ever sent of it, so that there is always something to leave out of a stream.";

    /// <summary>Writes it.</summary>
    /// <returns>Whether the connection may go on.</returns>
    public async Task<bool> WriteAsync(Answer answer)
    {
        switch (answer)
        {
            case Answer.Refuses refuses:
                await BodyAsync(refuses.Status, refuses.ContentType, refuses.Body);
                return true;
            case Answer.Stalls stalls:
                await BeginAsync(stalls.Chunks);
                await UntilTheCallerLeavesAsync();
                return false;
            case Answer.Cuts cuts:
                await BeginAsync(cuts.Chunks);
                return false;
            case Answer.Garbles:
                await GarbleAsync();
                return true;
            case Answer.Continues continues:
                await ContinueAsync(continues.Interval);
                return false;
            case Answer.Floods floods:
                await FloodAsync(floods.Bytes);
                return true;
            case Answer.Drips drips:
                await DripAsync(drips);
                return true;
            default:
                await WholeAsync(answer);
                return true;
        }
    }

    /// <summary>Writes a whole response with a body.</summary>
    public async Task BodyAsync(int status, string contentType, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await TextAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Scripted\r\nContent-Type: {contentType}\r\nContent-Length: {bytes.Length}\r\n\r\n"));
        await stream.WriteAsync(bytes, stop);
    }

    private async Task WholeAsync(Answer answer)
    {
        if (!streaming)
        {
            await BodyAsync(200, "application/json", completions.Whole(answer));
            return;
        }

        await HeadAsync();
        foreach (var chunk in completions.Chunks(answer))
        {
            await EventAsync(chunk);
        }

        await EndAsync();
    }

    // Of a call that asked for no stream, the body is begun and not ended.
    private async Task BeginAsync(int chunks)
    {
        if (chunks < 0)
        {
            return;
        }

        var answer = Turns.Say(LongText);
        if (!streaming)
        {
            var body = completions.Whole(answer);
            await TextAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body[..(body.Length / 2)]}"));
            return;
        }

        await HeadAsync();
        foreach (var chunk in completions.Chunks(answer).SkipLast(2).Take(chunks))
        {
            await EventAsync(chunk);
        }
    }

    private async Task GarbleAsync()
    {
        if (!streaming)
        {
            await BodyAsync(200, "application/json", "{\"choices\":[{\"message\":");
            return;
        }

        await HeadAsync();
        await EventAsync(completions.First());
        await EventAsync("{\"choices\":[{\"delta\":{\"content\":");
        await EventAsync("<html>\u001b[31m this is no JSON");
        await EndAsync();
    }

    private async Task ContinueAsync(TimeSpan interval)
    {
        await HeadAsync();
        await EventAsync(completions.First());
        while (true)
        {
            await EventAsync(completions.Text("and so on "));
            await Task.Delay(interval, stop);
        }
    }

    private async Task FloodAsync(long count)
    {
        if (!streaming)
        {
            // By hand, so that no text of this length is ever in memory.
            var (head, tail) = Around(completions.Whole(Turns.Say("#")));
            await TextAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {head.Length + count + tail.Length}\r\n\r\n{head}"));
            await FillAsync(count, block => stream.WriteAsync(block, stop).AsTask());
            await TextAsync(tail);
            return;
        }

        await HeadAsync();
        await EventAsync(completions.First());
        await FillAsync(count, block => EventAsync(completions.Text(Encoding.ASCII.GetString(block.Span))));
        await EventAsync(completions.Finish("stop"));
        await EventAsync(completions.Last());
        await EndAsync();
    }

    private static (string Head, string Tail) Around(string text)
    {
        var at = text.IndexOf('#', StringComparison.Ordinal);
        return (text[..at], text[(at + 1)..]);
    }

    private static async Task FillAsync(long count, Func<ReadOnlyMemory<byte>, Task> write)
    {
        var block = new byte[Block];
        Array.Fill(block, (byte)'~');
        for (var left = count; left > 0; left -= Math.Min(left, Block))
        {
            await write(block.AsMemory(0, (int)Math.Min(left, Block)));
        }
    }

    private async Task DripAsync(Answer.Drips drips)
    {
        using var whole = new MemoryStream();
        await new AnswerWriter(whole, completions, streaming, stop).WriteAsync(Turns.Say(drips.Text));
        const int timesPerSecond = 10;
        var step = Math.Max(drips.BytesPerSecond / timesPerSecond, 1);
        var bytes = whole.ToArray();
        for (var begin = 0; begin < bytes.Length; begin += step)
        {
            await stream.WriteAsync(bytes.AsMemory(begin, Math.Min(step, bytes.Length - begin)), stop);
            await Task.Delay(TimeSpan.FromSeconds((double)step / drips.BytesPerSecond), stop);
        }
    }

    private async Task UntilTheCallerLeavesAsync()
    {
        var rest = new byte[Block];
        while (await stream.ReadAsync(rest, stop) > 0)
        {
        }

        throw new IOException("the caller has left");
    }

    private Task HeadAsync() => TextAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n");

    private Task EventAsync(string data)
    {
        var text = $"data: {data}\n\n";
        return TextAsync(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n"));
    }

    private async Task EndAsync()
    {
        await EventAsync("[DONE]");
        await TextAsync("0\r\n\r\n");
    }

    private async Task TextAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
}
