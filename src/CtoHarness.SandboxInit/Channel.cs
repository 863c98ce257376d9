using System.Text;

namespace CtoHarness.SandboxInit;

/// <summary>What is said to the harness: one letter and a text in each message, and perhaps a descriptor.</summary>
/// <remarks>
/// L: a listener follows. N: the filter is in place and the program starts next; the notification descriptor follows where there is one, and the text names the
/// layers. C: what a canary tried. E: the sandbox failed.
/// </remarks>
internal static unsafe class Channel
{
    private const int RightsLength = 24;

    /// <summary>Sends a message without a descriptor.</summary>
    internal static void Say(int channel, char letter, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(letter + text);
        fixed (byte* start = bytes)
        {
            _ = Send(channel, start, bytes.Length, -1);
        }
    }

    /// <summary>Sends bytes and perhaps a descriptor: nothing here is allocated.</summary>
    internal static nint Send(int channel, byte* bytes, int count, int descriptor)
    {
        Kernel.Part part;
        part.Bytes = bytes;
        part.Count = (nuint)count;
        var rights = stackalloc byte[RightsLength];
        *(ulong*)rights = 20; // a cmsghdr of 16 bytes and one descriptor
        *(int*)(rights + 8) = 1; // SOL_SOCKET
        *(int*)(rights + 12) = 1; // SCM_RIGHTS
        *(int*)(rights + 16) = descriptor;
        *(int*)(rights + 20) = 0;
        Kernel.Message message = default;
        message.Parts = &part;
        message.PartCount = 1;
        message.Control = descriptor < 0 ? null : rights;
        message.ControlLength = descriptor < 0 ? 0u : RightsLength;
        return Kernel.SendMessage(channel, &message, 0);
    }
}
