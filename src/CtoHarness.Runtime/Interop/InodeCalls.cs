using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>Which file or folder something is, whatever its name is by now.</summary>
/// <param name="Device">The device that it is on.</param>
/// <param name="Number">Its number there.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Changed">When it was last changed in any way: nobody can set this time.</param>
internal readonly record struct Inode(ulong Device, ulong Number, uint User, DateTimeOffset Changed)
{
    /// <summary>Whether both are the same file or folder.</summary>
    internal bool IsSame(Inode other) => Device == other.Device && Number == other.Number;
}

/// <summary>Asks which file or folder something is.</summary>
internal static unsafe partial class InodeCalls
{
    private const int Here = -100; // AT_FDCWD
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint Basic = 0x7ff;

    /// <summary>What is open.</summary>
    internal static Inode Of(SafeFileHandle file)
    {
        byte empty = 0;
        return Ask((int)file.DangerousGetHandle(), &empty, EmptyPath) ?? throw MachineException.Last("statx", "an open folder");
    }

    /// <summary>What stands under a path, without following it; null where nothing does.</summary>
    internal static Inode? Of(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return Ask(Here, name, NoFollow);
        }
    }

    private static Inode? Ask(int folder, byte* name, int flags)
    {
        var buffer = stackalloc byte[256];
        return Statx(folder, name, flags, Basic, buffer) < 0
            ? null
            : new Inode(
                *(ulong*)(buffer + 136), *(ulong*)(buffer + 32), *(uint*)(buffer + 20),
                DateTimeOffset.FromUnixTimeSeconds(*(long*)(buffer + 96)).AddTicks(*(uint*)(buffer + 104) / 100));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int folder, byte* name, int flags, uint mask, byte* buffer);
}
