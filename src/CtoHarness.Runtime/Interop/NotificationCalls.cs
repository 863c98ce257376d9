using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>A system call that a program in a sandbox is waiting for.</summary>
/// <param name="Id">The kernel's number of the notification.</param>
/// <param name="Process">The thread that made the call, by its number on this machine.</param>
/// <param name="Number">The call's number.</param>
/// <param name="Arguments">Its six arguments.</param>
internal readonly record struct Notification(ulong Id, int Process, int Number, (ulong A, ulong B, ulong C, ulong D, ulong E, ulong F) Arguments)
{
    /// <summary>One of the arguments.</summary>
    internal ulong Argument(int index) => index switch
    {
        0 => Arguments.A,
        1 => Arguments.B,
        2 => Arguments.C,
        3 => Arguments.D,
        4 => Arguments.E,
        _ => Arguments.F,
    };
}

/// <summary>Takes notifications of a seccomp filter and answers them.</summary>
internal static unsafe partial class NotificationCalls
{
    private const uint Take = 0xc0502100;
    private const uint Reply = 0xc0182101;
    private const uint AskValid = 0x40082102;
    private const uint SetWake = 0x40082104;
    private const uint GoOn = 1;
    private const short Readable = 1;
    private const short HungUp = 16;
    private const int NotThere = 2;
    private const int Interrupted = 4;
    private const string Subject = "the calls of a sandbox";

    /// <summary>Asks the kernel to run the supervisor on the processor of the program that waits, where it knows how.</summary>
    internal static void PreferSameProcessor(SafeFileHandle listener) => _ = Control((int)listener.DangerousGetHandle(), SetWake, (void*)1);

    /// <summary>Waits for the next notification.</summary>
    /// <returns>Null where no program is left that could send one.</returns>
    /// <exception cref="MachineException">The kernel refused to tell, so that nobody knows what is called from now on.</exception>
    internal static Notification? Next(SafeFileHandle listener)
    {
        var buffer = stackalloc byte[80]; // struct seccomp_notif
        while (true)
        {
            var waiting = new Waiting { File = (int)listener.DangerousGetHandle(), Events = Readable };
            var count = Poll(&waiting, 1, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
                continue;
            }

            if (count < 0)
            {
                throw MachineException.Last("poll", Subject);
            }

            if ((waiting.Returned & Readable) == 0 && (waiting.Returned & HungUp) != 0)
            {
                return null;
            }

            new Span<byte>(buffer, 80).Clear();
            if (Control((int)listener.DangerousGetHandle(), Take, buffer) < 0)
            {
                if (Marshal.GetLastPInvokeError() is NotThere or Interrupted)
                {
                    continue; // it was killed meanwhile
                }

                throw MachineException.Last("taking", Subject);
            }

            var arguments = (ulong*)(buffer + 32);
            return new Notification(
                *(ulong*)buffer, *(int*)(buffer + 8), *(int*)(buffer + 16),
                (arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]));
        }
    }

    /// <summary>Whether the program still waits: until it is asked, what was read of it may have been another's.</summary>
    internal static bool IsValid(SafeFileHandle listener, ulong id) => Control((int)listener.DangerousGetHandle(), AskValid, &id) == 0;

    /// <summary>Lets the kernel make the call.</summary>
    internal static void LetThrough(SafeFileHandle listener, ulong id) => Answer(listener, id, 0, GoOn);

    /// <summary>Refuses the call.</summary>
    internal static bool Refuse(SafeFileHandle listener, ulong id, int error) => Answer(listener, id, -error, 0);

    private static bool Answer(SafeFileHandle listener, ulong id, int error, uint flags)
    {
        var reply = stackalloc byte[24]; // struct seccomp_notif_resp
        *(ulong*)reply = id;
        *(long*)(reply + 8) = 0;
        *(int*)(reply + 16) = error;
        *(uint*)(reply + 20) = flags;
        return Control((int)listener.DangerousGetHandle(), Reply, reply) == 0;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Waiting
    {
        internal int File;
        internal short Events;
        internal short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(Waiting* files, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int file, nuint request, void* argument);
}
