using System.Collections.Immutable;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Observation;

/// <summary>A moment as a file system keeps it.</summary>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="Nanoseconds">Nanoseconds of the second.</param>
public readonly record struct FileMoment(long Seconds, uint Nanoseconds);

/// <summary>What the kernel says of an entry without its being opened.</summary>
/// <param name="Kind">One letter as <c>ls -l</c> has it, but <c>f</c> for a regular file; <see cref="ManifestEntry.Absent"/> for a name under which nothing stands.</param>
/// <param name="Mode">Its twelve permission bits.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Group">Its group.</param>
/// <param name="Device">The device that it is on.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="Size">Bytes; null where it says nothing.</param>
/// <param name="Modified">When its content was last changed, or is said to have been; null where it says nothing.</param>
/// <param name="Changed">When it was last changed in any way: nobody can set this time; null where it says nothing.</param>
public readonly record struct EntryFacts(
    char Kind, uint Mode, uint User, uint Group, ulong Device, ulong Inode, long? Size, FileMoment? Modified, FileMoment? Changed);

/// <summary>One entry of a manifest: <c>PATH NUL KIND SP MODE SP UID SP GID SP DEVICE SP INODE SP SIZE SP MTIME SP CTIME NUL DETAIL NUL LF</c>.</summary>
/// <remarks>DETAIL is the text of a link, or the digest of a content that was read, or empty. The top itself has the path <c>.</c>.</remarks>
public sealed class ManifestEntry
{
    /// <summary>The kind of a name under which nothing stands.</summary>
    public const char Absent = '-';

    /// <summary>The most bytes that one entry takes.</summary>
    public const int MaxBytes = RelativePath.MaxBytes + MaxDetail + 256;

    private const int MaxDetail = 4096;
    private const int SizeAt = 6;
    private static readonly ImmutableArray<string> Names = ["kind", "mode", "owner", "group", "device", "inode", "size", "mtime", "ctime"];

    private readonly byte[] _record;
    private readonly int _factsAt;
    private readonly int _detailAt;

    private ManifestEntry(byte[] record, int factsAt, int detailAt)
    {
        _record = record;
        _factsAt = factsAt;
        _detailAt = detailAt;
    }

    /// <summary>The path's bytes.</summary>
    public ReadOnlySpan<byte> Path => _record.AsSpan(0, _factsAt - 1);

    /// <summary>Whether nothing stands there.</summary>
    public bool IsAbsent => _record[_factsAt] == Absent;

    private ReadOnlySpan<byte> Facts => _record.AsSpan(_factsAt, _detailAt - 1 - _factsAt);

    private ReadOnlySpan<byte> Detail => _record.AsSpan(_detailAt, _record.Length - _detailAt - 2);

    /// <summary>Writes an entry.</summary>
    /// <param name="path">Its path, without NUL.</param>
    /// <param name="facts">What the kernel says of it.</param>
    /// <param name="detail">The text of a link, or the digest of a content, without NUL.</param>
    /// <param name="place">Room for <see cref="MaxBytes"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(ReadOnlySpan<byte> path, EntryFacts facts, ReadOnlySpan<byte> detail, Span<byte> place)
    {
        path.CopyTo(place);
        var at = path.Length;
        place[at++] = 0;
        place[at++] = (byte)facts.Kind;
        place[at++] = (byte)' ';
        for (var shift = 9; shift >= 0; shift -= 3)
        {
            place[at++] = (byte)('0' + ((facts.Mode >> shift) & 7));
        }

        at = Append(place, at, facts.User);
        at = Append(place, at, facts.Group);
        at = Append(place, at, facts.Device);
        at = Append(place, at, facts.Inode);
        at = Append(place, at, facts.Size);
        at = Append(place, at, facts.Modified);
        at = Append(place, at, facts.Changed);
        place[at++] = 0;
        detail.CopyTo(place[at..]);
        at += detail.Length;
        place[at++] = 0;
        place[at++] = (byte)'\n';
        return at;
    }

    /// <summary>Finds where the first entry of a piece of a manifest ends.</summary>
    /// <param name="bytes">A manifest from the beginning of an entry on.</param>
    /// <param name="pathLength">How long its path is.</param>
    /// <returns>How many bytes it has, or 0 where it is not whole.</returns>
    public static int Length(ReadOnlySpan<byte> bytes, out int pathLength)
    {
        pathLength = bytes.IndexOf((byte)0);
        var facts = pathLength < 0 ? -1 : bytes[(pathLength + 1)..].IndexOf((byte)0);
        if (facts < 0)
        {
            return 0;
        }

        var detailAt = pathLength + facts + 2;
        var detail = bytes[detailAt..].IndexOf((byte)0);
        return detail < 0 || detailAt + detail + 2 > bytes.Length ? 0 : detailAt + detail + 2;
    }

    /// <summary>Reads one entry.</summary>
    /// <param name="record">Exactly the bytes of an entry.</param>
    /// <returns>The entry, or null where the bytes are none.</returns>
    public static ManifestEntry? TryRead(ReadOnlySpan<byte> record)
    {
        if (Length(record, out var path) != record.Length || path <= 0 || record[^1] != '\n')
        {
            return null;
        }

        var factsAt = path + 1;
        var facts = record[factsAt..(factsAt + record[factsAt..].IndexOf((byte)0))];
        return facts.Count((byte)' ') == Names.Length - 1 ? new ManifestEntry(record.ToArray(), factsAt, factsAt + facts.Length + 1) : null;
    }

    /// <summary>The path as text that is safe to show.</summary>
    /// <returns>Git's form, cut short.</returns>
    public override string ToString() => PlainText.Visible(
        RelativePath.TryFromBytes(Path, out var path) ? path.ToString() : System.Text.Encoding.UTF8.GetString(Path), 300);

    /// <summary>What differs between two entries of one path.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Names such as <c>size</c>; none where nothing differs.</returns>
    public ImmutableArray<string> DifferencesTo(ManifestEntry other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var names = ImmutableArray.CreateBuilder<string>();
        var mine = Facts.Split((byte)' ');
        var its = other.Facts.Split((byte)' ');
        for (var number = 0; mine.MoveNext() && its.MoveNext(); number++)
        {
            if (!Facts[mine.Current].SequenceEqual(other.Facts[its.Current]))
            {
                names.Add(Names[number]);
            }
        }

        if (!Detail.SequenceEqual(other.Detail))
        {
            names.Insert(names.TakeWhile(name => Names.IndexOf(name) < SizeAt).Count(), _record[_factsAt] == 'l' ? "link target" : "content");
        }

        return names.ToImmutable();
    }

    private static int Append(Span<byte> place, int at, ulong number)
    {
        place[at++] = (byte)' ';
        _ = number.TryFormat(place[at..], out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        return at + written;
    }

    private static int Append(Span<byte> place, int at, long? number)
    {
        place[at++] = (byte)' ';
        if (number is not { } known)
        {
            place[at] = (byte)'-';
            return at + 1;
        }

        _ = known.TryFormat(place[at..], out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        return at + written;
    }

    private static int Append(Span<byte> place, int at, FileMoment? moment)
    {
        at = Append(place, at, moment?.Seconds);
        if (moment is { } known)
        {
            place[at++] = (byte)'.';
            _ = known.Nanoseconds.TryFormat(place[at..], out var written, "D9", System.Globalization.CultureInfo.InvariantCulture);
            at += written;
        }

        return at;
    }
}
