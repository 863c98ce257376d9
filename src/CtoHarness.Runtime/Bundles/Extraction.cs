namespace CtoHarness.Runtime.Bundles;

/// <summary>Writes some of a bundle's files into a folder of ours while they are read. What is written may be used once all of it was compared with what was sealed.</summary>
/// <param name="folder">An empty folder that nobody else sees.</param>
/// <param name="isWanted">Which files are written.</param>
internal sealed class Extraction(string folder, Func<string, bool> isWanted) : IDisposable
{
    private FileStream? _file;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its path within the bundle.</param>
    internal void Begin(string path)
    {
        End();
        if (!isWanted(path))
        {
            return;
        }

        if (!BundleNames.IsBelow(path))
        {
            throw new IOException($"{BundleNames.Shown(path)} is no path within a bundle");
        }

        var place = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        _file = new FileStream(place, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    /// <summary>Writes the next bytes of the file.</summary>
    internal void Write(ReadOnlySpan<byte> bytes) => _file?.Write(bytes);

    /// <summary>Ends the file.</summary>
    internal void End()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <inheritdoc/>
    public void Dispose() => End();
}
