using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Listens outside of the sandbox wherever an attack could speak to, and knows what it heard.</summary>
internal sealed class Ear : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly StringBuilder _heard = new();
    private readonly string _answer;

    /// <param name="answer">What everybody gets who says something over a stream.</param>
    internal Ear(string answer)
    {
        _answer = answer;
        var tcp = Add(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true }, new IPEndPoint(IPAddress.IPv6Any, 0));
        var udp = Add(new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true }, new IPEndPoint(IPAddress.IPv6Any, 0));
        (Tcp, Udp) = (Port(tcp), Port(udp));
        AbstractName = "cto-" + answer;
        Add(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint("\0" + AbstractName));
    }

    internal string Tcp { get; }

    internal string Udp { get; }

    internal string AbstractName { get; }

    /// <summary>An interface of this machine that no sandbox has, and its address.</summary>
    internal static (string Name, string Address) Machine { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .Where(one => one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(one => one.GetIPProperties().UnicastAddresses.Select(address => (one.Name, address.Address)))
        .Where(one => one.Address.AddressFamily == AddressFamily.InterNetwork)
        .Select(one => (one.Name, one.Address.ToString()))
        .First();

    /// <summary>Listens at a path, too.</summary>
    internal void At(string path, SocketType kind)
    {
        Add(new Socket(AddressFamily.Unix, kind, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
    }

    internal bool Heard(string text)
    {
        lock (_gate)
        {
            return _heard.ToString().Contains(text, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static string Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Socket Add(Socket socket, EndPoint place)
    {
        socket.Bind(place);
        var isStream = socket.SocketType == SocketType.Stream;
        if (isStream)
        {
            socket.Listen(128);
        }

        _sockets.Add(socket);
        Start(() =>
        {
            while (true)
            {
                if (isStream)
                {
                    var one = socket.Accept();
                    Start(() => Hear(one, _answer));
                }
                else
                {
                    Take(socket);
                }
            }
        });
        return socket;
    }

    private void Hear(Socket one, string answer)
    {
        using (one)
        {
            while (Take(one))
            {
                _ = one.Send(Encoding.UTF8.GetBytes(answer));
            }
        }
    }

    private bool Take(Socket socket)
    {
        var buffer = new byte[4096];
        var count = socket.Receive(buffer);
        lock (_gate)
        {
            _heard.Append(Encoding.Latin1.GetString(buffer, 0, count)).Append('\n');
        }

        return count > 0;
    }

    // Until the socket is closed, by us or by the other end.
    private static void Start(Action act) => new Thread(() =>
    {
        try
        {
            act();
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    })
    { IsBackground = true }.Start();
}
