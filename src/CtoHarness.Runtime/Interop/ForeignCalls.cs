using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>Looks at another process: its memory, and paths as it sees them.</summary>
internal static unsafe partial class ForeignCalls
{
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const ulong InRoot = 0x10; // RESOLVE_IN_ROOT
    private const int OpenAt2 = 437;
    private const int LongestLink = 4096;
    private const int PageSize = 4096;
    private const int BadAddress = 14;
    private const int OpenProcess = 434; // pidfd_open
    private const int OfThread = 0x80; // PIDFD_THREAD
    private const int TakeDescriptor = 438; // pidfd_getfd
    private const int TooLong = 36;
    private static readonly ulong NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000UL : 0x20000UL;

    /// <summary>Opens a path only to know what it is.</summary>
    internal static SafeFileHandle? OpenPath(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return Handle(Open(name, PathOnly | CloseOnExec, 0));
        }
    }

    /// <summary>Opens a path of another root only to know what it is.</summary>
    /// <param name="root">That root.</param>
    /// <param name="path">The path's bytes, ending with 0.</param>
    /// <param name="follow">Whether a link at its end is followed.</param>
    /// <returns>Null where there is nothing, or a link leads through /proc.</returns>
    internal static SafeFileHandle? OpenInRoot(SafeFileHandle root, ReadOnlySpan<byte> path, bool follow)
    {
        var how = stackalloc ulong[3];
        how[0] = PathOnly | CloseOnExec | (follow ? 0 : NoFollow);
        how[1] = 0;
        how[2] = InRoot;
        fixed (byte* name = path)
        {
            return Handle((int)Call(OpenAt2, (int)root.DangerousGetHandle(), (nint)name, (nint)how, 24, 0, 0));
        }
    }

    /// <summary>Where an open file is, as the kernel writes it.</summary>
    internal static byte[]? PathOf(SafeFileHandle file) => Link(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)file.DangerousGetHandle()}");

    /// <summary>Reads a link of /proc.</summary>
    internal static byte[]? Link(IFormatProvider provider, ref System.Runtime.CompilerServices.DefaultInterpolatedStringHandler path) => Link(string.Create(provider, ref path));

    /// <summary>Reads a link.</summary>
    internal static byte[]? Link(string path)
    {
        var buffer = stackalloc byte[LongestLink];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var count = ReadLink(name, buffer, LongestLink);
            return count < 0 ? null : new Span<byte>(buffer, (int)count).ToArray();
        }
    }

    /// <summary>What a link within another root leads to; null where it is no link.</summary>
    /// <param name="root">That root.</param>
    /// <param name="path">The path's bytes, ending with 0.</param>
    /// <param name="error">Why it could not be looked at; of what is no link, or not there, that error.</param>
    internal static byte[]? LinkInRoot(SafeFileHandle root, ReadOnlySpan<byte> path, out int error)
    {
        using var link = OpenInRoot(root, path, follow: false);
        error = link is null ? Marshal.GetLastPInvokeError() : 0;
        if (link is null)
        {
            return null;
        }

        byte empty = 0;
        var buffer = stackalloc byte[LongestLink];
        var count = ReadLinkAt((int)link.DangerousGetHandle(), &empty, buffer, LongestLink);
        error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
        return count < 0 ? null : new Span<byte>(buffer, (int)count).ToArray();
    }

    /// <summary>Takes a copy of a descriptor of another process: the way to it where its folder in /proc is closed to us.</summary>
    internal static SafeFileHandle? Take(int process, int descriptor)
    {
        var thread = Call(OpenProcess, process, OfThread, 0, 0, 0, 0);
        using var one = Handle((int)(thread >= 0 ? thread : Call(OpenProcess, process, 0, 0, 0, 0, 0)));
        return one is null ? null : Handle((int)Call(TakeDescriptor, (int)one.DangerousGetHandle(), descriptor, 0, 0, 0, 0));
    }

    /// <summary>Reads memory of another process, also what that process may only write to: the kernel reads it all the same.</summary>
    /// <returns>How many bytes came; -1 where none could be read.</returns>
    internal static int ReadMemory(int process, ulong address, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var here = new Part { Bytes = start, Count = (nuint)buffer.Length };
            var there = new Part { Bytes = (void*)(nuint)address, Count = (nuint)buffer.Length };
            var count = (int)ProcessRead(process, &here, 1, &there, 1, 0);
            if (count == buffer.Length)
            {
                return count;
            }

            using var memory = OpenMemory(process);
            return memory is null ? count : Math.Max(count, (int)ReadAt((int)memory.DangerousGetHandle(), start, (nuint)buffer.Length, unchecked((long)address)));
        }
    }

    /// <summary>Reads a text that ends with 0, page by page, so that the end of a mapping does no harm.</summary>
    /// <param name="process">The process.</param>
    /// <param name="address">Where it stands there.</param>
    /// <param name="error">The kernel's error for such a path where there is none to be had.</param>
    /// <returns>The bytes with their 0, or null where they cannot be read or are longer than a path may be.</returns>
    internal static byte[]? ReadText(int process, ulong address, out int error)
    {
        error = BadAddress;
        Span<byte> buffer = stackalloc byte[PageSize];
        var got = 0;
        while (got < PageSize)
        {
            var at = unchecked(address + (ulong)got);
            var count = Math.Min((int)(PageSize - (long)(at % PageSize)), PageSize - got);
            count = got == 0 ? Math.Min(count, 256) : count;
            var read = ReadMemory(process, at, buffer.Slice(got, count));
            if (read <= 0)
            {
                return null;
            }

            if (buffer.Slice(got, read).IndexOf((byte)0) is >= 0 and var end)
            {
                return buffer[..(got + end + 1)].ToArray();
            }

            got += read;
        }

        error = TooLong;
        return null;
    }

    private static SafeFileHandle? OpenMemory(int process)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{process}/mem\0")))
        {
            return Handle(Open(name, CloseOnExec, 0));
        }
    }

    private static SafeFileHandle? Handle(int file) => file < 0 ? null : new SafeFileHandle(file, ownsHandle: true);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        internal void* Bytes;
        internal nuint Count;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(byte* path, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(int folder, byte* path, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "pread64", SetLastError = true)]
    private static partial nint ReadAt(int file, byte* buffer, nuint count, long place);

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ProcessRead(int process, Part* here, nuint hereCount, Part* there, nuint thereCount, nuint flags);
}
