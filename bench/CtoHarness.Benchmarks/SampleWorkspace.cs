using System.Collections.Concurrent;
using System.Globalization;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Benchmarks;

/// <summary>A workspace of many small files on disk, with a twin in which ten of them are changed.</summary>
internal sealed class SampleWorkspace
{
    private const int FilesInFolder = 50;
    private const int ChangedFiles = 10;
    private const int LinesInFile = 25;

    private static readonly ConcurrentDictionary<int, SampleWorkspace> Samples = new();

    private readonly string _top = Directory.CreateTempSubdirectory("cto-harness-benchmark-").FullName;
    private int _made;

    private SampleWorkspace(int files)
    {
        for (var number = 0; number < files; number++)
        {
            Write(Pristine, number, "as given");
            Write(Changed, number, number % (files / ChangedFiles) == 0 ? "changed" : "as given");
        }
    }

    /// <summary>The user that a lane's copy is given to: as root, as in a run, another one.</summary>
    internal static long? Owner => ProcessCalls.IsRoot ? 64000 : null;

    /// <summary>The workspace as it is given.</summary>
    internal string Pristine => Path.Combine(_top, "pristine");

    /// <summary>The workspace with ten files changed.</summary>
    internal string Changed => Path.Combine(_top, "changed");

    /// <summary>Where ready-made repositories are kept.</summary>
    internal string Repositories => Path.Combine(_top, "repositories");

    /// <summary>The workspace of a size, made once for all benchmarks.</summary>
    /// <param name="files">Number of files, each of about 1 KiB, in folders of 50.</param>
    internal static SampleWorkspace Of(int files) => Samples.GetOrAdd(files, count => new SampleWorkspace(count));

    /// <summary>Removes all of them.</summary>
    internal static void RemoveAll()
    {
        foreach (var sample in Samples.Values)
        {
            Directory.Delete(sample._top, recursive: true);
        }
    }

    /// <summary>Reads one of the folders.</summary>
    internal static Tree Read(string folder)
    {
        var (tree, refusal) = TreeReader.Read(folder, new TreeBounds(100_000, 1L << 30, 256 << 20, 128), leaveGit: false, CancellationToken.None);
        return tree ?? throw new InvalidOperationException(refusal);
    }

    /// <summary>A folder that does not exist, for what one iteration makes.</summary>
    /// <remarks>It stays until the end: ext4 makes files many times slower for minutes after as many were removed.</remarks>
    internal string NextMade() => Path.Combine(_top, Name("made", _made++));

    private static void Write(string top, int number, string state)
    {
        var folder = Path.Combine(top, Name("folder", number / FilesInFolder));
        Directory.CreateDirectory(folder);
        var line = string.Create(CultureInfo.InvariantCulture, $"line of file {number}, which is {state}\n");
        File.WriteAllText(Path.Combine(folder, Name("file", number)), string.Concat(Enumerable.Repeat(line, LinesInFile)));
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:d5}");
}
