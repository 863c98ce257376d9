using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>A request as it came over the wire.</summary>
internal sealed record HttpRequest(string Method, string Path, ImmutableDictionary<string, string> Headers, string Body)
{
    private const int LongestHead = 64 << 10;

    private const int LongestBody = 64 << 20;

    /// <summary>A header's value; empty where it is missing.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>Reads the next request of a connection.</summary>
    /// <returns>Null at the end of the connection.</returns>
    public static async Task<HttpRequest?> ReadAsync(Stream stream, CancellationToken stop)
    {
        var first = await LineAsync(stream, stop);
        if (first is null)
        {
            return null;
        }

        var words = first.Split(' ');
        var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(stream, stop) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..Math.Max(colon, 0)]] = line[(colon + 1)..].Trim();
        }

        var head = new HttpRequest(words[0], words.ElementAtOrDefault(1) ?? "", headers.ToImmutable(), "");
        return head with { Body = Encoding.UTF8.GetString(await BodyAsync(head, stream, stop)) };
    }

    private static async Task<byte[]> BodyAsync(HttpRequest head, Stream stream, CancellationToken stop)
    {
        if (!head.Header("Transfer-Encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return await BytesAsync(stream, head.Header("Content-Length") is { Length: > 0 } length ? int.Parse(length, CultureInfo.InvariantCulture) : 0, stop);
        }

        using var body = new MemoryStream();
        while (true)
        {
            var size = await LineAsync(stream, stop) ?? throw new IOException("the body ends early");
            var chunk = await BytesAsync(stream, int.Parse(size.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), stop);
            await LineAsync(stream, stop);
            if (chunk.Length == 0)
            {
                return body.ToArray();
            }

            await body.WriteAsync(chunk, stop);
        }
    }

    private static async Task<byte[]> BytesAsync(Stream stream, int count, CancellationToken stop)
    {
        if (count is < 0 or > LongestBody)
        {
            throw new IOException("the body is too long");
        }

        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    private static async Task<string?> LineAsync(Stream stream, CancellationToken stop)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
            if (line.Count > LongestHead)
            {
                throw new IOException("the head is too long");
            }
        }

        return null;
    }
}
