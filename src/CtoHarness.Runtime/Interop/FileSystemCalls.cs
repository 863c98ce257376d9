using System.Runtime.InteropServices;
using CtoHarness.Core.Observation;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>Calls on files by descriptor and name, so that no link is followed and no name needs to be text.</summary>
internal static unsafe partial class FileSystemCalls
{
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtNoAutomount = 0x800;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxBasic = 0x7ff;
    private const int NoDescriptor = -100; // AT_FDCWD
    private const int ShortName = 256;

    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    // O_DIRECTORY and O_NOFOLLOW differ between the two architectures that the project knows.
    private static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>What statx says of an entry.</summary>
    /// <param name="Mode">Type and permission bits.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="DiskBytes">What it takes up on the disk, shared among its names.</param>
    internal readonly record struct Entry(uint Mode, long Size, long DiskBytes)
    {
        internal uint Type => Mode & 0xF000;
    }

    internal const uint TypeFifo = 0x1000;
    internal const uint TypeCharacter = 0x2000;
    internal const uint TypeFolder = 0x4000;
    internal const uint TypeBlock = 0x6000;
    internal const uint TypeFile = 0x8000;
    internal const uint TypeLink = 0xA000;
    internal const uint TypeSocket = 0xC000;

    /// <summary>Opens a folder by its path, following no link at its end.</summary>
    internal static SafeFileHandle OpenFolder(string path) =>
        Handle(OpenAt(NoDescriptor, Name(path), ReadOnly | Directory | NoFollow | CloseOnExec, 0), path);

    /// <summary>Opens a folder within a folder.</summary>
    internal static SafeFileHandle OpenFolder(SafeFileHandle parent, ReadOnlySpan<byte> name) =>
        Handle(OpenIn(parent, name, ReadOnly | Directory | NoFollow | CloseOnExec), name);

    /// <summary>Opens a regular file within a folder; on a FIFO this does not wait.</summary>
    internal static SafeFileHandle OpenFile(SafeFileHandle parent, ReadOnlySpan<byte> name) =>
        Handle(OpenIn(parent, name, ReadOnly | NoFollow | NonBlocking | CloseOnExec), name);

    /// <summary>Opens a regular file by its path; anything else, which could hang or never end, is refused.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLink">Whether its last name may be a link.</param>
    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    internal static SafeFileHandle OpenRegular(string path, bool followLink)
    {
        SafeFileHandle file;
        try
        {
            file = Handle(OpenAt(NoDescriptor, Name(path), ReadOnly | NonBlocking | CloseOnExec | (followLink ? 0 : NoFollow), 0), path);
        }
        catch (MachineException closed)
        {
            throw new IOException(closed.Message, closed);
        }

        if (Look(file).Type == TypeFile)
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"{path} is no regular file");
    }

    /// <summary>Looks at an entry without following it.</summary>
    internal static Entry Look(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        var buffer = stackalloc byte[256];
        fixed (byte* text = Name(name, stackalloc byte[ShortName]))
        {
            if (Statx((int)parent.DangerousGetHandle(), text, AtSymlinkNoFollow, StatxBasic, buffer) < 0)
            {
                throw MachineException.Last("statx", Text(name));
            }
        }

        return Read(buffer);
    }

    /// <summary>Looks at what is open.</summary>
    internal static Entry Look(SafeFileHandle file)
    {
        var buffer = stackalloc byte[256];
        byte empty = 0;
        return Statx((int)file.DangerousGetHandle(), &empty, AtEmptyPath, StatxBasic, buffer) < 0
            ? throw MachineException.Last("statx", "an open file")
            : Read(buffer);
    }

    /// <summary>Asks for all that the kernel says of an entry, without following or opening it.</summary>
    internal static EntryFacts Facts(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        var buffer = stackalloc byte[256];
        fixed (byte* text = Name(name, stackalloc byte[ShortName]))
        {
            return Statx((int)parent.DangerousGetHandle(), text, AtSymlinkNoFollow | AtNoAutomount, StatxBasic, buffer) < 0
                ? throw MachineException.Last("statx", Text(name))
                : FactsIn(buffer);
        }
    }

    /// <summary>Asks for all that the kernel says of what is open.</summary>
    internal static EntryFacts Facts(SafeFileHandle open)
    {
        var buffer = stackalloc byte[256];
        byte empty = 0;
        return Statx((int)open.DangerousGetHandle(), &empty, AtEmptyPath, StatxBasic, buffer) < 0
            ? throw MachineException.Last("statx", "an open file")
            : FactsIn(buffer);
    }

    /// <summary>Reads the next part of what stands in a folder, in the kernel's order.</summary>
    /// <param name="folder">An open folder.</param>
    /// <param name="buffer">Takes the part, for <see cref="NextName"/>.</param>
    /// <returns>How much of the buffer was filled; 0 at the end.</returns>
    internal static int ReadNames(SafeFileHandle folder, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var read = GetDents((int)folder.DangerousGetHandle(), start, (nuint)buffer.Length);
            return read < 0 ? throw MachineException.Last("getdents64", "a folder") : (int)read;
        }
    }

    /// <summary>The next name of a part, with <c>.</c> and <c>..</c> among them.</summary>
    /// <param name="part">What <see cref="ReadNames"/> filled.</param>
    /// <param name="at">Where the next one begins; moved on.</param>
    internal static ReadOnlySpan<byte> NextName(ReadOnlySpan<byte> part, ref int at)
    {
        const int lengthAt = 16;
        const int nameAt = 19;
        var record = part.Slice(at, MemoryMarshal.Read<ushort>(part[(at + lengthAt)..]));
        at += record.Length;
        return record[nameAt..(nameAt + record[nameAt..].IndexOf((byte)0))];
    }

    /// <summary>The text of a link.</summary>
    internal static byte[] LinkTarget(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        var buffer = stackalloc byte[4097];
        fixed (byte* text = Name(name, stackalloc byte[ShortName]))
        {
            var length = ReadLink((int)parent.DangerousGetHandle(), text, buffer, 4097);
            return length < 0 ? throw MachineException.Last("readlink", Text(name)) : new Span<byte>(buffer, (int)length).ToArray();
        }
    }

    /// <summary>Makes a folder that must not exist yet.</summary>
    /// <returns>False where something stands there.</returns>
    internal static bool TryMakeFolder(string path, uint mode)
    {
        fixed (byte* text = Name(path))
        {
            if (MakeDirectory(text, mode) == 0)
            {
                return true;
            }
        }

        const int exists = 17;
        return Marshal.GetLastPInvokeError() == exists ? false : throw MachineException.Last("mkdir", path);
    }

    /// <summary>Gives an entry to a user, without following it.</summary>
    internal static void Give(string path, long user)
    {
        fixed (byte* text = Name(path))
        {
            if (ChangeOwner(NoDescriptor, text, (uint)user, (uint)user, AtSymlinkNoFollow) < 0)
            {
                throw MachineException.Last("chown", path);
            }
        }
    }

    /// <summary>Writes everything of a file or folder through to the disk.</summary>
    internal static void Sync(SafeFileHandle file, string path)
    {
        if (FSync((int)file.DangerousGetHandle()) < 0)
        {
            throw MachineException.Last("fsync", path);
        }
    }

    /// <summary>Lets the kernel begin to write a file's bytes to the disk, and waits for nothing: only <see cref="Sync"/> promises anything.</summary>
    internal static void StartWriting(SafeFileHandle file)
    {
        const uint write = 2;
        _ = SyncFileRange((int)file.DangerousGetHandle(), 0, 0, write);
    }

    /// <summary>The path with every link resolved, or null where nothing stands there or it cannot be reached.</summary>
    internal static string? RealPath(string path)
    {
        var buffer = stackalloc byte[4097];
        fixed (byte* text = Name(path))
        {
            return ResolvePath(text, buffer) is null ? null : Marshal.PtrToStringUTF8((nint)buffer);
        }
    }

    private static int OpenIn(SafeFileHandle parent, ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* text = Name(name, stackalloc byte[ShortName]))
        {
            return OpenAt((int)parent.DangerousGetHandle(), text, flags, 0);
        }
    }

    private static int OpenAt(int folder, byte[] name, int flags, uint mode)
    {
        fixed (byte* text = name)
        {
            return OpenAt(folder, text, flags, mode);
        }
    }

    private static SafeFileHandle Handle(int descriptor, string path) =>
        descriptor < 0 ? throw MachineException.Last("open", path) : new SafeFileHandle(descriptor, ownsHandle: true);

    // Its text only where it is told: a tree has many names.
    private static SafeFileHandle Handle(int descriptor, ReadOnlySpan<byte> name) =>
        descriptor < 0 ? throw MachineException.Last("open", Text(name)) : new SafeFileHandle(descriptor, ownsHandle: true);

    private static Entry Read(byte* statx) => new(
        *(ushort*)(statx + 28), *(long*)(statx + 40), *(long*)(statx + 48) * 512 / Math.Max(1, *(uint*)(statx + 16)));

    private static EntryFacts FactsIn(byte* statx)
    {
        uint mode = *(ushort*)(statx + 28);
        return new EntryFacts(
            (mode & 0xF000) switch
            {
                TypeFile => 'f',
                TypeFolder => 'd',
                TypeLink => 'l',
                TypeFifo => 'p',
                TypeSocket => 's',
                TypeCharacter => 'c',
                TypeBlock => 'b',
                _ => '?',
            },
            mode & 0xFFF, *(uint*)(statx + 20), *(uint*)(statx + 24), *(ulong*)(statx + 136), *(ulong*)(statx + 32), *(long*)(statx + 40),
            new FileMoment(*(long*)(statx + 112), *(uint*)(statx + 120)), new FileMoment(*(long*)(statx + 96), *(uint*)(statx + 104)));
    }

    // With the zero that ends it; on the stack where it is as short as every name of the kernel's.
    private static Span<byte> Name(ReadOnlySpan<byte> name, Span<byte> place)
    {
        var text = name.Length < place.Length ? place[..(name.Length + 1)] : new byte[name.Length + 1];
        name.CopyTo(text);
        text[name.Length] = 0;
        return text;
    }

    private static byte[] Name(string path) => [.. System.Text.Encoding.UTF8.GetBytes(path), 0];

    private static string Text(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int folder, byte* name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int folder, byte* name, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDents(int folder, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLink(int folder, byte* name, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeDirectory(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int ChangeOwner(int folder, byte* path, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true)]
    private static partial byte* ResolvePath(byte* path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(int descriptor, long offset, long count, uint flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);
}
