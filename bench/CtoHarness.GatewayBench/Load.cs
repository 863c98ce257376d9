using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace CtoHarness.GatewayBench;

/// <summary>Asks again and again, so many at once, and says how long that took.</summary>
internal static class Load
{
    private static readonly byte[] Body = Encoding.ASCII.GetBytes($"{{\"model\":\"{Serving.Model}\",\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"{new string('x', 2000)}\"}}]}}");

    internal static async Task<int> Run(Uri url, int calls, int atOnce)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = atOnce };
        using var client = new HttpClient(handler);
        for (var warm = 0; warm < Math.Min(calls, 50); warm++)
        {
            await Ask(client, url);
        }

        var times = new List<double>();
        long bytes = 0;
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (_, _) =>
        {
            var start = Stopwatch.GetTimestamp();
            var read = await Ask(client, url);
            lock (times)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                bytes += read;
            }
        });
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"median {times[times.Count / 2]:0.000} ms, p99 {times[times.Count * 99 / 100]:0.000} ms, {calls / took:0} calls/s, {bytes / took / 1e6:0} MB/s"));
        return 0;
    }

    private static async Task<long> Ask(HttpClient client, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"the answer is {answer.StatusCode}");
        }

        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64 << 10];
        long count = 0;
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            count += read;
        }

        return count;
    }
}
