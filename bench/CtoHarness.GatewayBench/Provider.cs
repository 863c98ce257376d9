using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CtoHarness.GatewayBench;

/// <summary>A provider as quick as sockets are: it answers each request with a stream of so many bytes.</summary>
internal static class Provider
{
    private const int EventBytes = 16 << 10;
    private static readonly byte[] Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray();

    internal static async Task<int> Run(long bytes)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(512);
        await Console.Out.WriteLineAsync(((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        while (true)
        {
            _ = Serve(await listener.AcceptTcpClientAsync(), bytes);
        }
    }

    private static async Task Serve(TcpClient client, long bytes)
    {
        using (client)
        {
            client.NoDelay = true;
            await using var stream = client.GetStream();
            try
            {
                while (await Skip(stream))
                {
                    await Answer(stream, bytes);
                }
            }
            catch (IOException)
            {
                // the caller is gone
            }
        }
    }

    private static async Task Answer(NetworkStream stream, long bytes)
    {
        var some = Chunk("data: {\"choices\":[{\"delta\":{\"content\":\"" + new string('x', EventBytes) + "\"}}]}\n\n");
        var last = Chunk("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n");
        byte[] end = [.. last, .. "0\r\n\r\n"u8];
        if (bytes <= EventBytes)
        {
            await stream.WriteAsync((byte[])[.. Head, .. end]); // one write, as a small answer has it
            return;
        }

        await stream.WriteAsync(Head);
        for (long sent = 0; sent < bytes; sent += EventBytes)
        {
            await stream.WriteAsync(some);
        }

        await stream.WriteAsync(end);
    }

    private static byte[] Chunk(string text) => Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");

    // Reads a request whose body has an announced size, and keeps nothing of it.
    private static async Task<bool> Skip(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(one);
            if (read == 0)
            {
                return false;
            }

            head.Append(Encoding.ASCII.GetString(one, 0, read));
            var text = head.ToString();
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            var size = text[..end].Split("\r\n").First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
            for (var left = long.Parse(size, System.Globalization.CultureInfo.InvariantCulture) - (text.Length - end - 4); left > 0;)
            {
                left -= await stream.ReadAsync(one.AsMemory(0, (int)Math.Min(left, one.Length)));
            }

            return true;
        }
    }
}
