using System.Collections.Immutable;

namespace CtoHarness.Core.Observation;

/// <summary>Puts in what a shell would put in: homes and variables.</summary>
internal sealed class PathExpansion(PathTerms terms)
{
    private const int MostReadings = 16;
    private const int MostVariables = 8;
    private const int MostLength = 8192;

    /// <summary>A text that begins with <c>~</c>, with the home in its place.</summary>
    /// <returns>Paths, and whether the user was named.</returns>
    internal IEnumerable<(string Path, bool IsNamed)> Home(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var user = slash < 0 ? text[1..] : text[1..slash];
        return terms.Homes.GetValueOrDefault(user, []).Select(home => (home + (slash < 0 ? "" : text[slash..]), user.Length > 0));
    }

    /// <summary>A text with every value of its variables in their place; one that nobody knows is empty.</summary>
    internal IEnumerable<string> Variables(string text)
    {
        List<string> readings = [""];
        for (int at = 0, count = 0; at < text.Length; count++)
        {
            var dollar = count < MostVariables ? text.IndexOf('$', at) : -1;
            var plain = dollar < 0 ? text[at..] : text[at..dollar];
            ImmutableArray<string> values = [""];
            at = dollar < 0 ? text.Length : Read(text, dollar, out values);
            readings = [.. readings.SelectMany(reading => values.Select(value => reading + plain + value)).Where(reading => reading.Length <= MostLength).Take(MostReadings)];
        }

        return readings;
    }

    private int Read(string text, int dollar, out ImmutableArray<string> values)
    {
        var at = dollar + 1;
        if (at < text.Length && text[at] is '{' or '(')
        {
            var end = text.IndexOf(text[at] == '{' ? '}' : ')', at);
            var inner = end < 0 ? text[(at + 1)..] : text[(at + 1)..end];
            var name = string.Concat(inner.TakeWhile(IsOfName));
            var other = inner[name.Length..].TrimStart(':') is ['-' or '=' or '+', .. var word] ? word : null;
            values = [.. terms.Variables.GetValueOrDefault(name, other is null ? [""] : []), .. other is null ? Array.Empty<string>() : [other]];
            return end < 0 ? text.Length : end + 1;
        }

        var length = text[at..].TakeWhile(IsOfName).Count();
        values = terms.Variables.GetValueOrDefault(text.Substring(at, length), [""]);
        return at + length;
    }

    private static bool IsOfName(char one) => char.IsAsciiLetterOrDigit(one) || one == '_';
}
