using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests;

/// <summary>Sound bytes, changed in a few places: they come deep into a reader.</summary>
internal static class Mutated
{
    /// <summary>How many are tried by every run of the tests.</summary>
    public const int Usual = 10_000;

    /// <summary>How many are tried where time does not matter.</summary>
    public const int Many = 200_000;

    /// <summary>A bit, a byte, a stretch left out, doubled, or moved elsewhere: once, or a few times over.</summary>
    /// <param name="whole">The sound bytes.</param>
    /// <returns>Mostly other bytes.</returns>
    public static Gen<byte[]> Of(byte[] whole) =>
        from changes in Gen.Choose(0, int.MaxValue).Four().NonEmptyListOf().Select(list => list.Take(4).ToList())
        select changes.Aggregate(whole, (bytes, change) => One(bytes, change.Item1 % 6, change.Item2, change.Item3, change.Item4));

    private static byte[] One(byte[] bytes, int kind, int first, int second, int what)
    {
        if (bytes.Length == 0)
        {
            return [(byte)(what & 0xff)];
        }

        var at = first % bytes.Length;
        var end = at + (second % Math.Min(bytes.Length - at, 64));
        var to = what % bytes.Length;
        return kind switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << (what & 7))), .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], (byte)(what & 0xff), .. bytes[(at + 1)..]],
            2 => [.. bytes[..at], .. bytes[end..]],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => [.. bytes[..at], (byte)(what & 0xff), .. bytes[at..]],
            _ => [.. bytes[..to], .. bytes[at..end], .. bytes[to..]],
        };
    }
}
