using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

[Trait("Mission", "M11")]
public sealed class NetworkTests
{
    private const string Connect = """
        import socket, sys
        for family, address in ((socket.AF_INET, ("127.0.0.1", int(sys.argv[1]))), (socket.AF_INET, (sys.argv[2], int(sys.argv[1]))), (socket.AF_UNIX, "\0" + sys.argv[3]), (socket.AF_UNIX, sys.argv[4])):
            try:
                with socket.socket(family, socket.SOCK_STREAM) as one:
                    one.settimeout(3)
                    one.connect(address)
                    print("connected")
            except OSError as refusal:
                print("refused")
        """;

    [Fact]
    public void The_backend_has_no_network_but_its_own_loopback()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("cat /proc/net/dev; cat /proc/net/route").Run().Bundle();
        var said = bundle.Text("backend/stdout.log");
        Assert.Equal(["lo"], said.Split('\n').Where(line => line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':')[0].Trim()));
    }

    [Fact]
    public void It_connects_to_nothing_of_the_machine_while_the_same_program_outside_does()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        using var server = new TcpListener(IPAddress.Any, 0);
        server.Start();
        var name = root.Marker;
        using var hidden = Listening(new UnixDomainSocketEndPoint("\0" + name));
        using var plain = Listening(new UnixDomainSocketEndPoint(root.At("socket")));
        Tool.Run("/bin/chmod", "777", root.At("socket"));
        string[] words =
        [
            ((IPEndPoint)server.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture), Address(), name, root.At("socket"),
        ];
        var inside = root.Backend($"python3 - {string.Join(' ', words.Select(word => $"'{word}'"))} <<'PY'\n{Connect}\nPY\n").Run().Bundle().Text("backend/stdout.log");
        Assert.Equal("refused\nrefused\nrefused\nrefused\n", inside);
        Assert.Equal("connected\nconnected\nconnected\nconnected\n", Tool.Run("python3", ["-c", Connect, .. words]));
    }

    private static Socket Listening(UnixDomainSocketEndPoint place)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(place);
        socket.Listen();
        return socket;
    }

    // An address of this machine that is not the loopback's; the loopback again where it has no other.
    private static string Address() =>
        System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(one))?.ToString() ?? "127.0.0.1";
}
