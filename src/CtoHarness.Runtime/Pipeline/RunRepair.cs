using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Hosts;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>What a dead run can leave behind.</summary>
public enum LeftoverKind
{
    /// <summary>A bundle that was not closed.</summary>
    Run,

    /// <summary>The scratch folder of a run, of a check of fixtures, of a shell or of a look at the machine.</summary>
    Scratch,

    /// <summary>A repository of a pristine workspace that was not finished.</summary>
    Repository,

    /// <summary>A copy of sandbox-init that was not finished.</summary>
    Program,

    /// <summary>The folder of a dry run.</summary>
    Plan,
}

/// <summary>What was done with a leftover.</summary>
public enum RepairAction
{
    /// <summary>It was judged as interrupted and has its final name.</summary>
    Closed,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It is no leftover: somebody works on it, or wants to keep it.</summary>
    Left,

    /// <summary>It could not be repaired.</summary>
    Failed,
}

/// <summary>One leftover.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name; for a run, the run's.</param>
/// <param name="Path">Where it is, or was where it is gone.</param>
/// <param name="Action">What was done.</param>
/// <param name="Processes">How many processes that belonged to it were ended.</param>
/// <param name="Reason">Why.</param>
public sealed record RepairedItem(LeftoverKind Kind, string Name, string Path, RepairAction Action, int Processes, string Reason);

/// <summary>Closes or removes what runs left behind whose harness ended before its time, while other runs go on.</summary>
public static class RunRepair
{
    private const string GoesOn = "it is worked on";
    private const string CannotTell = "its file system does not tell whether it is still worked on; when you know that it is not, remove it by hand";

    /// <summary>Repairs everything that is found.</summary>
    /// <param name="folders">Where bundles, scratch folders and caches are.</param>
    /// <param name="key">The harness's key: a run that is closed is sealed.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="interrupt">Ends it early, between two items or within one, which is then left for the next time.</param>
    /// <returns>Each thing that was found, with what was done.</returns>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be listed.</exception>
    public static ImmutableArray<RepairedItem> Repair(StateFolders folders, SigningKey key, TimeProvider clock, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(clock);
        var items = new List<RepairedItem>();

        // Scratch first: when a bundle is closed, nothing of its run is at work any more.
        Each(folders.Work, IsScratch, (path, name) => Clear(LeftoverKind.Scratch, path, name));
        foreach (var around in HostPlace.Surroundings(folders))
        {
            Each(around, HostPlace.IsPlace, (path, name) => Clear(LeftoverKind.Scratch, path, name));
        }

        Each(folders.Repositories, BaseRepository.IsHalfMade, (path, name) => Clear(LeftoverKind.Repository, path, name));
        Each(folders.Init, InitProgram.IsHalfMade, (path, name) => Clear(LeftoverKind.Program, path, name));
        Each(Path.GetTempPath(), name => name.StartsWith(PlanFolder.Beginning, StringComparison.Ordinal), (path, name) => ClearPlan(path, name, clock.GetUtcNow()));
        Each(folders.Runs, name => BundleFolder.TryParse(name, out _), (path, name) => CloseOrRemove(folders.Runs, path, name, key, clock, interrupt));
        return [.. items];

        void Each(string folder, Func<string, bool> isLeftover, Func<string, string, RepairedItem?> repair)
        {
            foreach (var name in Names(folder).Where(isLeftover))
            {
                interrupt.ThrowIfCancellationRequested();
                if (repair(Path.Combine(folder, name), name) is { } item)
                {
                    items.Add(item);
                }
            }
        }
    }

    private static List<string> Names(string folder) => Directory.Exists(folder)
        ? [.. new DirectoryInfo(folder).EnumerateDirectories().Where(inner => inner.LinkTarget is null).Select(inner => inner.Name).Order(StringComparer.Ordinal)]
        : [];

    private static bool IsScratch(string name) =>
        RunId.TryParse(name, out _) || (name.StartsWith("check-", StringComparison.Ordinal) && name.Length > 6 && char.IsAsciiDigit(name[6]));

    private static RepairedItem? Clear(LeftoverKind kind, string path, string name) => Guarded(kind, name, path, () =>
    {
        var (claim, state) = FolderClaim.TryTake(path);
        using (claim)
        {
            return claim is null ? NotFree(kind, name, path, state) : Remove(kind, name, path, Path.Exists(Path.Combine(path, RunFolders.KeptName)));
        }
    });

    private static RepairedItem? ClearPlan(string path, string name, DateTimeOffset now) => Guarded(LeftoverKind.Plan, name, path, () =>
    {
        using var claim = PlanFolder.TryTake(path, now);
        return claim is null ? null : Remove(LeftoverKind.Plan, name, path, keep: false);
    });

    private static RepairedItem? CloseOrRemove(string runs, string path, string name, SigningKey key, TimeProvider clock, CancellationToken interrupt)
    {
        _ = BundleFolder.TryParse(name, out var run);
        return Guarded(LeftoverKind.Run, run.ToString(), path, () =>
        {
            var (claim, state) = FolderClaim.TryTake(path);
            if (claim is null)
            {
                return NotFree(LeftoverKind.Run, run.ToString(), path, state);
            }

            using var bundle = BundleFolder.GoOn(runs, run, claim);
            if (InterruptedRun.Read(bundle) is not { } interrupted)
            {
                return Remove(LeftoverKind.Run, run.ToString(), path, keep: false);
            }

            var verdict = interrupted.Close(clock, key, interrupt);
            return new RepairedItem(LeftoverKind.Run, run.ToString(), bundle.Final, RepairAction.Closed, 0, $"{Words.Of(verdict.Status)}: {verdict.Summary}");
        });
    }

    private static RepairedItem Remove(LeftoverKind kind, string name, string path, bool keep)
    {
        var (ended, left) = LeftProcesses.End(path);
        if (!left.IsEmpty)
        {
            var ids = string.Join(", ", left.Select(id => id.ToString(CultureInfo.InvariantCulture)));
            return new RepairedItem(kind, name, path, RepairAction.Failed, ended, $"these processes belong to it and cannot be ended: {ids}; end them as the user whose they are");
        }

        if (keep)
        {
            return new RepairedItem(kind, name, path, RepairAction.Left, ended, "its run was asked to keep it; remove it by hand when you have seen it");
        }

        return Scratch.Remove(path).Length > 0
            ? new RepairedItem(kind, name, path, RepairAction.Failed, ended, "it could not be removed whole; remove it by hand, as the user whose it is")
            : new RepairedItem(kind, name, path, RepairAction.Removed, ended, kind == LeftoverKind.Run ? "nothing that tells of the run was in it" : "nobody works on it any more");
    }

    private static RepairedItem? NotFree(LeftoverKind kind, string name, string path, ClaimState state) => state switch
    {
        ClaimState.Gone => null,
        ClaimState.Held => new RepairedItem(kind, name, path, RepairAction.Left, 0, GoesOn),
        _ => new RepairedItem(kind, name, path, RepairAction.Failed, 0, CannotTell),
    };

    // One thing that cannot be repaired holds up no other.
    private static RepairedItem? Guarded(LeftoverKind kind, string name, string path, Func<RepairedItem?> repair)
    {
        try
        {
            return repair();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MachineException)
        {
            return new RepairedItem(kind, name, path, RepairAction.Failed, 0, $"{fault.Message}; mend that and repair again");
        }
    }
}
