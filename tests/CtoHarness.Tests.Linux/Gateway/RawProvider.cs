using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>A provider that answers each request with whatever bytes a test gives it.</summary>
internal sealed class RawProvider : IDisposable
{
    public const string Done = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private readonly Func<HttpRequest, Stream, CancellationToken, Task> _answer;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<HttpRequest> _asked = new();
    private readonly Task _accepting;
    private int _gone;

    public RawProvider(Func<HttpRequest, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start(512);
        _accepting = Accept();
    }

    /// <summary>One that writes the same bytes each time and ends the connection.</summary>
    public RawProvider(string answer)
        : this((_, stream, stop) => stream.WriteAsync(Encoding.UTF8.GetBytes(answer), stop).AsTask())
    {
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    public ImmutableArray<HttpRequest> Asked => [.. _asked];

    /// <summary>How many callers were gone before the answer was written.</summary>
    public int Gone => Volatile.Read(ref _gone);

    /// <summary>The head of an answer of one type, whose body has no announced size.</summary>
    public static string Head(string type = "text/event-stream", string more = "", int status = 200) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nConnection: close\r\n{more}\r\n");

    /// <summary>An answer with an announced size.</summary>
    public static string Whole(string body, string type = "application/json", int status = 200, string more = "") =>
        Head(type, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}"), status) + body;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _accepting.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Serve(client);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // the test is over
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            await using var stream = client.GetStream();
            try
            {
                await using var reader = new BufferedStream(stream);
                if (await HttpRequest.ReadAsync(reader, _stop.Token) is { } request)
                {
                    _asked.Enqueue(request);
                    await _answer(request, stream, _stop.Token);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException)
            {
                Interlocked.Increment(ref _gone);
            }
            catch (OperationCanceledException)
            {
                // the test is over
            }
        }
    }
}
