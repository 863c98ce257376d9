using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>A control group of the kernel's around one sandbox: it bounds the processes and the memory of all its programs together.</summary>
/// <remarks>Only where the harness runs as root and the machine lets one be made, by either version of control groups; elsewhere limits hold for each process.</remarks>
internal sealed class ControlGroup : IDisposable
{
    private const string Beginning = "cto-harness-";
    private const uint OwnFolder = 0x1ED; // 755
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Much longer than from making a group to entering it.
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(5);
    private static readonly Lazy<ImmutableArray<ControlGroupPlace>> Places = new(FindUsable);
    private readonly ImmutableArray<(ControlGroupPlace Place, string Folder)> _groups;

    private ControlGroup(ImmutableArray<(ControlGroupPlace, string)> groups) => _groups = groups;

    /// <summary>What groups bound on this machine, for people; empty where none can be made.</summary>
    internal static string Bounded => Places.Value.IsEmpty ? "" : $"pids, memory (version {(Places.Value.Length == 1 ? 2 : 1)})";

    /// <summary>Makes a group.</summary>
    /// <param name="limits">How many processes, and how much memory all of them together.</param>
    /// <returns>The group; null where none can be made on this machine.</returns>
    /// <exception cref="IOException">Groups can be made here, but this one could not.</exception>
    internal static ControlGroup? Make(Limits limits) => Places.Value.IsEmpty ? null : Make(Places.Value, limits);

    /// <summary>Writes the command line that enters the group and becomes the program.</summary>
    internal ImmutableArray<string> Enter(ImmutableArray<string> command) =>
    [
        "/bin/sh", "-c", "while [ \"$1\" != -- ]; do echo $$ > \"$1\" || exit 125; shift; done; shift; exec \"$@\"", "sh",
        .. _groups.Select(one => Path.Combine(one.Folder, "cgroup.procs")), "--", .. command,
    ];

    /// <summary>How often the kernel ended a program of the group because all of them together took too much memory.</summary>
    internal long Ended => _groups.Sum(one => one.Place.EndedIn(one.Folder));

    /// <summary>Why a program was over its limit although nobody here saw one passed.</summary>
    internal static string WhyEnded(Limits limits) =>
        string.Create(CultureInfo.InvariantCulture, $"its programs together took more than {limits.AddressSpaceBytes} bytes of memory, and the kernel ended one of them");

    /// <summary>Removes the group. What is still in it is ended.</summary>
    public void Dispose()
    {
        foreach (var (_, folder) in _groups)
        {
            var began = Stopwatch.GetTimestamp();
            while (!TryRemove(folder) && Stopwatch.GetElapsedTime(began) < Patience)
            {
                foreach (var process in Processes(folder))
                {
                    ProcessCalls.Signal(process, ProcessCalls.Kill);
                }

                Thread.Sleep(1);
            }
        }
    }

    private static ControlGroup Make(ImmutableArray<ControlGroupPlace> places, Limits limits)
    {
        // A process of another process namespace may have the same number, and see the same groups.
        var name = Beginning + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var made = new List<(ControlGroupPlace, string)>();
        try
        {
            foreach (var place in places)
            {
                var folder = Path.Combine(place.Folder, name);
                if (!FileSystemCalls.TryMakeFolder(folder, OwnFolder))
                {
                    throw new IOException($"{folder} exists already");
                }

                made.Add((place, folder));
                place.Limit(folder, limits);
            }

            return new ControlGroup([.. made]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or MachineException)
        {
            new ControlGroup([.. made]).Dispose();
            throw new IOException($"the control group {name} could not be made: {refused.Message}", refused);
        }
    }

    // By doing: what cannot be made and limited once is not there.
    private static ImmutableArray<ControlGroupPlace> FindUsable()
    {
        if (!ProcessCalls.IsRoot)
        {
            return [];
        }

        foreach (var places in ControlGroupPlace.Find(File.ReadLines("/proc/self/mountinfo"), File.ReadLines("/proc/self/cgroup")))
        {
            try
            {
                places.ToList().ForEach(RemoveLeft);
                Make(places, RunPolicy.BuiltIn.Limits).Dispose();
                return places;
            }
            catch (IOException)
            {
                // the next kind, or none
            }
        }

        return [];
    }

    // Empty groups of harnesses that were killed. The kernel refuses to remove one that holds a process, and one that was made just now may be entered yet.
    private static void RemoveLeft(ControlGroupPlace place)
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime - Young;
        foreach (var folder in Directory.Exists(place.Folder) ? Directory.GetDirectories(place.Folder, Beginning + "*") : [])
        {
            if (Directory.GetLastWriteTimeUtc(folder) < before)
            {
                TryRemove(folder);
            }
        }
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<int> Processes(string folder)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(folder, "cgroup.procs")).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(id => id > 0)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or FormatException)
        {
            return [];
        }
    }
}
