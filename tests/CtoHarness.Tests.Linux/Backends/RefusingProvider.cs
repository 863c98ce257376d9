using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>An address of 127.0.0.1 that refuses every connection for as long as this lives: bound, and not listened to.</summary>
internal sealed class RefusingProvider : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RefusingProvider() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/v1");

    public void Dispose() => _socket.Dispose();
}
