using System.Globalization;
using System.Text;

namespace CtoHarness.SandboxInit;

/// <summary>Tries what must fail and what must succeed, in the very sandbox of the backend, and tells the harness what came of it.</summary>
internal static unsafe class Canary
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int CreateNew = 0x80;
    private const int LongestSocketName = 107;
    private const int NewUserNamespace = 0x10000000;

    /// <summary>Tries everything and says it, one line each: what, and the number of the error; 0 where it was done.</summary>
    /// <remarks>Where several of a kind are tried, each line has its number behind a slash, from 0.</remarks>
    internal static void Run(int channel, CanaryPlan plan)
    {
        var lines = new List<string>
        {
            Line("connect-out", ConnectTcp(plan.TcpPort)),
            Line("dns-out", ConnectUdp()),
            Line("unix-socket", ConnectUnix(plan.UnixSocket, isAbstract: false)),
            Line("abstract-socket", ConnectUnix(plan.AbstractSocket, isAbstract: true)),
            Line("signal", Of(Kernel.Signal(plan.Process, 0))),
            Line("ptrace", Of(Kernel.Call(Kernel.Number(101, 117), 0, 0, 0, 0, 0, 0))),
            Line("user-namespace", Of(Kernel.Call(Kernel.Number(272, 97), NewUserNamespace, 0, 0, 0, 0, 0))),
            Line("user", (int)Kernel.Call(Kernel.Number(102, 174), 0, 0, 0, 0, 0, 0)), // getuid(2)
            Line("io-uring", Of(Kernel.Call(425, 1, 0, 0, 0, 0, 0))),
            Line("mount", Of(Kernel.Call(Kernel.Number(165, 40), 0, 0, 0, 0, 0, 0))),
            Line("set-namespace", Of(Kernel.Call(Kernel.Number(308, 268), 0, 0, 0, 0, 0, 0))),
            Line("change-root", Of(Kernel.Call(Kernel.Number(161, 51), 0, 0, 0, 0, 0, 0))),
            Line("process-memory", Of(Kernel.Call(Kernel.Number(310, 270), 0, 0, 0, 0, 0, 0))),
            Line("keys", Of(Kernel.Call(Kernel.Number(250, 219), 0, 0, 0, 0, 0, 0))),
            Line("privileges", IsWithoutPrivileges() ? 0 : -1),
        };
        lines.AddRange(plan.Outside.Select((path, index) => Line($"write-outside/{index}", Make(path))));
        lines.AddRange(plan.Masked.Select((path, index) => Line($"read-masked/{index}", Look(path))));
        lines.AddRange(plan.Inside.Select((folder, index) => Line($"write-inside/{index}", MakeAndRemove($"{folder}/.canary-{plan.Token}"))));
        if (plan.GatewayPort > 0)
        {
            lines.Add(Line("reach-gateway", Echo(plan.GatewayPort, plan.Token)));
        }

        foreach (var kind in new[] { "cgroup", "ipc", "mnt", "net", "pid", "user", "uts" })
        {
            lines.Add($"namespace-{kind} {new FileInfo("/proc/self/ns/" + kind).LinkTarget}");
        }

        Channel.Say(channel, 'C', string.Join('\n', lines));
    }

    // No capability of any of the five kinds, and none to be had by starting a program.
    private static bool IsWithoutPrivileges()
    {
        var lines = File.ReadAllLines("/proc/self/status");
        var capabilities = lines.Where(line => line.StartsWith("Cap", StringComparison.Ordinal)).ToList();
        return capabilities.Count == 5 && capabilities.TrueForAll(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().Trim('0').Length == 0)
            && lines.Any(line => line.StartsWith("NoNewPrivs:", StringComparison.Ordinal) && line.EndsWith('1'));
    }

    private static string Line(string name, int error) => string.Create(CultureInfo.InvariantCulture, $"{name} {error}");

    private static int Of(nint result) => result < 0 ? Kernel.Error : 0;

    private static int Make(string path)
    {
        var file = Kernel.Open(path, WriteOnly | Create | Kernel.CloseOnExec, 0x180);
        return Of(file);
    }

    private static int MakeAndRemove(string path)
    {
        var file = Kernel.Open(path, WriteOnly | Create | CreateNew | Kernel.CloseOnExec, 0x180);
        if (file < 0)
        {
            return Kernel.Error;
        }

        byte one = (byte)'x';
        var written = Of(Kernel.Write(file, &one, 1));
        _ = Kernel.Close(file);
        fixed (byte* name = Kernel.Text(path))
        {
            return written != 0 ? written : Of(Kernel.Unlink(name));
        }
    }

    private static int Look(string path)
    {
        var file = Kernel.Open(path, Kernel.CloseOnExec);
        if (file < 0)
        {
            return Kernel.Error;
        }

        byte one;
        var got = Kernel.Read(file, &one, 1);
        _ = Kernel.Close(file);
        return got == 1 ? 0 : -1; // opened, but empty: what is in the file did not come through
    }

    private static int ConnectTcp(int port)
    {
        var address = Address(port, 127, 0, 0, 1);
        return Connected(2, 1, address);
    }

    // An address of documentation: nothing is sent, but without a way there it cannot be connected to.
    private static int ConnectUdp() => Connected(2, 2, Address(53, 192, 0, 2, 1));

    private static int ConnectUnix(string name, bool isAbstract)
    {
        var text = Encoding.UTF8.GetBytes(name);
        if (!isAbstract && text.Length > LongestSocketName)
        {
            // Too long for an address: by way of its folder.
            var folder = Kernel.Open(Path.GetDirectoryName(name)!, Kernel.PathOnly | Kernel.CloseOnExec);
            return folder < 0 ? Kernel.Error : ConnectUnix($"/proc/self/fd/{folder}/{Path.GetFileName(name)}", isAbstract: false);
        }

        var address = new byte[2 + (isAbstract ? 1 : 0) + text.Length + (isAbstract ? 0 : 1)];
        address[0] = 1;
        text.CopyTo(address, isAbstract ? 3 : 2);
        return Connected(1, 1, address);
    }

    private static int Echo(int port, string token)
    {
        var socket = Kernel.Socket(2, 1 | Kernel.CloseOnExec, 0);
        var word = Encoding.ASCII.GetBytes(token);
        var back = new byte[word.Length];
        fixed (byte* address = Address(port, 127, 0, 0, 1))
        fixed (byte* sent = word)
        fixed (byte* got = back)
        {
            if (socket < 0 || Kernel.Connect(socket, address, 16) < 0 || Kernel.Write(socket, sent, word.Length) != word.Length)
            {
                return Kernel.Error;
            }

            for (var at = 0; at < back.Length;)
            {
                var read = Kernel.Read(socket, got + at, back.Length - at);
                if (read <= 0)
                {
                    return read < 0 ? Kernel.Error : -1;
                }

                at += (int)read;
            }
        }

        _ = Kernel.Close(socket);
        return back.AsSpan().SequenceEqual(word) ? 0 : -1;
    }

    private static byte[] Address(int port, byte a, byte b, byte c, byte d) =>
        [2, 0, (byte)(port >> 8), (byte)(port & 0xff), a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0];

    private static int Connected(int family, int type, byte[] address)
    {
        var socket = Kernel.Socket(family, type | Kernel.CloseOnExec, 0);
        if (socket < 0)
        {
            return Kernel.Error;
        }

        fixed (byte* start = address)
        {
            var error = Of(Kernel.Connect(socket, start, address.Length));
            _ = Kernel.Close(socket);
            return error;
        }
    }
}
