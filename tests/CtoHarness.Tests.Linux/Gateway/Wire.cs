using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>A connection to a gateway on which a test writes whatever bytes it likes.</summary>
internal sealed class Wire : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Wire(int port, int receiveBuffer = 0)
    {
        _socket.ReceiveTimeout = _socket.SendTimeout = (int)Patience.TotalMilliseconds;
        if (receiveBuffer > 0)
        {
            _socket.ReceiveBufferSize = receiveBuffer;
        }

        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>A whole call, as a client writes it.</summary>
    public static string Call(OpenGateway gateway, string body, string more = "") =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{gateway.Port}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}\r\n{body}";

    public Wire Write(string text)
    {
        _socket.Send(Encoding.UTF8.GetBytes(text));
        return this;
    }

    /// <summary>Reads until a text has come, or the connection ends.</summary>
    public string ReadUntil(string text)
    {
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal) && Receive(buffer) is > 0 and var count)
        {
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    /// <summary>Reads to the end of the connection.</summary>
    public string ReadToEnd() => ReadUntil("\0never");

    /// <summary>Reads so many bytes, or to the end; nothing of them is kept.</summary>
    public long Skip(long count)
    {
        var buffer = new byte[64 << 10];
        long read = 0;
        while (read < count && Receive(buffer) is > 0 and var more)
        {
            read += more;
        }

        return read;
    }

    public void Dispose() => _socket.Dispose();

    private int Receive(byte[] buffer)
    {
        try
        {
            return _socket.Receive(buffer);
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return 0;
        }
    }
}
