namespace CtoHarness.Runtime.Storage;

/// <summary>A file to which lines are appended, each wholly or not at all.</summary>
/// <param name="file">The file, without a buffer, empty or at its end.</param>
internal sealed class LineFile(FileStream file) : IDisposable
{
    private bool _isTorn;

    /// <summary>Appends a line.</summary>
    /// <param name="line">The line, with its end.</param>
    /// <exception cref="IOException">It could not be written; nothing of it stands in the file, or nothing more can be appended.</exception>
    internal void Add(ReadOnlySpan<byte> line)
    {
        if (_isTorn)
        {
            throw new IOException($"{file.Name} ends in half a line that could not be taken back");
        }

        var end = file.Position;
        try
        {
            file.Write(line);
        }
        catch (IOException)
        {
            TakeBack(end);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void TakeBack(long end)
    {
        try
        {
            file.SetLength(end);
            file.Position = end;
        }
        catch (Exception failing) when (failing is IOException or ArgumentException)
        {
            _isTorn = true;
        }
    }
}
