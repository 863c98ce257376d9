using System.Text;

namespace CtoHarness.Core.Trees;

/// <summary>A pattern over paths: <c>*</c> stands for anything within a name, <c>**</c> as a whole name for any number of names.</summary>
public sealed record PathPattern
{
    private readonly string[] _parts;

    private PathPattern(string text)
    {
        Text = text;
        _parts = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)).Split('/');
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
    public bool Covers(RelativePath path) => Covers(_parts, path.RawForMatching.Split('/'));

    /// <inheritdoc/>
    public override string ToString() => Text;

    // A table instead of recursion: the cost is names times parts, whatever the pattern.
    private static bool Covers(string[] parts, string[] names)
    {
        var reached = new bool[names.Length + 1];
        reached[0] = true;
        foreach (var part in parts)
        {
            var next = new bool[names.Length + 1];
            if (part == "**")
            {
                var any = false;
                for (var i = 0; i <= names.Length; i++)
                {
                    any |= reached[i];
                    next[i] = any;
                }
            }
            else
            {
                for (var i = 0; i < names.Length; i++)
                {
                    next[i + 1] = reached[i] && NameCovers(part, names[i]);
                }
            }

            reached = next;
        }

        return reached[names.Length];
    }

    private static bool NameCovers(string part, string name)
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

        return part.AsSpan(p).Trim('*').IsEmpty;
    }
}
