using System.Net;
using System.Text;

namespace CtoHarness.Puppet;

/// <summary>Addresses as the kernel takes them.</summary>
internal static class Addresses
{
    internal static byte[] Internet(string host, int port)
    {
        var address = IPAddress.Parse(host);
        byte[] head = [(byte)(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 2 : 10), 0, (byte)(port >> 8), (byte)(port & 0xff)];
        return head[0] == 2 ? [.. head, .. address.GetAddressBytes(), .. new byte[8]] : [.. head, 0, 0, 0, 0, .. address.GetAddressBytes(), 0, 0, 0, 0];
    }

    internal static byte[] Path(string path) => [1, 0, .. Encoding.UTF8.GetBytes(path), 0];

    internal static byte[] Abstract(string name) => [1, 0, 0, .. Encoding.UTF8.GetBytes(name)];
}
