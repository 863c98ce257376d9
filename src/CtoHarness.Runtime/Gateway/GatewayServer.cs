using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Gateway;

/// <summary>The HTTP server on a listener that was handed out of a sandbox.</summary>
internal sealed class GatewayServer : IDisposable
{
    private const int MostConnections = 256;
    private const int BufferBytes = 32 << 10;
    private const int HeaderBytes = 16 << 10;
    private const int LineBytes = 4 << 10;
    private const int MostHeaders = 64;
    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(2);

    private readonly KestrelServer _server;

    private GatewayServer(KestrelServer server) => _server = server;

    /// <summary>Starts to serve.</summary>
    /// <param name="listener">The listener, which this closes in the end.</param>
    /// <param name="application">Answers requests.</param>
    /// <exception cref="IOException">It is no listener.</exception>
    internal static async Task<GatewayServer> Start(SafeFileHandle listener, GatewayApplication application)
    {
        var handle = listener.DangerousGetHandle();
#pragma warning disable CA2000 // the server closes it
        var socket = SocketOf(listener);
#pragma warning restore CA2000
        using var ear = new BadRequestEar(application.Note);
        var options = OptionsFor((ulong)handle);
        var server = new KestrelServer(
            Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions { CreateBoundListenSocket = _ => socket }), ear), ear);
        try
        {
            await server.StartAsync(application, CancellationToken.None);
            return new GatewayServer(server);
        }
        catch (Exception)
        {
            server.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Stops accepting, and ends the connections that are left after a moment.</summary>
    internal async Task Stop(TimeSpan patience)
    {
        using var enough = new CancellationTokenSource(patience);
        await _server.StopAsync(enough.Token);
    }

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    private static Socket SocketOf(SafeFileHandle listener)
    {
#pragma warning disable CA2000 // the socket closes it
        var handle = new SafeSocketHandle(listener.DangerousGetHandle(), ownsHandle: true);
#pragma warning restore CA2000
        listener.SetHandleAsInvalid(); // the socket closes it
        try
        {
            return new Socket(handle);
        }
        catch (Exception odd) when (odd is SocketException or ArgumentException)
        {
            handle.Dispose();
            throw new IOException($"what the sandbox handed out is no listener: {odd.Message}", odd);
        }
    }

    private static KestrelServerOptions OptionsFor(ulong handle)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBufferSize = BufferBytes;
        options.Limits.MaxResponseBufferSize = BufferBytes;
        options.Limits.MaxRequestBodySize = null; // counted by whoever reads it
        options.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        options.Limits.MaxRequestHeaderCount = MostHeaders;
        options.Limits.MaxRequestLineSize = LineBytes;
        options.Limits.RequestHeadersTimeout = HeaderPatience;
        options.Limits.KeepAliveTimeout = KeepAlive;
        options.Limits.MinResponseDataRate = null; // who reads slowly may
        options.ListenHandle(handle, listen => listen.Protocols = HttpProtocols.Http1);
        return options;
    }
}
