using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Observation;

/// <summary>Searches a lane's folders, after its backend ended, for what would act later on its own.</summary>
internal sealed class PersistenceScanner
{
    private const int MostFound = 1000;
    private const long Factor = 4;
    private const long MostDepth = 512;
    private const int MostText = 256 << 10;
    private const uint SetIdBits = 0xC00;
    private const uint Executes = 0x49;
    private const int BareParts = 7;

    private readonly Dictionary<RelativePath, TreeEntry> _pristine;
    private readonly ImmutableArray<RelativePath> _allowed;
    private readonly List<Leftover> _found = [];
    private readonly List<Leftover> _noted = [];
    private readonly Dictionary<string, (int Parts, RelativePath Folder)> _bare = new(StringComparer.Ordinal);
    private long _total;

    private PersistenceScanner(Tree pristine, ImmutableArray<RelativePath> allowed)
    {
        _pristine = pristine.Entries.ToDictionary(entry => entry.Path);
        _allowed = allowed;
    }

    /// <summary>Searches the subject's folders of a lane and records it as an event.</summary>
    internal static PersistenceScan Scan(RunSite site, Reached reached)
    {
        var scan = Scan(site.Folders.Subject.Root, reached.Base!, reached.Contract!.Fixture.AllowedFiles, site.Request.Policy.Limits, site.Interrupt);
        site.Events.Add(EventNames.PersistenceScanned, json => EventJson.WriteScanned(json, scan));
        return scan;
    }

    /// <summary>Searches.</summary>
    /// <param name="root">The lane's root.</param>
    /// <param name="pristine">The workspace as it was given: what stands there unchanged is no leftover.</param>
    /// <param name="allowed">Paths of the workspace that the contract allows to change.</param>
    /// <param name="limits">The policy's limits.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static PersistenceScan Scan(string root, Tree pristine, ImmutableArray<RelativePath> allowed, Limits limits, CancellationToken interrupt)
    {
        var scanner = new PersistenceScanner(pristine, allowed);
        var refusal = LaneWalk.Go(root, limits.WorkspaceEntries * Factor, MostDepth, scanner.Meet, interrupt);
        foreach (var (_, folder) in scanner._bare.Values.Where(bare => bare.Parts == BareParts))
        {
            scanner.Add(new Leftover("nested-repository", folder.ToString(), "a bare repository, whose configuration and hooks git obeys", PersistenceRules.IsPassedOn(folder)));
        }

        return new PersistenceScan([.. scanner._found, .. scanner._noted.Take(MostFound - scanner._found.Count)], scanner._total, refusal);
    }

    private void Meet(SafeFileHandle folder, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes, FileSystemCalls.Entry entry, bool closed)
    {
        if (!RelativePath.TryFromBytes(bytes, out var path))
        {
            return;
        }

        MeetBare(path, name, entry.Type);
        var kind = closed ? LeftKind.Closed : entry.Type switch
        {
            FileSystemCalls.TypeFile => LeftKind.File,
            FileSystemCalls.TypeFolder => LeftKind.Folder,
            FileSystemCalls.TypeLink => LeftKind.Link,
            _ => LeftKind.Special,
        };
        var executes = kind == LeftKind.File && (entry.Mode & Executes) != 0;
        var left = PersistenceRules.Of(new LeftEntry(
            path, kind, executes, kind == LeftKind.File && (entry.Mode & SetIdBits) != 0, executes && AttributeCalls.HasCapabilities(folder, name)));
        if (left is not null)
        {
            AddUnlessGiven(left, path, folder, name, entry);
        }
        else if (kind == LeftKind.File && PersistenceRules.IsGitConfig(path))
        {
            ReadConfig(path, folder, name, entry);
        }
        else if (kind == LeftKind.File && PersistenceRules.IsGitAttributes(path) && (Text(folder, name) is not { } text || GitConfigText.NamesFilter(text)))
        {
            AddUnlessGiven(
                new Leftover("git-attributes", path.ToString(), "gives files to a filter that a configuration may name", PersistenceRules.IsPassedOn(path)), path, folder, name, entry);
        }
    }

    private void ReadConfig(RelativePath path, SafeFileHandle folder, ReadOnlySpan<byte> name, FileSystemCalls.Entry entry)
    {
        var breach = PersistenceRules.IsPassedOn(path);
        if (Text(folder, name) is not { } text)
        {
            AddUnlessGiven(new Leftover("git-config", path.ToString(), "too long or too closed to be read", breach), path, folder, name, entry);
        }
        else if (GitConfigText.Acting(text) is { IsEmpty: false } keys)
        {
            AddUnlessGiven(new Leftover("git-config", path.ToString(), $"git starts or obeys what it names: {string.Join(", ", keys)}", breach), path, folder, name, entry);
        }
    }

    // git takes a folder with these three for a repository when it stands in it; its own .git is no news.
    private void MeetBare(RelativePath path, ReadOnlySpan<byte> name, uint type)
    {
        var part = name.SequenceEqual("HEAD"u8) && type == FileSystemCalls.TypeFile ? 1
            : name.SequenceEqual("objects"u8) && type == FileSystemCalls.TypeFolder ? 2
            : name.SequenceEqual("refs"u8) && type == FileSystemCalls.TypeFolder ? 4 : 0;
        if (part > 0 && path.Length > name.Length && !path.HasComponent(".git") && RelativePath.TryFromBytes(path.Bytes[..^(name.Length + 1)], out var around) && _bare.Count < MostFound)
        {
            var key = around.ToString();
            _bare[key] = (_bare.GetValueOrDefault(key).Parts | part, around);
        }
    }

    private void AddUnlessGiven(Leftover left, RelativePath path, SafeFileHandle folder, ReadOnlySpan<byte> name, FileSystemCalls.Entry entry)
    {
        var inner = path.Bytes.StartsWith("workspace/"u8) && RelativePath.TryFromBytes(path.Bytes["workspace/"u8.Length..], out var within) ? within : default;
        if (inner.Length > 0 && left.Kind is not ("setuid" or "capabilities") && entry.Type == FileSystemCalls.TypeFile)
        {
            if (_pristine.TryGetValue(inner, out var given) && given.Kind is EntryKind.File or EntryKind.Executable
                && Text(folder, name) is { } text && Digest.Of(text) == given.Content)
            {
                return;
            }

            left = left with { IsBreach = left.IsBreach && !_allowed.Contains(inner) };
        }

        Add(left);
    }

    private void Add(Leftover left)
    {
        _total++;
        var list = left.IsBreach ? _found : _noted;
        if (list.Count < MostFound)
        {
            list.Add(left);
        }
    }

    // Null where it cannot be read within the bound: then it counts as acting.
    private static byte[]? Text(SafeFileHandle folder, ReadOnlySpan<byte> name)
    {
        try
        {
            using var file = FileSystemCalls.OpenFile(folder, name);
            if (FileSystemCalls.Look(file) is not { Type: FileSystemCalls.TypeFile, Size: >= 0 and <= MostText and var size })
            {
                return null;
            }

            var text = new byte[size];
            var read = 0;
            for (int more; read < text.Length && (more = RandomAccess.Read(file, text.AsSpan(read), read)) > 0; read += more)
            {
            }

            return text[..read];
        }
        catch (Exception closed) when (closed is MachineException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
