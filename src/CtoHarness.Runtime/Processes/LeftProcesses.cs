using System.Collections.Immutable;
using System.Diagnostics;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Processes;

/// <summary>Processes that a dead run has left behind, known by its own scratch folder.</summary>
/// <remarks>They are rare: bubblewrap ends with the harness. But where the harness is killed between starting it and its asking for that, it goes on.</remarks>
internal static class LeftProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // What the harness itself starts outside a sandbox. Anything else there that has a terminal is a person's, who may be looking at the folder.
    private static readonly ImmutableArray<string> Started = ["setpriv", "prlimit", "bwrap", "env", "git", "rm", "chmod"];

    /// <summary>Ends them, and waits until they are gone.</summary>
    /// <param name="folder">The scratch folder of a run that nobody works on, with every link resolved.</param>
    /// <returns>How many were ended, and those that would not go.</returns>
    internal static (int Ended, ImmutableArray<int> Left) End(string folder)
    {
        var ended = new HashSet<int>();
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var found = Find(folder);
            ended.UnionWith(found);
            if (found.IsEmpty || Stopwatch.GetElapsedTime(began) > Patience)
            {
                return (ended.Count - found.Length, found);
            }

            foreach (var process in found)
            {
                ProcessCalls.Signal(process, ProcessCalls.Kill);
            }

            Thread.Sleep(20);
        }
    }

    private static ImmutableArray<int> Find(string folder)
    {
        var own = new ProcessEntry(Environment.ProcessId);
        var spared = WithParents(own);

        // Without it, ours could not be told from those of a sandbox.
        var here = own.Namespace is { Length: > 0 } known ? known : throw new IOException($"/proc/{own.Id}/ns/pid cannot be read, so no process can be told from another");
        var alive = ProcessEntry.All().Where(process => !spared.Contains(process.Id) && process.IsAlive).ToList();
        var found = alive.Where(process => BelongsTo(process, folder, here)).ToList();
        var namespaces = found.Select(process => process.Namespace).Where(name => name.Length > 0 && name != here).ToHashSet(StringComparer.Ordinal);
        return [.. found.Concat(alive.Where(process => namespaces.Contains(process.Namespace))).Select(process => process.Id).Distinct()];
    }

    private static bool BelongsTo(ProcessEntry process, string folder, string here)
    {
        var inside = process.Namespace is { Length: > 0 } own && own != here;
        return inside
            ? PathPlaces.IsAt(process.WorkingFolder, folder) || process.Arguments.Any(word => Names(word, folder)) || process.Mounts.Any(place => PathPlaces.IsAt(place, folder))
            : (PathPlaces.IsAt(process.WorkingFolder, folder) || process.Arguments.Any(word => Names(word, folder)))
                && (!process.HasTerminal || Started.Contains(process.Program));
    }

    // An argument is a path, or has one behind an equals sign.
    private static bool Names(string argument, string folder) =>
        PathPlaces.IsAt(argument, folder) || (argument.IndexOf("=/", StringComparison.Ordinal) is >= 0 and var at && PathPlaces.IsAt(argument[(at + 1)..], folder));

    private static HashSet<int> WithParents(ProcessEntry process)
    {
        var all = new HashSet<int>();
        for (var at = process; at.Id > 0 && all.Add(at.Id); at = new ProcessEntry(at.Parent))
        {
        }

        return all;
    }
}
