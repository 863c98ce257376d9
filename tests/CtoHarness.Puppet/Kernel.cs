using System.Runtime.InteropServices;
using System.Text;

namespace CtoHarness.Puppet;

/// <summary>Calls of the kernel; each gives its result, or the error's number below zero.</summary>
internal static unsafe partial class Kernel
{
    internal const int Here = -100; // AT_FDCWD
    internal const int ReadOnly = 0;
    internal const int WriteOnly = 1;
    internal const int ReadWrite = 2;
    internal const int Create = 0x40;
    internal const int Truncate = 0x200;
    internal const int Append = 0x400;
    internal const int PathOnly = 0x200000;
    internal const int ChildSignal = 17;

    /// <summary>O_TMPFILE.</summary>
    internal static int Unnamed => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0x410000 : 0x404000;

    /// <summary>Makes a call.</summary>
    internal static long Do(Call call, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) => Do(call.Number, a, b, c, d, e, f);

    /// <summary>Makes a call by its number.</summary>
    internal static long Do(int number, long a, long b, long c, long d, long e, long f)
    {
        var result = SystemCall(number, (nint)a, (nint)b, (nint)c, (nint)d, (nint)e, (nint)f);
        return result < 0 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>A text as the kernel takes it; it stays for good.</summary>
    internal static nint Text(string text) => Bytes(Encoding.UTF8.GetBytes(text + "\0"));

    /// <summary>Bytes where the kernel can read them; they stay for good.</summary>
    internal static nint Bytes(ReadOnlySpan<byte> bytes)
    {
        var place = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 8);
        bytes.CopyTo(new Span<byte>(place, bytes.Length));
        return (nint)place;
    }

    /// <summary>Opens a path.</summary>
    internal static long Open(string path, int flags, int mode = 0x180) => Do(Call.OpenAt, Here, Text(path), flags, mode);

    /// <summary>Writes a text into an open file, or passes the error of its opening on.</summary>
    internal static long Put(long file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return file < 0 ? file : Do(Call.Write, file, Bytes(bytes), bytes.Length);
    }

    /// <summary>Reads what an open file holds, up to 64 KB, or passes the error of its opening on.</summary>
    internal static long Take(long file, out byte[] bytes)
    {
        const int Most = 65536;
        bytes = [];
        if (file < 0)
        {
            return file;
        }

        var place = Bytes(new byte[Most]);
        var count = Do(Call.Read, file, place, Most);
        bytes = count > 0 ? new Span<byte>((void*)place, (int)count).ToArray() : [];
        return count;
    }

    /// <summary>A second process that goes on from here: 0 in the child.</summary>
    internal static long Fork()
    {
        var child = ForkCall();
        return child < 0 ? -Marshal.GetLastPInvokeError() : child;
    }

    /// <summary>Waits for a child and gives its exit code.</summary>
    internal static int Wait(long child)
    {
        int status;
        return WaitCall((int)child, &status, 0) < 0 ? -1 : (status >> 8) & 0xff;
    }

    /// <summary>Becomes another program; returns only with an error.</summary>
    internal static long Become(string[] words)
    {
        var list = (nint*)NativeMemory.AllocZeroed((nuint)(words.Length + 1), (nuint)sizeof(nint));
        for (var at = 0; at < words.Length; at++)
        {
            list[at] = Text(words[at]);
        }

        _ = ExecCall(list[0], list);
        return -Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "fork", SetLastError = true)]
    private static partial int ForkCall();

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitCall(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true)]
    private static partial int ExecCall(nint program, nint* words);
}
