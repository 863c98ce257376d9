using System.Collections.Immutable;
using System.Text;

namespace CtoHarness.Core.Withholding;

/// <summary>Decides which variables of the harness's own environment have values that no bundle may hold.</summary>
public static class WithheldVariables
{
    private const int ShortestPlain = 8;
    private const int MostOfName = 200;

    /// <summary>Why a short number is not withheld.</summary>
    public const string NumberReason = "it is short and has hexadecimal digits alone, so that it cannot be told from numbers and digests";

    /// <summary>Why what is public is not withheld.</summary>
    public const string PublicReason = "it stands in what this run makes public anyway: the fixture, the policy, names and folders, or the harness's own words";

    /// <summary>Why a path is not withheld.</summary>
    public const string PathReason = "it is the path of something on this machine";

    /// <summary>The variables whose values may be secrets: from 8 bytes on, and from 4 where the name looks like a secret's.</summary>
    /// <param name="environment">The harness's environment.</param>
    /// <returns>Their values, by name.</returns>
    public static ImmutableArray<WithheldValue> Candidates(IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return
        [
            .. environment
                .Where(one => one.Key.Length is > 0 and <= MostOfName && !VariableNames.IsHarmless(one.Key))
                .Select(one => new WithheldValue(one.Key, Encoding.UTF8.GetBytes(one.Value)))
                .Where(value => value.Bytes.Span.Trim(" \t\r\n"u8).Length >= (VariableNames.LooksSecret(value.Name) ? WithheldValue.Shortest : ShortestPlain))
                .OrderBy(value => value.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Sets apart the values that are no secret, since withholding them would only destroy evidence.</summary>
    /// <param name="candidates">Values, by name.</param>
    /// <param name="published">What the run makes public whatever happens.</param>
    /// <param name="isPath">Whether a text is the path of something on this machine.</param>
    /// <returns>The values in both groups.</returns>
    public static SortedValues Sort(ImmutableArray<WithheldValue> candidates, IEnumerable<ReadOnlyMemory<byte>> published, Func<string, bool> isPath)
    {
        ArgumentNullException.ThrowIfNull(published);
        ArgumentNullException.ThrowIfNull(isPath);
        var names = Encoding.UTF8.GetBytes("[withheld:] " + string.Join(' ', candidates.Select(value => value.Name)));
        var search = ValueSearch.Of(candidates);
        var seen = published.Append(names).SelectMany(text => search.NamesIn(text.Span)).ToHashSet(StringComparer.Ordinal);
        var reasons = candidates.Select(value => (Value: value, Reason: ReasonOf(value, seen, isPath))).ToList();
        return new SortedValues(
            [.. reasons.Where(one => one.Reason is null).Select(one => one.Value)],
            [.. reasons.Where(one => one.Reason is not null).Select(one => new WithheldRecord(one.Value.Name, null, one.Reason))]);
    }

    private static string? ReasonOf(WithheldValue value, HashSet<string> seen, Func<string, bool> isPath)
    {
        var text = Encoding.UTF8.GetString(value.Bytes.Span);
        return text.Length < ShortestPlain && text.All(char.IsAsciiHexDigit) ? NumberReason
            : seen.Contains(value.Name) ? PublicReason
            : !VariableNames.LooksSecret(value.Name) && text.Split(':').All(part => part.Length > 0 && part[0] == '/' && isPath(part)) ? PathReason
            : null;
    }
}
