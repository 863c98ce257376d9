using System.Collections.Immutable;

namespace CtoHarness.Core.Withholding;

/// <summary>A value that no bundle may hold, under the name that stands for it.</summary>
/// <param name="Name">The variable's or key's name, which is no secret.</param>
/// <param name="Bytes">The value, exactly as it was given.</param>
public sealed record WithheldValue(string Name, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The fewest bytes that can be searched for: anything shorter stands everywhere.</summary>
    public const int Shortest = 4;
}

/// <summary>What a bundle says of one withheld value.</summary>
/// <param name="Name">The variable's or key's name.</param>
/// <param name="Hmac"><c>hmac-sha256:</c> and 64 hexadecimal digits, by the run's secret; null where the value is exempt.</param>
/// <param name="Exempt">Why the value is not withheld; null where it is.</param>
public sealed record WithheldRecord(string Name, string? Hmac, string? Exempt);

/// <summary>A file of a bundle in which values were replaced.</summary>
/// <param name="File">Path within the bundle.</param>
/// <param name="Names">The names of the values, sorted.</param>
public sealed record ReplacedValues(string File, ImmutableArray<string> Names);

/// <summary>The values of a run, sorted into those that are withheld and those that are not.</summary>
/// <param name="Values">Withheld, by name.</param>
/// <param name="Exempt">Name and reason, by name.</param>
public sealed record SortedValues(ImmutableArray<WithheldValue> Values, ImmutableArray<WithheldRecord> Exempt);
