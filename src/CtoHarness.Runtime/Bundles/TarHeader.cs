using System.Globalization;
using System.Text;

namespace CtoHarness.Runtime.Bundles;

/// <summary>What is read of a header; all else in it is compared with what would have been written.</summary>
/// <param name="Type">The kind of entry.</param>
/// <param name="Path">The whole path.</param>
/// <param name="Size">How many bytes follow.</param>
internal readonly record struct TarEntry(byte Type, byte[] Path, long Size);

/// <summary>The headers of a pack: ustar, with one of pax before an entry whose path or size does not fit.</summary>
internal static class TarHeader
{
    /// <summary>Everything in a tar file begins at a multiple of this.</summary>
    internal const int Block = 512;

    /// <summary>A regular file.</summary>
    internal const byte File = (byte)'0';

    /// <summary>A header that says more of the next entry.</summary>
    internal const byte Extended = (byte)'x';

    /// <summary>The most bytes that an extended header may have: a path and a size.</summary>
    internal const int MostExtended = 2048;

    private const int NameBytes = 100;
    private const int SizeAt = 124;
    private const int SizeDigits = 11;
    private const int SumAt = 148;
    private const int TypeAt = 156;
    private const int PrefixAt = 345;
    private const int PrefixBytes = 155;
    private const long MostSize = 0x1_FFFF_FFFF; // eleven octal digits
    private const string ExtendedName = "././@PaxHeader";
    private const string PathKey = "path";
    private const string SizeKey = "size";

    /// <summary>Writes what stands before a file's bytes.</summary>
    /// <param name="path">Its whole path.</param>
    /// <param name="size">Its size.</param>
    /// <param name="time">Seconds since 1970.</param>
    /// <returns>One block, or three or more.</returns>
    internal static byte[] Of(string path, long size, long time)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var fits = Split(bytes, out var prefix, out var name);
        var extended = (fits ? "" : Record(PathKey, path))
            + (size <= MostSize ? "" : Record(SizeKey, size.ToString(CultureInfo.InvariantCulture)));
        var plain = Plain(fits ? prefix : [], fits ? name : bytes.AsSpan(0, NameBytes), size <= MostSize ? size : 0, time, File);
        if (extended.Length == 0)
        {
            return plain;
        }

        var body = Encoding.UTF8.GetBytes(extended);
        return [.. Plain([], Encoding.ASCII.GetBytes(ExtendedName), body.Length, time, Extended), .. body, .. new byte[Padding(body.Length)], .. plain];
    }

    /// <summary>How many zeros follow a file of this size.</summary>
    internal static int Padding(long size) => (int)((Block - (size % Block)) % Block);

    /// <summary>Reads one block.</summary>
    /// <returns>The entry, or null where the size is no number.</returns>
    internal static TarEntry? Read(ReadOnlySpan<byte> block)
    {
        long size = 0;
        foreach (var digit in block.Slice(SizeAt, SizeDigits))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            size = (size * 8) + (digit - '0');
        }

        var prefix = Field(block.Slice(PrefixAt, PrefixBytes));
        var name = Field(block[..NameBytes]);
        return new TarEntry(block[TypeAt], prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name], size);
    }

    /// <summary>Lays what an extended header says over the entry that follows it.</summary>
    /// <returns>The entry, or null where the header says anything else.</returns>
    internal static TarEntry? Lay(ReadOnlySpan<byte> extended, TarEntry entry)
    {
        while (!extended.IsEmpty)
        {
            var space = extended.IndexOf((byte)' ');
            var equals = extended.IndexOf((byte)'=');
            if (space < 0 || equals < space || !Number(extended[..space], out var length) || length <= equals || length > extended.Length)
            {
                return null;
            }

            var value = extended[(equals + 1)..(int)(length - 1)];
            var key = Encoding.UTF8.GetString(extended[(space + 1)..equals]);
            if (key == PathKey)
            {
                entry = entry with { Path = value.ToArray() };
            }
            else if (key == SizeKey && Number(value, out var size))
            {
                entry = entry with { Size = size };
            }
            else
            {
                return null;
            }

            extended = extended[(int)length..];
        }

        return entry;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private static bool Split(byte[] path, out ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> name)
    {
        prefix = [];
        name = path;
        if (path.Length <= NameBytes)
        {
            return true;
        }

        var slash = path.AsSpan(0, Math.Min(path.Length, PrefixBytes + 1)).LastIndexOf((byte)'/');
        if (slash <= 0)
        {
            return false;
        }

        prefix = path.AsSpan(0, slash);
        name = path.AsSpan(slash + 1);
        return name.Length is > 0 and <= NameBytes;
    }

    private static byte[] Plain(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name, long size, long time, byte type)
    {
        var block = new byte[Block];
        name.CopyTo(block);
        Octal(block, 100, 7, 0x1A4); // 0644
        Octal(block, 108, 7, 0);
        Octal(block, 116, 7, 0);
        Octal(block, SizeAt, SizeDigits, size);
        Octal(block, 136, 11, time);
        block[TypeAt] = type;
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        Octal(block, 329, 7, 0);
        Octal(block, 337, 7, 0);
        prefix.CopyTo(block.AsSpan(PrefixAt));

        // The sum is of the header with spaces in its own place.
        block.AsSpan(SumAt, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var one in block)
        {
            sum += one;
        }

        Octal(block, SumAt, 6, sum);
        block[SumAt + 6] = 0;
        return block;
    }

    private static void Octal(byte[] block, int at, int digits, long value)
    {
        for (var i = digits - 1; i >= 0; i--)
        {
            block[at + i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }

    // Its length counts its own digits.
    private static string Record(string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount(value) + key.Length + 3;
        var length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{length} {key}={value}\n");
    }
}
