using System.Globalization;
using System.Text;

namespace CtoHarness.Puppet;

/// <summary>Attacks that speak with somebody outside. Where an answer comes, it is left in a file called <c>loot</c>.</summary>
internal static unsafe class Network
{
    private const int Stream = 1;
    private const int Datagram = 2;
    private const int Unix = 1;
    private const int Netlink = 16;
    private const int Vsock = 40;
    private const int FastOpen = 0x20000000;

    internal static Dictionary<string, Func<string[], long>> Verbs { get; } = new(StringComparer.Ordinal)
    {
        ["tcp"] = words => Tell(Stream, Internet(words), words[2]),
        ["tcp-fast"] = words => Send(Stream, Internet(words), Encoding.UTF8.GetBytes(words[2]), FastOpen),
        ["udp"] = words => Send(Datagram, Internet(words), Encoding.UTF8.GetBytes(words[2]), 0),
        ["udp-connected"] = words => Tell(Datagram, Internet(words), words[2]),
        ["udp-message"] = words => SendMessage(Internet(words), words[2]),
        ["dns"] = words => Send(Datagram, Internet(words), Question(words[2]), 0),
        ["unix"] = words => Ask(Addresses.Path(words[0]), words[1]),
        ["unix-at-the-edge"] = words => AskAtTheEdge(Addresses.Path(words[0]), words[1]),
        ["unix-datagram"] = words => Send(Datagram, Addresses.Path(words[0]), Encoding.UTF8.GetBytes(words[1]), 0),
        ["unix-message"] = words => SendMessage(Addresses.Path(words[0]), words[1]),
        ["unix-messages"] = words => SendMessages(Addresses.Path(words[0]), words[1]),
        ["unix-bind"] = words => Kernel.Do(Call.Socket, Unix, Stream) is >= 0 and var socket ? With(Addresses.Path(words[0]), (at, length) => Kernel.Do(Call.Bind, socket, at, length)) : Program.NoEffect,
        ["abstract"] = words => Tell(Stream, Addresses.Abstract(words[0]), words[1]),
        ["held-socket"] = words => Kernel.Put(long.Parse(words[0], CultureInfo.InvariantCulture), words[1]),
        ["netlink"] = _ => Interfaces(),
        ["raw"] = _ => Kernel.Do(Call.Socket, 2, 3, 1),
        ["packet"] = _ => Kernel.Do(Call.Socket, 17, 3, 0x300),
        ["vsock"] = words => Kernel.Do(Call.Socket, Vsock, Stream) is var socket && socket < 0 ? socket : RollCall(words[0]),
    };

    /// <summary>Says "here I am" at a socket and waits until whoever listens has had a look.</summary>
    internal static long RollCall(string place)
    {
        var socket = Kernel.Do(Call.Socket, Unix, Stream);
        var result = With(Addresses.Path(place), (at, length) => Kernel.Do(Call.Connect, socket, at, length));
        return result < 0 ? result : Kernel.Take(socket, out _);
    }

    /// <summary>Connects, says something and keeps the answer.</summary>
    internal static long Ask(byte[] address, string text)
    {
        var socket = Kernel.Do(Call.Socket, address[0], Stream);
        var result = socket < 0 ? socket : With(address, (at, length) => Kernel.Do(Call.Connect, socket, at, length));
        return result < 0 ? result : Writes.First(Kernel.Put(socket, text), () => Reads.Loot(socket));
    }

    // The address ends where memory ends, and its length has bits above those that the kernel looks at: who reads as much as it says reads nothing.
    private static long AskAtTheEdge(byte[] address, string text)
    {
        const int Page = 4096;
        const int PrivateAnonymous = 0x22;
        var place = Kernel.Do(Call.Map, 0, 2 * Page, 3, PrivateAnonymous, -1, 0);
        _ = Kernel.Do(new Call(11, 215), place + Page, Page); // munmap
        var start = place + Page - address.Length;
        address.CopyTo(new Span<byte>((void*)(nint)start, address.Length));
        var socket = Kernel.Do(Call.Socket, address[0], Stream);
        return Writes.First(Kernel.Do(Call.Connect, socket, start, address.Length + (1L << 32)), () => Kernel.Put(socket, text));
    }

    private static byte[] Internet(string[] words) => Addresses.Internet(words[0], int.Parse(words[1], CultureInfo.InvariantCulture));

    private static long Tell(int kind, byte[] address, string text)
    {
        var socket = Kernel.Do(Call.Socket, address[0], kind);
        var result = socket < 0 ? socket : With(address, (at, length) => Kernel.Do(Call.Connect, socket, at, length));
        return result < 0 ? result : Kernel.Put(socket, text);
    }

    private static long Send(int kind, byte[] address, byte[] bytes, int flags)
    {
        var socket = Kernel.Do(Call.Socket, address[0], kind);
        return socket < 0 ? socket : With(address, (at, length) => Kernel.Do(Call.SendTo, socket, Kernel.Bytes(bytes), bytes.Length, flags, at, length));
    }

    // sendmsg(2) names the address in memory, where no filter sees it.
    private static long SendMessage(byte[] address, string text) =>
        Kernel.Do(Call.Socket, address[0], Datagram) is >= 0 and var socket ? Kernel.Do(Call.SendMessage, socket, Message(address, text), 0) : Program.NoEffect;

    private static long SendMessages(byte[] address, string text) =>
        Kernel.Do(Call.Socket, address[0], Datagram) is >= 0 and var socket ? Kernel.Do(new Call(307, 269), socket, Message(address, text), 1, 0) : Program.NoEffect;

    private static nint Message(byte[] address, string text)
    {
        var part = (nint*)Kernel.Bytes(new byte[16]);
        (part[0], part[1]) = (Kernel.Text(text), Encoding.UTF8.GetByteCount(text));
        var message = (nint*)Kernel.Bytes(new byte[64]); // struct mmsghdr begins with a struct msghdr
        (message[0], message[1], message[2], message[3]) = (Kernel.Bytes(address), address.Length, (nint)part, 1);
        return (nint)message;
    }

    private static long With(byte[] address, Func<long, long, long> call) => call(Kernel.Bytes(address), address.Length);

    // A question for an address: what is to be carried out stands in the name.
    private static byte[] Question(string label) =>
        [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte)label.Length, .. Encoding.ASCII.GetBytes(label), 7, .. "example"u8, 0, 0, 1, 0, 1];

    private static long Interfaces()
    {
        const int Done = 3;
        var socket = Kernel.Do(Call.Socket, Netlink, 3, 0);
        byte[] request = [32, 0, 0, 0, 18, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0, .. new byte[16]]; // RTM_GETLINK, dump
        var sent = socket < 0 ? socket : Kernel.Do(Call.Write, socket, Kernel.Bytes(request), request.Length);
        for (var left = 64; sent >= 0 && left > 0; left--)
        {
            var count = Kernel.Take(socket, out var bytes);
            if (count < 0 || bytes[4] == Done)
            {
                return count;
            }

            sent = Reads.Keep(bytes);
        }

        return sent;
    }
}
