namespace CtoHarness.Runtime.Bundles;

/// <summary>One code, with its bits in the order in which they are written.</summary>
internal readonly record struct FixedCode(uint Bits, int Length);

/// <summary>The fixed Huffman codes of RFC 1951, section 3.2.6.</summary>
internal static class FixedCodes
{
    private static readonly FixedCode[] Symbols = [.. Enumerable.Range(0, 288).Select(MakeSymbol)];
    private static readonly FixedCode[] Distances = [.. Enumerable.Range(0, 30).Select(code => Reversed((uint)code, 5))];

    /// <summary>The code of a byte, a length or the end.</summary>
    internal static FixedCode Of(int symbol) => Symbols[symbol];

    /// <summary>The code of a distance.</summary>
    internal static FixedCode OfDistance(int code) => Distances[code];

    private static FixedCode MakeSymbol(int symbol) => symbol switch
    {
        < 144 => Reversed((uint)(0x30 + symbol), 8),
        < 256 => Reversed((uint)(0x190 + symbol - 144), 9),
        < 280 => Reversed((uint)(symbol - 256), 7),
        _ => Reversed((uint)(0xC0 + symbol - 280), 8),
    };

    // Codes are written with their first bit first, all other numbers with their last.
    private static FixedCode Reversed(uint code, int length)
    {
        uint reversed = 0;
        for (var bit = 0; bit < length; bit++)
        {
            reversed = (reversed << 1) | ((code >> bit) & 1);
        }

        return new FixedCode(reversed, length);
    }
}
