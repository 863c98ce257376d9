using System.Text;

namespace CtoHarness.Core.Trees;

/// <summary>A pattern over paths: <c>*</c> stands for anything within a name, <c>**</c> as a whole name for any number of names.</summary>
public sealed record PathPattern
{
    private readonly byte[][] _parts;

    private PathPattern(string text)
    {
        Text = text;
        _parts = [.. text.Split('/').Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">Relative, without empty, <c>.</c> or <c>..</c> names, at most 256 characters.</param>
    /// <param name="pattern">The pattern, where the answer is true.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, out PathPattern? pattern)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = text.Length <= 256 && RelativePath.TryParse(text, out _) ? new PathPattern(text) : null;
        return pattern is not null;
    }

    /// <summary>Whether the pattern covers the whole path.</summary>
    /// <param name="path">A path.</param>
    /// <returns>True where it does.</returns>
    public bool Covers(RelativePath path) => Covers(_parts, path.Bytes);

    /// <inheritdoc/>
    public override string ToString() => Text;

    // The last ** takes one name more whenever what follows it does not fit: the cost is names times parts, whatever the pattern.
    private static bool Covers(byte[][] parts, ReadOnlySpan<byte> path)
    {
        int p = 0, at = 0, any = -1, mark = 0;
        while (at <= path.Length)
        {
            if (p < parts.Length && IsAny(parts[p]))
            {
                any = p++;
                mark = at;
            }
            else if (p < parts.Length && NameCovers(parts[p], path[at..EndOf(path, at)]))
            {
                p++;
                at = EndOf(path, at) + 1;
            }
            else if (any >= 0)
            {
                p = any + 1;
                at = mark = EndOf(path, mark) + 1;
            }
            else
            {
                return false;
            }
        }

        return parts.Skip(p).All(IsAny);
    }

    private static bool IsAny(byte[] part) => part.AsSpan().SequenceEqual("**"u8);

    private static int EndOf(ReadOnlySpan<byte> path, int start)
    {
        var length = path[start..].IndexOf((byte)'/');
        return length < 0 ? path.Length : start + length;
    }

    private static bool NameCovers(ReadOnlySpan<byte> part, ReadOnlySpan<byte> name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < part.Length && part[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < part.Length && part[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        return part[p..].Trim((byte)'*').IsEmpty;
    }
}
