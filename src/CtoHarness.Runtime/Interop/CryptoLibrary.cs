using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>OpenSSL, by which .NET computes digests and signatures: the machine's, or where it has none, the one that a published program brings.</summary>
public static unsafe partial class CryptoLibrary
{
    private const uint CloseOnExec = 1;

    // Never closed: the next one would get the same number, and the loader would take it for the one that it knows by that.
    private static readonly List<SafeFileHandle> Loaded = [];

    // The second needs the first, and finds what is loaded by its name.
    private static readonly string[] Brought = ["libcrypto.so.3", "libssl.so.3"];

    // In the order in which .NET itself looks.
    private static readonly string[] OfTheMachine = ["libssl.so.3", "libssl.so.1.1"];

    /// <summary>Sees to it that .NET finds OpenSSL. What the program brings is loaded from memory: nothing is written to any disk.</summary>
    /// <param name="open">Opens a library that the program brings, by its name; null where it brings none.</param>
    /// <returns>Whether there is one.</returns>
    public static bool Find(Func<string, Stream?> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return OfTheMachine.Any(name => NativeLibrary.TryLoad(name, out _)) || Brought.All(name => Load(name, open));
    }

    private static bool Load(string name, Func<string, Stream?> open)
    {
        using var library = open(name);
        if (library is null)
        {
            return false;
        }

        var file = InMemory(name);
        Loaded.Add(file);
        if (file.IsInvalid)
        {
            return false;
        }

        var buffer = new byte[131_072];
        long at = 0;
        for (int read; (read = library.Read(buffer)) > 0; at += read)
        {
            RandomAccess.Write(file, buffer.AsSpan(0, read), at);
        }

        return NativeLibrary.TryLoad(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}"), out _);
    }

    private static SafeFileHandle InMemory(string name)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(name + "\0"))
        {
            return new SafeFileHandle(CreateMemory(text, CloseOnExec), ownsHandle: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true)]
    private static partial int CreateMemory(byte* name, uint flags);
}
