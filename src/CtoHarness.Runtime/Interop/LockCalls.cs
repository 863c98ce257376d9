using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>What a lock was answered with.</summary>
internal enum LockAnswer
{
    /// <summary>We hold it until the descriptor is closed or this process ends.</summary>
    Held,

    /// <summary>Somebody else holds it.</summary>
    Taken,

    /// <summary>This file system locks nothing, so nobody can tell.</summary>
    Unsupported,
}

/// <summary>Locks on open folders: the kernel lets go of them when the process dies, however it dies.</summary>
internal static partial class LockCalls
{
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int AtOnce = 4;
    private const int Release = 8;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    /// <summary>Asks for a lock and does not wait.</summary>
    internal static LockAnswer Try(SafeFileHandle folder, bool exclusive)
    {
        while (Lock((int)folder.DangerousGetHandle(), (exclusive ? Exclusive : Shared) | AtOnce) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                return error == WouldBlock ? LockAnswer.Taken : LockAnswer.Unsupported;
            }
        }

        return LockAnswer.Held;
    }

    /// <summary>Gives a lock back.</summary>
    internal static void Free(SafeFileHandle folder) => _ = Lock((int)folder.DangerousGetHandle(), Release);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int descriptor, int operation);
}
