namespace CtoHarness.Runtime.Bundles;

/// <summary>Writes numbers of any width, one bit behind the other, as RFC 1951 packs them into bytes.</summary>
internal sealed class BitWriter(Stream output)
{
    private readonly byte[] _bytes = new byte[16_384];
    private int _filled;
    private ulong _waiting;
    private int _width;

    /// <summary>Writes a number.</summary>
    /// <param name="value">The number, in no more bits than the width.</param>
    /// <param name="width">At most 16.</param>
    internal void Put(uint value, int width)
    {
        _waiting |= (ulong)value << _width;
        _width += width;
        while (_width >= 8)
        {
            PutByte();
            _width -= 8;
        }
    }

    /// <summary>Fills the last byte with zeros and hands everything over.</summary>
    internal void Finish()
    {
        if (_width > 0)
        {
            PutByte();
            _width = 0;
        }

        Flush();
    }

    private void PutByte()
    {
        _bytes[_filled++] = (byte)(_waiting & 0xFF);
        _waiting >>= 8;
        if (_filled == _bytes.Length)
        {
            Flush();
        }
    }

    private void Flush()
    {
        output.Write(_bytes, 0, _filled);
        _filled = 0;
    }
}
