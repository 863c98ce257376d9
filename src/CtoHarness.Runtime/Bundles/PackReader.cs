using System.IO.Compression;
using CtoHarness.Core.Runs;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Reads a pack as a stream. Its content is packed again on the way and compared byte for byte with the file, so that there is nothing that this reader could overlook.</summary>
internal sealed class PackReader(BundleCollector collector, SafeFileHandle file)
{
    private const string NoPack = "it is no pack as 'cto-harness pack' writes it";
    private const string TooShort = "it ends too early";
    private readonly byte[] _block = new byte[TarHeader.Block];
    private string _top = "";
    private PackWriter? _writer;

    /// <summary>Reads all of it; what is wrong becomes a line.</summary>
    internal void Read()
    {
        try
        {
            using var same = new SameBytes(file);
            using var packed = new FileStream(file, FileAccess.Read, bufferSize: 0);
            using var content = new GZipStream(packed, CompressionMode.Decompress);
            while (!collector.IsFull && NextEntry(content, same) is { } entry)
            {
                Take(content, entry);
            }

            if (!collector.IsFull)
            {
                _writer?.Finish();
                same.End();
                Check();
            }
        }
        catch (NotAPackException odd)
        {
            collector.Odd("", $"{NoPack}: {odd.Message}");
        }
        catch (EndOfStreamException)
        {
            collector.Odd("", $"{NoPack}: {TooShort}");
        }
        catch (InvalidDataException)
        {
            collector.Odd("", $"{NoPack}: it is not compressed with gzip, or is damaged; another archive is to be unpacked into an empty folder, and that to be verified");
        }
    }

    private (string Path, long Size)? NextEntry(GZipStream content, SameBytes same)
    {
        if (Next(content) is not { } entry)
        {
            return null;
        }

        if (entry.Type == TarHeader.Extended)
        {
            var extended = new byte[entry.Size <= TarHeader.MostExtended ? entry.Size : throw new NotAPackException("an extended header is too large")];
            content.ReadExactly(extended);
            Skip(content, extended.Length);
            entry = Next(content) is { } next && TarHeader.Lay(extended, next) is { } whole ? whole : throw new NotAPackException("an extended header says what none does");
        }

        var (path, odd) = BundleNames.Read(entry.Path);
        if (entry.Type != TarHeader.File || path is null)
        {
            throw new NotAPackException($"{BundleNames.Shown(entry.Path)} is {(path is null ? odd : "no regular file")}");
        }

        return (Below(path, same), entry.Size);
    }

    private TarEntry? Next(GZipStream content)
    {
        content.ReadExactly(_block);
        return !_block.AsSpan().ContainsAnyExcept((byte)0) ? null
            : TarHeader.Read(_block) ?? throw new NotAPackException("a header's size is no number");
    }

    // The first entry says how the folder around all of them is called.
    private string Below(string path, SameBytes same)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (_writer is null && slash > 0 && RunId.TryParse(path[..slash], out var run))
        {
            _top = path[..(slash + 1)];
            _writer = new PackWriter(same, run);
            collector.Copy = _writer;
        }

        if (_writer is null || !path.StartsWith(_top, StringComparison.Ordinal) || !BundleNames.IsBelow(path[_top.Length..]))
        {
            throw new NotAPackException($"{BundleNames.Shown(path)} does not lie in a folder with a run's name");
        }

        return path[_top.Length..];
    }

    private void Take(GZipStream content, (string Path, long Size) entry)
    {
        if (!collector.Meet(System.Text.Encoding.UTF8.GetByteCount(entry.Path)))
        {
            return;
        }

        var left = entry.Size;
        var whole = collector.Take(entry.Path, entry.Size, into =>
        {
            var read = content.Read(into[..(int)Math.Min(into.Length, left)]);
            left -= read;
            return read;
        });
        if (!whole)
        {
            throw new NotAPackException(TooShort);
        }

        if (!collector.IsFull)
        {
            Skip(content, entry.Size);
        }
    }

    private void Skip(GZipStream content, long size) => content.ReadExactly(_block.AsSpan(0, TarHeader.Padding(size)));

    private void Check()
    {
        var content = collector.Content();
        foreach (var path in content.Files.Select(one => one.Path))
        {
            for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                if (content.Find(path[..slash]) is not null)
                {
                    collector.Odd(path, "it lies in something that is a file");
                }
            }
        }

        if (_top.TrimEnd('/') != BundleNames.RunOf(content.Find(BundleNames.Report)?.Content)?.ToString())
        {
            collector.Odd("", $"{NoPack}: the folder in it is not named by the run that its {BundleNames.Report} names");
        }
    }
}
