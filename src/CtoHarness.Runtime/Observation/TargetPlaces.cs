using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Observation;

/// <summary>Says where paths of this machine really lead, and whether a declared target stands there: by its path, or because it is the same file or folder.</summary>
internal sealed class TargetPlaces
{
    private const int MostLinks = 40;
    private const int LongestPath = 4096;
    private const int MostKept = 200_000;

    private readonly ImmutableArray<(string Path, Inode Inode)> _targets;
    private readonly Dictionary<string, string?> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    /// <summary>Looks at the targets themselves, and at nothing in them.</summary>
    /// <param name="targets">Absolute paths with every link resolved.</param>
    internal TargetPlaces(ImmutableArray<string> targets) =>
        _targets = [.. targets.Select(target => (target, InodeCalls.Of(target))).Where(pair => pair.Item2 is not null).Select(pair => (pair.target, pair.Item2!.Value))];

    /// <summary>Whether there are any.</summary>
    internal bool Any => !_targets.IsEmpty;

    /// <summary>Where a path leads.</summary>
    /// <param name="path">An absolute path; nothing needs to stand there.</param>
    internal PathLead Resolve(string path)
    {
        var real = Walk(path.Length > LongestPath ? path[..LongestPath] : path);
        for (var at = real; at.Length > 1; at = at[..Math.Max(1, at.LastIndexOf('/'))])
        {
            if (Standing(at) is { Length: > 0 } target)
            {
                return new PathLead(real, target);
            }
        }

        return new PathLead(real, "");
    }

    /// <summary>The target that is the same file or folder as what is open; empty where none is.</summary>
    internal string Same(SafeFileHandle file) => _targets.IsEmpty ? "" : Same(InodeCalls.Of(file));

    private string Same(Inode inode) => _targets.FirstOrDefault(target => target.Inode.IsSame(inode)).Path ?? "";

    // Links name by name, as the kernel takes them; from the first name on that does not exist, by the text alone.
    private string Walk(string path)
    {
        var done = "";
        var left = new Stack<string>(path.Split('/').Reverse());
        for (var links = 0; left.TryPop(out var name);)
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name == "..")
            {
                done = done.Length == 0 ? "" : done[..done.LastIndexOf('/')];
                continue;
            }

            var next = done + "/" + name;
            if (IsOfProcess(next) || links >= MostLinks || LinkAt(next) is not { } target)
            {
                done = next;
                continue;
            }

            links++;
            done = target.StartsWith('/') ? "" : done;
            foreach (var one in target.Split('/').Reverse())
            {
                left.Push(one);
            }
        }

        return done.Length == 0 ? "/" : done;
    }

    // What the harness itself has open is nothing that a text names.
    private static bool IsOfProcess(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal) && path.Contains("/fd/", StringComparison.Ordinal);

    private string? LinkAt(string path)
    {
        if (!_links.TryGetValue(path, out var target))
        {
            Bound(_links);
            target = path.Contains('\0', StringComparison.Ordinal) || ForeignCalls.Link(path) is not { } bytes ? null : Encoding.UTF8.GetString(bytes);
            _links[path] = target;
        }

        return target;
    }

    private string Standing(string path)
    {
        if (!_places.TryGetValue(path, out var target))
        {
            Bound(_places);
            target = _targets.IsEmpty || path.Contains('\0', StringComparison.Ordinal) || InodeCalls.Of(path) is not { } inode ? "" : Same(inode);
            _places[path] = target;
        }

        return target;
    }

    private static void Bound<T>(Dictionary<string, T> kept)
    {
        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }
    }
}
