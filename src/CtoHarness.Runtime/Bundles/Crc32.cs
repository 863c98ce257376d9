namespace CtoHarness.Runtime.Bundles;

/// <summary>The checksum that ends a gzip file.</summary>
internal sealed class Crc32
{
    private static readonly uint[] Table = MakeTable();
    private uint _state = 0xFFFF_FFFF;

    /// <summary>The checksum of all that was added.</summary>
    internal uint Value => ~_state;

    /// <summary>Adds bytes.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        foreach (var one in bytes)
        {
            state = Table[(state ^ one) & 0xFF] ^ (state >> 8);
        }

        _state = state;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
