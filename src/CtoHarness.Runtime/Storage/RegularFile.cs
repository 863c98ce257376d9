using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Storage;

/// <summary>Reads files that others may have replaced: never waits on a FIFO, never reads a device, never reads without end.</summary>
public static class RegularFile
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="most">The most bytes that are read.</param>
    /// <param name="followLink">Whether its last name may be a link.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="IOException">It cannot be opened, is no regular file, or is larger.</exception>
    public static byte[] Read(string path, long most, bool followLink)
    {
        using var handle = FileSystemCalls.OpenRegular(path, followLink);
        using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (file.Length > most)
        {
            throw new IOException($"{path} has {file.Length} bytes, more than the {most} that are read");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads the beginning of a file, however large it is.</summary>
    /// <param name="path">Its path; its last name is no link.</param>
    /// <param name="most">The most bytes that are read.</param>
    /// <returns>Its first bytes.</returns>
    /// <exception cref="IOException">It cannot be opened or is no regular file.</exception>
    internal static byte[] ReadStart(string path, int most)
    {
        using var handle = FileSystemCalls.OpenRegular(path, followLink: false);
        using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        var bytes = new byte[Math.Min(file.Length, most)];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
