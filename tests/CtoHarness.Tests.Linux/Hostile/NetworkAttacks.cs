using System.Net.Sockets;
using CtoHarness.Core.Observation;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Attacks that speak with somebody outside.</summary>
internal static class NetworkAttacks
{
    private const string Namespace = "network namespace";

    internal static IEnumerable<Attack> All { get; } =
    [
        Own("tcp-loopback", "TCP to the machine's 127.0.0.1", s => ["tcp", "127.0.0.1", s.Ear.Tcp, s.Token]),
        Own("tcp-loopback-6", "TCP to its ::1", s => ["tcp", "::1", s.Ear.Tcp, s.Token]),
        Out("tcp", "TCP to an address of the machine", s => ["tcp", Ear.Machine.Address, s.Ear.Tcp, s.Token], "connect", s => s.Ear.Tcp),
        Out("tcp-fast", "TCP that carries its words in the first packet (MSG_FASTOPEN)", s => ["tcp-fast", Ear.Machine.Address, s.Ear.Tcp, s.Token], "sendto", s => s.Ear.Tcp),
        Own("udp-loopback", "UDP to 127.0.0.1", s => ["udp", "127.0.0.1", s.Ear.Udp, s.Token]),
        Out("udp", "UDP by sendto", s => ["udp", Ear.Machine.Address, s.Ear.Udp, s.Token], "sendto", s => s.Ear.Udp),
        Out("udp-connected", "UDP by connect and write", s => ["udp-connected", Ear.Machine.Address, s.Ear.Udp, s.Token], "connect", s => s.Ear.Udp),
        Out("udp-message", "UDP by sendmsg, whose address stands in memory", s => ["udp-message", Ear.Machine.Address, s.Ear.Udp, s.Token], "sendmsg", s => s.Ear.Udp),
        Out("dns", "a DNS question that carries the secret in its name", s => ["dns", Ear.Machine.Address, s.Ear.Udp, s.Token], "sendto", s => s.Ear.Udp),
        Unix("unix", "connect to a unix socket that is seen", s => ["unix", Place(s), s.Token], "connect", SocketType.Stream),
        Unix("unix-at-the-edge", "the same with a length that reads past the end of memory", s => ["unix-at-the-edge", Place(s), s.Token], "connect", SocketType.Stream),
        Unix("unix-datagram", "sendto such a socket", s => ["unix-datagram", Place(s), s.Token], "sendto", SocketType.Dgram),
        Unix("unix-message", "sendmsg to such a socket", s => ["unix-message", Place(s), s.Token], "sendmsg", SocketType.Dgram),
        Unix("unix-messages", "sendmmsg to such a socket", s => ["unix-messages", Place(s), s.Token], "sendmsg", SocketType.Dgram),
        new("unix-bind", "bind a unix socket outside", "mounts, Landlock, supervisor", s => ["unix-bind", s.New]) { Record = new("bind", s => s.New), Weaker = Weaker.EitherHolds },
        Own("abstract", "connect to an abstract unix socket", s => ["abstract", s.Ear.AbstractName, s.Token]),
        new("netlink", "ask the kernel for the machine's network interfaces", Namespace, _ => ["netlink"]) { Succeeded = s => s.LootHolds(Ear.Machine.Name), Gap = Gaps.Own, Weaker = Weaker.EitherHolds },
        new("vsock", "make a socket to the host of a virtual machine", "filter", s => ["vsock", s.RollCall])
        {
            Look = process => RollCall.HoldsSocket(process, "VSOCK"), Succeeded = s => s.Seen, Gap = Gaps.Refused, Weaker = Weaker.SeccompHolds,
        },
        new("held-socket", "write to a connected socket that whoever started the harness left open", "bubblewrap's start, sandbox-init", s => ["held-socket", Arena.HeldSocket, s.Token]) { Succeeded = s => s.Heard, Gap = Gaps.Held, Weaker = Weaker.EitherHolds },
    ];

    private static string Place(Scene scene) => scene.Outside + "/socket";

    private static Attack Own(string name, string title, Func<Scene, string[]> words) =>
        new(name, title, Namespace, words) { Succeeded = s => s.Heard, Gap = Gaps.Own, Weaker = Weaker.EitherHolds };

    private static Attack Out(string name, string title, Func<Scene, string[]> words, string operation, Func<Scene, string> port) => new(name, title, Namespace, words)
    {
        Succeeded = s => s.Heard, Record = new(operation, s => $"{Ear.Machine.Address}:{port(s)}", AttemptClass.Network, null), Weaker = Weaker.EitherHolds,
    };

    private static Attack Unix(string name, string title, Func<Scene, string[]> words, string operation, SocketType kind) => new(name, title, "supervisor (and masks, where it is hidden)", words)
    {
        Prepare = s => s.Ear.At(Place(s), kind), Succeeded = s => s.Heard, Record = new(operation, Place, AttemptClass.Network), Weaker = Weaker.SeccompHolds,
    };
}
