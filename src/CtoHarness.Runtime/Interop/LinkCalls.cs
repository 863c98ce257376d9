using System.Runtime.InteropServices;
using System.Text;

namespace CtoHarness.Runtime.Interop;

/// <summary>Gives a file a second name, which replaces nothing: of two who try at once, one gets it.</summary>
internal static unsafe partial class LinkCalls
{
    private const int Exists = 17;

    /// <summary>Gives a file a name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name; a path on the same file system.</param>
    /// <returns>False where something stands there.</returns>
    internal static bool TryLink(string path, string name)
    {
        fixed (byte* from = Encoding.UTF8.GetBytes(path + "\0"), to = Encoding.UTF8.GetBytes(name + "\0"))
        {
            if (Link(from, to) == 0)
            {
                return true;
            }
        }

        return Marshal.GetLastPInvokeError() == Exists ? false : throw MachineException.Last("link", name);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true)]
    private static partial int Link(byte* path, byte* name);
}
