using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Gateway;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>A gateway that serves a listener of this machine, and a client of it.</summary>
internal sealed class OpenGateway : IDisposable
{
    public const string Model = "scripted";

    public const string Key = "sk-test/8+f0\"KEY";

    public static readonly string Nonce = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<ModelCall> _told = new();
    private readonly MemoryStream _traffic = new();
    private readonly ModelGateway _gateway;

    /// <summary>Opens it in front of a provider.</summary>
    public OpenGateway(string address, Func<GatewayPlan, GatewayPlan>? change = null, ValueSearch? withheld = null, Action<ModelCall>? called = null, Stream? traffic = null)
    {
#pragma warning disable CA2000, CA1816 // the gateway closes what both stand for, and a socket that lost it would wait for it in vain
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var plan = new GatewayPlan(
            new Provider("p", "P", address, Provider.ChatCompletions, "PROVIDER_KEY", "", true), new ModelName("p", Model), Key, Nonce,
            new GatewayLimits(10_000, 1L << 40, 8 << 20, 256 << 20, 60, 32 << 20, 0), Patience, Port);
        _gateway = new ModelGateway(change?.Invoke(plan) ?? plan, called ?? _told.Enqueue, traffic ?? _traffic, withheld ?? ValueSearch.None, TimeProvider.System);
        var handle = new SafeFileHandle(socket.SafeHandle.DangerousGetHandle(), ownsHandle: true);
        socket.SafeHandle.SetHandleAsInvalid();
        GC.SuppressFinalize(socket);
#pragma warning restore CA2000, CA1816
        _gateway.Serve(handle);
    }

    public int Port { get; }

    /// <summary>Where the one path is.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/v1/chat/completions");

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 300 }) { Timeout = Patience };

    /// <summary>The calls that were told of until now.</summary>
    public ImmutableArray<ModelCall> Told => [.. _told];

    /// <summary>The lines of the record; for a gateway that is closed.</summary>
    public ImmutableArray<JsonObject> Lines => [.. TrafficText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    public string TrafficText => Encoding.UTF8.GetString(_traffic.ToArray());

    /// <summary>A call's body.</summary>
    public static string Body(bool stream, string text = "hello", string model = Model) =>
        new JsonObject { ["model"] = model, ["stream"] = stream, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) }.ToJsonString();

    /// <summary>Asks and reads the whole answer.</summary>
    public (int Status, string Text) Ask(string body) => Send(Request(body));

    public (int Status, string Text) Send(HttpRequestMessage request)
    {
        using (request)
        using (var answer = Client.Send(request))
        using (var reader = new StreamReader(answer.Content.ReadAsStream()))
        {
            return ((int)answer.StatusCode, reader.ReadToEnd());
        }
    }

    public HttpRequestMessage Request(string body) =>
        new(HttpMethod.Post, Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { { "Content-Type", "application/json" } } } };

    /// <summary>Closes the gateway.</summary>
    public ModelTraffic Close() => _gateway.Close();

    /// <summary>Closes the gateway, which had exactly one call.</summary>
    public ModelCall Only()
    {
        var traffic = Close();
        Assert.Equal("", traffic.Trouble);
        var call = Assert.Single(traffic.Calls);
        Assert.Equal(call, Assert.Single(Told));
        return call;
    }

    public void Dispose()
    {
        Client.Dispose();
        _gateway.Dispose();
        _traffic.Dispose();
    }
}
