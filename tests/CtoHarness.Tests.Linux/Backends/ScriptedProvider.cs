using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>
/// A model provider that says what a script tells it to: OpenAI's chat completions on 127.0.0.1,
/// over bare sockets, because much of what it does no server would do.
/// </summary>
internal sealed class ScriptedProvider : IDisposable
{
    /// <summary>The model that it has unless it is told otherwise.</summary>
    public const string Model = "scripted";

    private const int MostKept = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Script _script;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly ConcurrentQueue<HttpRequest> _asked = new();
    private readonly Task _accepting;
    private int _calls;
    private int _requests;
    private int _vanished;

    /// <summary>Starts it on a free port.</summary>
    public ScriptedProvider(Script script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The base URL, as it stands in a provider's configuration.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/v1");

    /// <summary>The key that every request must bring; empty: none is asked for.</summary>
    public string Key { get; init; } = "";

    /// <summary>What GET /v1/models lists.</summary>
    public ImmutableArray<string> Models { get; init; } = [Model];

    /// <summary>The status of GET /v1/models.</summary>
    public int ModelsStatus { get; init; } = 200;

    /// <summary>The first thousand requests, in the order in which they came.</summary>
    public ImmutableArray<HttpRequest> Asked => [.. _asked];

    /// <summary>How many completions were asked for.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many callers were gone before their answer was over.</summary>
    public int Vanished => Volatile.Read(ref _vanished);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        Assert.True(Task.WaitAll([_accepting, .. _connections.Keys], Patience), "connections of the scripted provider do not end");
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        // The constructor must not do any of this itself.
        await Task.Yield();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                var connection = ServeAsync(socket);
                _connections[connection] = true;
                _ = connection.ContinueWith(ended => _connections.TryRemove(ended, out _), TaskScheduler.Default);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A connection that was reset before it was accepted is no reason to stop.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await using var reader = new BufferedStream(stream);
        socket.NoDelay = true;
        try
        {
            while (await HttpRequest.ReadAsync(reader, _stop.Token) is { } request && await AnswerAsync(request, stream))
            {
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            Interlocked.Increment(ref _vanished);
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<bool> AnswerAsync(HttpRequest request, Stream stream)
    {
        var number = Interlocked.Increment(ref _requests);
        if (number <= MostKept)
        {
            _asked.Enqueue(request);
        }

        var conversation = Conversation.Read(request.Body);
        var completions = new Completions(string.Create(CultureInfo.InvariantCulture, $"scripted-{number}"), conversation?.Model ?? "");
        var writer = new AnswerWriter(stream, completions, conversation?.Stream ?? false, _stop.Token);
        return await writer.WriteAsync(Choose(request, conversation));
    }

    private Answer Choose(HttpRequest request, Conversation? conversation)
    {
        if (Key.Length > 0 && request.Header("Authorization") != $"Bearer {Key}")
        {
            return Turns.Status(401, "the key is wrong");
        }

        switch (request.Method, request.Path)
        {
            case ("GET", "/v1/models"):
                return new Answer.Refuses(ModelsStatus, "application/json", JsonSerializer.Serialize(new { @object = "list", data = Models.Select(id => new { id, @object = "model" }) }));
            case ("POST", "/v1/chat/completions"):
                Interlocked.Increment(ref _calls);
                return conversation is null ? Turns.Status(400, "this is no chat completion") : _script(conversation);
            default:
                return Turns.Status(404, "there is nothing at this path");
        }
    }
}
