using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Interop;

/// <summary>Asks for extended attributes of files without opening or following them.</summary>
internal static unsafe partial class AttributeCalls
{
    private const int NoSuchAttribute = 61;
    private const int Unsupported = 95;
    private const int NotThere = 2;

    /// <summary>Whether a file carries capabilities. Where the machine does not say, it counts as carrying them.</summary>
    /// <param name="folder">The open folder around it.</param>
    /// <param name="name">Its name there.</param>
    internal static bool HasCapabilities(SafeFileHandle folder, ReadOnlySpan<byte> name)
    {
        byte[] path = [.. Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)folder.DangerousGetHandle()}/")), .. name, 0];
        byte[] attribute = [.. "security.capability"u8, 0];
        fixed (byte* at = path)
        fixed (byte* what = attribute)
        {
            return GetAttribute(at, what, null, 0) > 0 || Marshal.GetLastPInvokeError() is not (NoSuchAttribute or Unsupported or NotThere);
        }
    }

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true)]
    private static partial nint GetAttribute(byte* path, byte* name, byte* value, nuint size);
}
