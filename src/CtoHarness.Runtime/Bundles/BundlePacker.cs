using System.Security.Cryptography;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Makes one file of a bundle: the whole pack under its final name, or nothing.</summary>
public static class BundlePacker
{
    /// <summary>What the name of a pack ends in.</summary>
    public const string Ending = ".tar.gz";

    private const int MostOdd = 20;
    private const long MostReport = 64 << 20;

    /// <summary>Packs a bundle.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="output">The pack; null for the run's name in the current folder.</param>
    /// <param name="replace">Whether a pack that is there already is replaced.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>The pack, or why this is not done.</returns>
    /// <exception cref="IOException">The bundle cannot be read, or the pack not be written; nothing of it is left.</exception>
    public static Parsed<PackedBundle> Pack(string folder, string? output, bool replace, CancellationToken interrupt)
    {
        try
        {
            using var top = FileSystemCalls.OpenFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            if (ReadRun(folder) is not { } run)
            {
                return Refused(folder, $"it holds no {BundleNames.Report} that names its run: it is not a finished bundle of this version", "name a bundle; 'cto-harness runs' lists them");
            }

            var final = Path.GetFullPath(output ?? run + Ending);
            return WhyNot(folder, final, replace) is { } refusal
                ? new Parsed<PackedBundle>.Refused([refusal])
                : Write(top, folder, run, final, replace, interrupt);
        }
        catch (MachineException closed)
        {
            throw new IOException(closed.Message, closed);
        }
    }

    private static RunId? ReadRun(string folder)
    {
        var report = Path.Combine(folder, BundleNames.Report);
        return Path.Exists(report) ? BundleNames.RunOf(RegularFile.Read(report, MostReport, followLink: false)) : null;
    }

    private static Problem? WhyNot(string folder, string final, bool replace)
    {
        var around = FileSystemCalls.RealPath(Path.GetDirectoryName(final) ?? "/");
        if (around is null || !Directory.Exists(around) || Path.GetFileName(final).Length == 0)
        {
            return new Problem("--output", $"there is no folder for {PlainText.Quote(final)}", "name a file in a folder that exists");
        }

        if ((around + "/").StartsWith(FileSystemCalls.RealPath(folder) + "/", StringComparison.Ordinal))
        {
            return new Problem("--output", "the pack would lie in the bundle itself, which it would change", "name a file elsewhere with --output");
        }

        using var parent = FileSystemCalls.OpenFolder(around);
        return TypeOf(parent, Path.GetFileName(final)) switch
        {
            null => null,
            FileSystemCalls.TypeFile when replace => null,
            FileSystemCalls.TypeFile => new Problem("--output", $"{PlainText.Quote(final)} is there already", "name another file with --output, or replace it with --force"),
            FileSystemCalls.TypeFolder => new Problem("--output", $"{PlainText.Quote(final)} is a folder", "name a file in it"),
            var type => new Problem("--output", $"{PlainText.Quote(final)} is {FolderWalk.NameOf(type.Value)}", "name another file"),
        };
    }

    private static uint? TypeOf(SafeFileHandle parent, string name)
    {
        try
        {
            return FileSystemCalls.Look(parent, System.Text.Encoding.UTF8.GetBytes(name)).Type;
        }
        catch (MachineException none) when (none.IsNotThere)
        {
            return null;
        }
    }

    // Under a name that nobody has, beside the final one, which it gets when all of it is on the disk.
    private static Parsed<PackedBundle> Write(SafeFileHandle top, string folder, RunId run, string final, bool replace, CancellationToken interrupt)
    {
        var making = Path.Combine(Path.GetDirectoryName(final)!, $".{Path.GetRandomFileName()}.unfinished");
        try
        {
            using var file = new FileStream(making, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            var content = Read(top, run, file, interrupt);
            if (!content.Odd.IsEmpty)
            {
                return new Parsed<PackedBundle>.Refused([.. content.Odd.Take(MostOdd).Select(odd => Unsound(folder, odd))]);
            }

            if (BundleNames.RunOf(content.Find(BundleNames.Report)?.Content) != run)
            {
                return new Parsed<PackedBundle>.Refused([Unsound(folder, $"{BundleNames.Report}: it changed while it was read")]);
            }

            file.Flush(flushToDisk: true);
            file.Position = 0;
            var packed = new PackedBundle(run, final, file.Length, Digest.FromHash(SHA256.HashData(file)), content);
            File.Move(making, final, replace);
            return new Parsed<PackedBundle>.Value(packed);
        }
        finally
        {
            File.Delete(making);
        }
    }

    private static BundleContent Read(SafeFileHandle top, RunId run, FileStream file, CancellationToken interrupt)
    {
        var writer = new PackWriter(file, run);
        using var collector = new BundleCollector(interrupt) { Copy = writer };
        new FolderWalk(collector, interrupt).Read(top);
        var content = collector.Content();
        if (content.Odd.IsEmpty)
        {
            writer.Finish();
        }

        return content;
    }

    private static Problem Unsound(string folder, string odd) =>
        new(PlainText.Visible(folder), odd, "a bundle holds regular files alone, as the harness left them");

    private static Parsed<PackedBundle> Refused(string where, string message, string remedy) =>
        new Parsed<PackedBundle>.Refused([new Problem(PlainText.Visible(where), message, remedy)]);
}
