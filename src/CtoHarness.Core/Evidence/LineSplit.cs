namespace CtoHarness.Core.Evidence;

/// <summary>Splits a file of lines, each with its newline.</summary>
internal static class LineSplit
{
    /// <summary>The lines without their newlines; null where the last one has none.</summary>
    internal static List<ReadOnlyMemory<byte>>? Of(ReadOnlyMemory<byte> file)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        for (var start = 0; start < file.Length;)
        {
            var length = file.Span[start..].IndexOf((byte)'\n');
            if (length < 0)
            {
                return null;
            }

            lines.Add(file.Slice(start, length));
            start += length + 1;
        }

        return lines;
    }

    /// <summary>Whether lines, each with its newline, are exactly a file.</summary>
    internal static bool Same(IEnumerable<byte[]> lines, ReadOnlyMemory<byte> file)
    {
        var rest = file.Span;
        foreach (var line in lines)
        {
            if (!rest.StartsWith(line))
            {
                return false;
            }

            rest = rest[line.Length..];
        }

        return rest.IsEmpty;
    }
}
