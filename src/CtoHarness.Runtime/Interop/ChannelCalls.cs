using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>A pair of connected sockets over which messages and descriptors come from inside a sandbox.</summary>
internal static unsafe partial class ChannelCalls
{
    private const int Unix = 1;
    private const int Messages = 5; // SOCK_SEQPACKET
    private const int CloseOnExec = 0x80000;
    private const int CloseReceived = 0x40000000; // MSG_CMSG_CLOEXEC
    private const int Interrupted = 4;
    private const int RightsLength = 64;
    private const int SetDescriptorFlags = 2;

    /// <summary>Makes a pair.</summary>
    /// <returns>Our end, which no program inherits, and theirs, which the next one does.</returns>
    internal static (SafeFileHandle Ours, SafeFileHandle Theirs) Make()
    {
        var pair = stackalloc int[2];
        if (SocketPair(Unix, Messages | CloseOnExec, 0, pair) < 0)
        {
            throw MachineException.Last("socketpair", "the channel of a sandbox");
        }

        var (ours, theirs) = (new SafeFileHandle(pair[0], ownsHandle: true), new SafeFileHandle(pair[1], ownsHandle: true));
        _ = Control(pair[1], SetDescriptorFlags, 0);
        return (ours, theirs);
    }

    /// <summary>Waits for a message.</summary>
    /// <param name="channel">Our end.</param>
    /// <param name="buffer">Takes its bytes.</param>
    /// <param name="received">The descriptor that came with it; null where none did.</param>
    /// <returns>How many bytes; 0 where the other end is gone.</returns>
    internal static int Receive(SafeFileHandle channel, Span<byte> buffer, out SafeFileHandle? received)
    {
        received = null;
        var rights = stackalloc byte[RightsLength];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var part = new Part { Bytes = start, Count = (nuint)buffer.Length };
                var message = new Message { Parts = &part, PartCount = 1, Control = rights, ControlLength = RightsLength };
                var count = ReceiveMessage((int)channel.DangerousGetHandle(), &message, CloseReceived);
                if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted)
                {
                    continue;
                }

                if (count > 0 && message.ControlLength >= 20)
                {
                    received = new SafeFileHandle(*(int*)(rights + 16), ownsHandle: true);
                }

                return count < 0 ? 0 : (int)count;
            }
        }
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        internal void* Bytes;
        internal nuint Count;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        internal void* Name;
        internal uint NameLength;
        internal Part* Parts;
        internal nuint PartCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, int* pair);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, Message* message, int flags);
}
