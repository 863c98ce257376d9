using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Waits at a socket for the puppet of one attack, and looks at its process from outside while it waits.</summary>
internal sealed class RollCall : IDisposable
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    internal RollCall(Scene scene, Func<int, bool> look)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(scene.RollCall));
        _socket.Listen(8);
        File.SetUnixFileMode(scene.RollCall, (UnixFileMode)0b111_111_111);
        new Thread(() =>
        {
            try
            {
                while (true)
                {
                    using var one = _socket.Accept();
                    var peer = new byte[12];
                    _ = one.GetRawSocketOption(SocketLevel, PeerCredentials, peer);
                    scene.Seen |= Ask(look, BinaryPrimitives.ReadInt32LittleEndian(peer));
                    _ = one.Send([1]);
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
            }
        })
        { IsBackground = true }.Start();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Whether a process is in another user namespace than its parent.</summary>
    internal static bool IsInNewNamespace(int process) => Link(process) != Link(int.Parse(Field(process, "PPid"), CultureInfo.InvariantCulture));

    /// <summary>How large its address space is, in kilobytes.</summary>
    internal static long AddressSpace(int process) => long.Parse(Field(process, "VmSize").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Whether it holds a socket of a family.</summary>
    internal static bool HoldsSocket(int process, string family) => Support.Tool.Run(
        "/usr/bin/python3", "-c",
        "import os, sys\nfor name in os.listdir(sys.argv[1]):\n    try:\n        print(os.getxattr(sys.argv[1] + '/' + name, 'system.sockprotoname').decode())\n    except OSError:\n        pass",
        string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd")).Contains(family, StringComparison.Ordinal);

    // A process that is gone, or that we may not look at, shows nothing.
    private static bool Ask(Func<int, bool> look, int process)
    {
        try
        {
            return look(process);
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Link(int process) => new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/user")).LinkTarget;

    private static string Field(int process, string name) =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
}
