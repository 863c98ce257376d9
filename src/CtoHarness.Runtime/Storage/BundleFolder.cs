using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Withholding;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Storage;

/// <summary>A bundle while it is made: under a temporary name, which becomes the final one by one rename.</summary>
internal sealed class BundleFolder : IDisposable
{
    /// <summary>What the name of an unfinished bundle ends in.</summary>
    internal const string Unfinished = ".unfinished";

    private const int MostAttempts = 1000;
    private const uint Private = 0x1C0; // 0700

    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _replaced = new(StringComparer.Ordinal);
    private FolderClaim? _claim;

    private BundleFolder(string runs, RunId run)
    {
        Run = run;
        Final = Path.Combine(runs, run.ToString());
        Making = MakingPath(runs, run);
    }

    private BundleFolder(BundleFolder whole, string part)
    {
        Run = whole.Run;
        Final = Path.Combine(whole.Final, part);
        Making = Path.Combine(whole.Making, part);
        Withheld = whole.Withheld;
    }

    /// <summary>The run's name.</summary>
    internal RunId Run { get; }

    /// <summary>The folder's final path.</summary>
    internal string Final { get; }

    /// <summary>The folder's path while it is made.</summary>
    internal string Making { get; }

    /// <summary>What no file of it may hold.</summary>
    internal ValueSearch Withheld { get; private set; } = ValueSearch.None;

    /// <summary>The files in which values were replaced until now, by name.</summary>
    internal ImmutableArray<ReplacedValues> Replaced => [.. _replaced.Select(one => new ReplacedValues(one.Key, one.Value)).OrderBy(one => one.File, StringComparer.Ordinal)];

    /// <summary>Lets no file that is opened from now on hold these values.</summary>
    internal void Withhold(ValueSearch values) => Withheld = values;

    /// <summary>Takes a name that nobody has, and makes the folder.</summary>
    /// <param name="runs">The folder of all bundles, which is made where it is missing.</param>
    /// <param name="startedAt">When the run started.</param>
    /// <param name="task">Its task.</param>
    internal static BundleFolder Reserve(string runs, DateTimeOffset startedAt, TaskId task)
    {
        Directory.CreateDirectory(runs);
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var bundle = new BundleFolder(runs, RunId.New(startedAt, task, Environment.ProcessId, attempt));
            bundle._claim = FolderClaim.Make(bundle.Making, Private);
            if (bundle._claim is null)
            {
                continue;
            }

            // Looked at after the reservation: nobody else can finish under this name from here on.
            if (!Path.Exists(bundle.Final))
            {
                return bundle.Begin();
            }

            Directory.Delete(bundle.Making);
            bundle.Dispose();
        }

        throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{MostAttempts} runs of this second are in {runs} already"));
    }

    /// <summary>A folder within the bundle that holds the files of another lane.</summary>
    internal BundleFolder Part(string name) => new BundleFolder(this, name).Begin();

    /// <summary>Goes on with a bundle that its maker has left unfinished.</summary>
    /// <param name="runs">The folder of all bundles.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="claim">The claim of the folder, which this takes over.</param>
    internal static BundleFolder GoOn(string runs, RunId run, FolderClaim claim) => new(runs, run) { _claim = claim };

    /// <summary>The path of a run's folder while it is made.</summary>
    internal static string MakingPath(string runs, RunId run) => Path.Combine(runs, $".{run}{Unfinished}");

    /// <summary>Reads the name of a folder that is being made.</summary>
    /// <param name="name">Any name.</param>
    /// <param name="run">The run's name, where the answer is true.</param>
    /// <returns>Whether it is the name of an unfinished bundle.</returns>
    internal static bool TryParse(string name, out RunId run)
    {
        run = default;
        return name.Length > Unfinished.Length && name[0] == '.' && name.EndsWith(Unfinished, StringComparison.Ordinal)
            && RunId.TryParse(name[1..^Unfinished.Length], out run);
    }

    private BundleFolder Begin()
    {
        try
        {
            Directory.CreateDirectory(PathOf("backend"));
            return this;
        }
        catch (IOException)
        {
            Discard();
            Dispose();
            throw;
        }
    }

    /// <summary>The path of a file in the bundle while it is made.</summary>
    internal string PathOf(string name) => Path.Combine(Making, name);

    /// <summary>Writes a file.</summary>
    internal void Write(string name, ReadOnlySpan<byte> bytes)
    {
        using var file = Create(name);
        file.Write(bytes);
    }

    /// <summary>Writes a tree, in its folder.</summary>
    internal void Write(string name, Tree tree)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        using var file = Create(name);
        TreeFile.Write(tree, file.Write);
    }

    /// <summary>Opens a file that must not exist yet. Withheld values are replaced in what programs wrote; where one would stand in another file, that is refused.</summary>
    internal Stream Create(string name) => Withheld.IsEmpty ? CreateLines(name, bufferSize: 4096) : new GuardedFile(PathOf(name), name, Withheld, names => _replaced[name] = names);

    /// <summary>Opens a file that must not exist yet, for lines that hold no withheld value.</summary>
    internal FileStream CreateLines(string name, int bufferSize = 0) => new(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize);

    /// <summary>Opens a file to write behind what is there.</summary>
    internal FileStream Append(string name) => new(PathOf(name), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Digests every file but those named.</summary>
    /// <param name="folder">The bundle, under either name.</param>
    /// <param name="except">Names that are left out.</param>
    internal static ImmutableArray<Artifact> Artifacts(string folder, params string[] except) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path)))
            .Where(file => !except.Contains(file.Name))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => Digested(file.Path, file.Name))];

    /// <summary>Removes the folders that a run made and did not come to fill: a seal tells of files, and nobody could say what they mean.</summary>
    internal void RemoveEmptyFolders()
    {
        foreach (var folder in Directory.GetDirectories(Making, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length))
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    /// <summary>The digest of a file.</summary>
    internal static Digest DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Digest.FromHash(SHA256.HashData(file));
    }

    /// <summary>Writes everything through to the disk and gives the folder its final name.</summary>
    internal void Publish(string runs)
    {
        LastLook.Take(Making, Withheld);
        var files = Directory.GetFiles(Making, "*", SearchOption.AllDirectories);

        // All begin to be written before the first is waited for: the file system then needs its journal less often.
        foreach (var file in files)
        {
            using var handle = File.OpenHandle(file);
            FileSystemCalls.StartWriting(handle);
        }

        foreach (var file in files)
        {
            using var handle = File.OpenHandle(file);
            FileSystemCalls.Sync(handle, file);
        }

        foreach (var folder in Directory.EnumerateDirectories(Making, "*", SearchOption.AllDirectories).Append(Making))
        {
            SyncFolder(folder);
        }

        Directory.Move(Making, Final);
        try
        {
            SyncFolder(FileSystemCalls.RealPath(runs) ?? runs);
        }
        catch (MachineException)
        {
            // Nobody is told that it stands, so it must not.
            Directory.Move(Final, Making);
            throw;
        }
    }

    /// <summary>Removes what was made, where a bundle cannot be finished.</summary>
    internal void Discard()
    {
        if (Directory.Exists(Making))
        {
            Directory.Delete(Making, recursive: true);
        }
    }

    /// <summary>Lets go of the folder: nobody works on it any more.</summary>
    public void Dispose() => _claim?.Dispose();

    private static void SyncFolder(string folder)
    {
        using SafeFileHandle handle = FileSystemCalls.OpenFolder(folder);
        FileSystemCalls.Sync(handle, folder);
    }

    private static Artifact Digested(string path, string name)
    {
        using var file = File.OpenRead(path);
        return Artifact.Of(name, Digest.FromHash(SHA256.HashData(file)), file.Length);
    }
}
