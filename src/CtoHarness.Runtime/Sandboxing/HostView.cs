using System.Collections.Immutable;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What a sandbox must not see of this machine, and the tools that hide it.</summary>
/// <param name="Folders">Folders to mask, with every link resolved.</param>
/// <param name="Files">Files to mask.</param>
/// <param name="Places">What each place belongs to, masked or not: so that a call aimed at it is known for what it is.</param>
/// <param name="Passing">Folders and files to mask as far as they are there at the start.</param>
/// <param name="Init">Where sandbox-init is.</param>
internal sealed record HostView(
    ImmutableArray<string> Folders, ImmutableArray<string> Files, ImmutableArray<(string Path, AttemptClass Class)> Places, ImmutableArray<string> Passing, InitPlace Init)
{
    private static readonly ImmutableArray<string> Homes = ["/root", "/home"];
    private static readonly ImmutableArray<string> Always = ["/run", "/mnt", "/media"];

    // A lane's own folder stands in their place.
    private static readonly ImmutableArray<string> Replaced = ["/tmp", "/var/tmp"];

    // A sandbox without these runs nothing at all.
    private static readonly ImmutableArray<string> Needed = ["/usr", "/etc", "/proc", "/dev", "/tmp", "/var/tmp", "/bin", "/lib", "/lib64", "/sbin"];

    /// <summary>Gathers what must be hidden.</summary>
    /// <param name="own">Paths of the harness itself: checkout, harness root, runs, state, configuration.</param>
    /// <param name="targets">Paths that a person declared as targets.</param>
    /// <param name="protect">Protected roots, which are not hidden for that alone.</param>
    /// <param name="sockets">Where sockets of the machine are.</param>
    /// <param name="init">Where sandbox-init is.</param>
    internal static HostView Of(IEnumerable<string> own, IEnumerable<string> targets, IEnumerable<string> protect, IEnumerable<string> sockets, InitPlace init)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var hidden = targets.Select(path => (Path: path, Class: AttemptClass.Target))
            .Concat(Homes.Concat(home == "/" ? [] : [home]).Select(path => (path, AttemptClass.Home)))
            .Concat(Always.Concat(own).Select(path => (path, AttemptClass.Hidden)));
        var folders = new List<string>();
        var files = new List<string>();
        var places = new Dictionary<string, AttemptClass>(StringComparer.Ordinal);
        foreach (var (path, what) in hidden)
        {
            if (path.Length > 0 && FileSystemCalls.RealPath(path) is { } real)
            {
                var place = ClosedAround(real) ?? real;
                (Directory.Exists(place) ? folders : files).Add(place);
                places.TryAdd(real, what);
                places.TryAdd(path, what);
            }
        }

        var roots = protect.Where(path => path.Length > 0).Select(path => (FileSystemCalls.RealPath(path) ?? path, AttemptClass.Protected));
        var passing = sockets.Where(path => !places.ContainsKey(path)).ToList();
        return new HostView(
            [.. folders.Distinct()], [.. files.Distinct()],
            [.. places.Select(one => (one.Key, one.Value)), .. roots, .. passing.Select(path => (path, AttemptClass.Hidden))],
            [.. passing.Select(path => ClosedAround(path) ?? path).Distinct()], init);
    }

    /// <summary>Whether a sandbox hides a path, or has something else in its place.</summary>
    /// <param name="path">A path with every link resolved.</param>
    internal bool Hides(string path) =>
        Folders.Concat(Files).Concat(Passing).Concat(Replaced).Any(place => PathPlaces.IsAt(path, place));

    /// <summary>The place for whose sake a path must stay hidden; empty where it may be put back: in a home, or where machines keep what comes and goes.</summary>
    /// <param name="path">A path with every link resolved.</param>
    internal string Keeps(string path)
    {
        var around = Places.Where(one => one.Class != AttemptClass.Protected && PathPlaces.IsAt(path, one.Path)).OrderBy(one => one.Path.Length).LastOrDefault();
        return around.Path is null || around.Class == AttemptClass.Home || Always.Contains(around.Path) ? "" : around.Path;
    }

    /// <summary>A policy that masks what is there at this moment.</summary>
    internal static SandboxPolicy Now(SandboxPolicy policy) => policy with
    {
        MaskedFolders = [.. policy.MaskedFolders, .. policy.Passing.Where(Directory.Exists)],
        MaskedFiles = [.. policy.MaskedFiles, .. policy.Passing.Where(File.Exists)],
        Passing = [],
    };

    // As root: nothing can be mounted below a folder that the sandbox's user cannot pass through, so that folder is hidden itself.
    private static string? ClosedAround(string path)
    {
        string? closed = null;
        for (var at = Path.GetDirectoryName(path); ProcessCalls.IsRoot && at is not null; at = Path.GetDirectoryName(at))
        {
            closed = (File.GetUnixFileMode(at) & UnixFileMode.OtherExecute) == 0 ? at : closed;
        }

        return closed;
    }

    /// <summary>Says whether a path can be hidden without hiding what every program needs.</summary>
    /// <param name="path">A path with every link resolved.</param>
    internal static bool CanHide(string path) =>
        path != "/" && !Needed.Any(needed => needed == path || needed.StartsWith(path + "/", StringComparison.Ordinal)
            || (FileSystemCalls.RealPath(needed) is { } real && (real == path || real.StartsWith(path + "/", StringComparison.Ordinal))));

    /// <summary>Finds the programs that build a sandbox.</summary>
    /// <returns>The tools, or the names of those that are missing.</returns>
    internal static (SandboxTools? Tools, ImmutableArray<string> Missing) Tools()
    {
        string?[] found = [Programs.Find("bwrap"), Programs.Find("setpriv"), Programs.Find("prlimit"), Programs.Find("env")];
        string[] packages = ["bubblewrap", "util-linux", "util-linux", "coreutils"];
        var missing = packages.Where((_, index) => found[index] is null).Distinct().ToImmutableArray();
        return missing.IsEmpty ? (new SandboxTools(found[0]!, found[1]!, found[2]!, found[3]!), []) : (null, missing);
    }
}
